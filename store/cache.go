package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	gocache "github.com/patrickmn/go-cache"
	"golang.org/x/sync/singleflight"
)

const (
	// cacheLimit bounds each cache that has no limit of its own; a fuller one loses an entry picked by chance.
	cacheLimit = 10_000
	// fillLimit ends a load that nobody can still be waiting for: a page has its answer or its error within 5 s.
	fillLimit = 5 * time.Second
)

// CacheKey is what names an entry: any comparable type that packs itself into 16 bytes without losing anything. An
// array, because it stays on the stack, so that a hit allocates nothing.
type CacheKey interface {
	comparable
	CacheKey() [16]byte
}

// CacheOptions say what a cache holds, for how long, and which writes end it sooner.
type CacheOptions[K CacheKey, V any] struct {
	Name string
	Life time.Duration
	// Limit is how many entries there are at most; 0: cacheLimit.
	Limit int
	// Load computes one entry. Its context carries the values of the first caller but not that caller's end. Nil for a
	// cache that is only asked by Many.
	Load func(ctx context.Context, key K) (V, error)
	// Dropped drops from c what shows something that a commit changed. It runs after the commit and before anybody
	// hears of it.
	Dropped func(c *Cache[K, V], commit Commit)
}

// Cache keeps values of one type for a limited time. However many ask for what it does not have, one load runs. A value
// is never served after a write to what it shows, never after its life, and a failure is never kept. All methods are
// safe for concurrent use.
type Cache[K CacheKey, V any] struct {
	options      CacheOptions[K, V]
	items        *gocache.Cache
	flights      singleflight.Group
	hits, misses atomic.Int64

	mu      sync.Mutex
	keys    map[K]struct{} // of items: what to evict from
	clock   uint64         // counts drops
	loading int            // loads under way
	dropped map[K]uint64   // the clock at which each key was last dropped, while any load is under way
	cleared atomic.Uint64  // the clock at which everything was last dropped
}

// NewCache makes a cache and registers it with s, whose commits drop its entries from then on.
func NewCache[K CacheKey, V any](s *Store, options CacheOptions[K, V]) *Cache[K, V] {
	c := &Cache[K, V]{
		options: options,
		// No janitor: its goroutine ends only with a finaliser. Expired entries are never served, and the limit bounds
		// them.
		items:   gocache.New(options.Life, 0),
		keys:    map[K]struct{}{},
		dropped: map[K]uint64{},
	}
	s.caches.add(c)
	return c
}

// Get gives the value of key, loading it when there is none. The caller may leave early by its context; the load goes
// on for others.
func (c *Cache[K, V]) Get(ctx context.Context, key K) (V, error) {
	if value, ok := c.peek(key); ok {
		c.hits.Add(1)
		return value, nil
	}
	c.misses.Add(1)
	return c.fill(ctx, key)
}

func (c *Cache[K, V]) peek(key K) (value V, ok bool) {
	packed := key.CacheKey()
	if item, found := c.items.Get(string(packed[:])); found {
		return item.(V), true
	}
	return value, false
}

func (c *Cache[K, V]) fill(ctx context.Context, key K) (none V, _ error) {
	answer := c.flights.DoChan(c.flight(key), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fillLimit)
		defer cancel()
		return c.load(ctx, key)
	})
	select {
	case <-ctx.Done():
		return none, context.Cause(ctx)
	case result := <-answer:
		if result.Err != nil {
			return none, result.Err
		}
		return result.Val.(V), nil
	}
}

// load runs the loader and keeps what it gives, unless key was dropped meanwhile. singleflight would turn a panic into
// the end of the process, so it becomes an error here.
func (c *Cache[K, V]) load(ctx context.Context, key K) (value V, err error) {
	ticket := c.begin()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("store: panic while filling cache %s: %v\n%s", c.options.Name, p, debug.Stack())
		}
		if err == nil {
			c.keep(ticket, key, value)
		}
		c.end()
	}()
	return c.options.Load(ctx, key)
}

// Drop forgets key. A load that began before is not kept, and nobody who asks from now on is given its result.
func (c *Cache[K, V]) Drop(key K) {
	packed := key.CacheKey()
	c.mu.Lock()
	c.clock++
	switch {
	case c.loading == 0:
	case len(c.dropped) >= cacheLimit: // loads overlap without end: give up telling keys apart
		clear(c.dropped)
		c.cleared.Store(c.clock)
	default:
		c.dropped[key] = c.clock
	}
	delete(c.keys, key)
	c.items.Delete(string(packed[:]))
	c.mu.Unlock()
	c.flights.Forget(c.flight(key))
}

// DropIf forgets key if its value is still the one that was found wanting. V must be comparable, a pointer for example.
func (c *Cache[K, V]) DropIf(key K, was V) {
	if now, ok := c.peek(key); ok && any(now) == any(was) {
		c.Drop(key)
	}
}

// Clear forgets everything.
func (c *Cache[K, V]) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock++
	c.cleared.Store(c.clock)
	clear(c.dropped)
	clear(c.keys)
	c.items.Flush()
}

// flight names a load under way. Clear changes the names of all, so that nobody joins a load that began before it.
func (c *Cache[K, V]) flight(key K) string {
	packed := key.CacheKey()
	return string(binary.BigEndian.AppendUint64(packed[:], c.cleared.Load()))
}

func (c *Cache[K, V]) begin() (ticket uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loading++
	return c.clock
}

func (c *Cache[K, V]) keep(ticket uint64, key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dropped[key] > ticket || c.cleared.Load() > ticket {
		return
	}
	if _, known := c.keys[key]; !known && len(c.keys) >= cmp.Or(c.options.Limit, cacheLimit) {
		for victim := range c.keys {
			packed := victim.CacheKey()
			delete(c.keys, victim)
			c.items.Delete(string(packed[:]))
			break
		}
	}
	packed := key.CacheKey()
	c.keys[key] = struct{}{}
	c.items.SetDefault(string(packed[:]), value)
}

func (c *Cache[K, V]) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loading--; c.loading == 0 {
		clear(c.dropped)
	}
}
