package store

import (
	"context"
	"fmt"
)

// Fill is one snapshot from which several caches are filled, so that what they are given belongs together.
type Fill struct {
	*Snapshot
	LastSeq int64  // the newest change in the snapshot
	Commits uint64 // at most so many commits are in it, counted as Told counts them
	tickets map[anyCache]uint64
	keep    []func()
}

// Fill has fn read from one snapshot and put what it found into caches. They keep it once fn has returned without an
// error and nothing could not be read, but for what a commit dropped meanwhile.
func (s *Store) Fill(ctx context.Context, fn func(*Fill) error) error {
	f := &Fill{tickets: map[anyCache]uint64{}}
	for _, c := range s.caches.list() {
		f.tickets[c] = c.begin()
		defer c.end()
	}
	var refused error
	err := s.Read(ctx, func(snapshot *Snapshot) {
		f.Snapshot = snapshot
		f.LastSeq = snapshot.Seq() // the first query opens the snapshot: whatever is in it was begun by now
		f.Commits = s.writer.begun.Load()
		refused = fn(f)
	})
	if err != nil {
		return err
	}
	if refused != nil {
		return refused
	}
	for _, keep := range f.keep {
		keep()
	}
	return nil
}

// Put has c keep value once the fill is over, and counts that it was missing.
func Put[K CacheKey, V any](f *Fill, c *Cache[K, V], key K, value V) {
	ticket, known := f.tickets[c]
	if !known {
		panic(fmt.Sprintf("store: cache %s was made during a fill", c.options.Name))
	}
	c.misses.Add(1)
	f.keep = append(f.keep, func() { c.keep(ticket, key, value) })
}

// Look gives the value of key if there is one that is right, and counts it. What is missing is counted by who puts it.
func (c *Cache[K, V]) Look(key K, right func(V) bool) (value V, ok bool) {
	if value, ok = c.peek(key); !ok || !right(value) {
		var none V
		return none, false
	}
	c.hits.Add(1)
	return value, true
}
