package stats

// shares puts counts in the order of keys, zeros included.
func shares[K ~string](keys []K, counts map[K]int64) []Share {
	total := sum(counts)
	list := make([]Share, len(keys))
	for i, key := range keys {
		list[i] = Share{Key: string(key), Count: counts[key]}
		if total > 0 {
			list[i].Part = float64(list[i].Count) / float64(total)
		}
	}
	return list
}

func sum[K comparable](counts map[K]int64) (total int64) {
	for _, n := range counts {
		total += n
	}
	return total
}
