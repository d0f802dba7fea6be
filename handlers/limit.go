package handlers

import (
	"container/list"
	"sync"
	"time"

	"guildwatch/internal/fault"
)

// limiter allows each key at most n hits in any minute. It keeps the moment of every hit: a token bucket of the same
// size lets nearly twice as many through in its first minute. It holds at most limiterKeys keys and forgets the one
// unused for longest.
type limiter struct {
	n    int
	now  func() time.Time
	mu   sync.Mutex
	keys map[string]*list.Element
	used list.List // of *hits, the latest used first
}

// hits are one key's moments within the last minute, as a ring.
type hits struct {
	key   string
	at    []time.Time
	first int
}

// limiterKeys bounds the memory of one limiter to about 15 MB at 60 hits each.
const limiterKeys = 10_000

func newLimiter(n int) *limiter {
	return &limiter{n: n, now: time.Now, keys: map[string]*list.Element{}}
}

// take counts a hit of key, or says how long to wait until the next is allowed. A refused hit is not counted.
func (l *limiter) take(key string, now time.Time) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.hitsOf(key)
	if len(h.at) < l.n {
		h.at = append(h.at, now)
		return 0
	}
	if wait = time.Minute - now.Sub(h.at[h.first]); wait > 0 {
		return wait
	}
	h.at[h.first] = now
	h.first = (h.first + 1) % l.n
	return 0
}

func (l *limiter) hitsOf(key string) *hits {
	if element, ok := l.keys[key]; ok {
		l.used.MoveToFront(element)
		return element.Value.(*hits)
	}
	if l.used.Len() >= limiterKeys {
		oldest := l.used.Remove(l.used.Back()).(*hits)
		delete(l.keys, oldest.key)
	}
	h := &hits{key: key}
	l.keys[key] = l.used.PushFront(h)
	return h
}

// enforce gives the refusal of a hit too many, nil otherwise.
func (l *limiter) enforce(key string) error {
	wait := l.take(key, l.now())
	if wait <= 0 {
		return nil
	}
	refusal := fault.New(fault.TooMany, "Too many requests: at most %d a minute. Please wait a moment.", l.n)
	refusal.RetryAfter = wait
	return refusal
}
