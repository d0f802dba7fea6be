package store

import "sync"

// CacheStat counts what one cache did since the start.
type CacheStat struct {
	Name         string
	Entries      int
	Hits, Misses int64
}

// CacheStats counts for each cache, in the order in which they were made.
func (s *Store) CacheStats() []CacheStat {
	var list []CacheStat
	for _, c := range s.caches.list() {
		list = append(list, c.stat())
	}
	return list
}

// DropCaches empties every cache, as if the process had just started.
func (s *Store) DropCaches() {
	for _, c := range s.caches.list() {
		c.Clear()
	}
}

// caches are all the caches over one store.
type caches struct {
	mu  sync.RWMutex
	all []anyCache
}

type anyCache interface {
	heard(commit Commit)
	stat() CacheStat
	Clear()
	begin() (ticket uint64)
	end()
}

func (c *caches) add(one anyCache) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, one)
}

func (c *caches) list() []anyCache {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.all
}

// heard drops what shows what a commit changed. The writer calls it after the commit, before anybody else hears of it.
func (c *caches) heard(commit Commit) {
	for _, one := range c.list() {
		one.heard(commit)
	}
}

func (c *Cache[K, V]) heard(commit Commit) { c.options.Dropped(c, commit) }

func (c *Cache[K, V]) stat() CacheStat {
	return CacheStat{Name: c.options.Name, Entries: c.entries(), Hits: c.hits.Load(), Misses: c.misses.Load()}
}

func (c *Cache[K, V]) entries() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.keys)
}
