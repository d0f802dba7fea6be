package moderation

import "time"

// Quantile is the duration that a part of all, 0.5 for the median, did not exceed; 0 where there are none. Inside one of
// the ten buckets durations count as evenly spread, so it is exact at the buckets' bounds, 100 ms and 1 s among them,
// and between two of them at most the bucket's width off. What took longer than the last bound, 2.5 s, counts as that.
func (l Latency) Quantile(part float64) time.Duration {
	if l.Count <= 0 {
		return 0
	}
	left := min(max(part, 0), 1) * float64(l.Count)
	lower := time.Duration(0)
	for i, bound := range latencyBounds {
		n := float64(l.Buckets[i])
		if n > 0 && left <= n {
			return lower + time.Duration(float64(bound-lower)*left/n)
		}
		left -= n
		lower = bound
	}
	return lower
}

// Plus adds other durations to these.
func (l Latency) Plus(other Latency) Latency {
	l.Count += other.Count
	l.Sum += other.Sum
	for i := range l.Buckets {
		l.Buckets[i] += other.Buckets[i]
	}
	return l
}
