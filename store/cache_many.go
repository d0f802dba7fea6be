package store

import "context"

// Many gives the values of keys, those that exist. What is not cached is loaded in one call of load, which answers what
// it found; a key it does not answer stays uncached.
func (c *Cache[K, V]) Many(ctx context.Context, keys []K,
	load func(ctx context.Context, missing []K) (map[K]V, error)) (map[K]V, error) {
	found := make(map[K]V, len(keys))
	var missing []K
	asked := map[K]bool{}
	for _, key := range keys {
		if _, twice := found[key]; twice || asked[key] {
			continue
		}
		if value, ok := c.peek(key); ok {
			found[key] = value
			continue
		}
		asked[key] = true
		missing = append(missing, key)
	}
	c.hits.Add(int64(len(found)))
	if len(missing) == 0 {
		return found, nil
	}
	c.misses.Add(int64(len(missing)))
	ticket := c.begin()
	defer c.end()
	loaded, err := load(ctx, missing)
	if err != nil {
		return nil, err
	}
	for key, value := range loaded {
		c.keep(ticket, key, value)
		found[key] = value
	}
	return found, nil
}
