package store

import (
	"sync"
	"time"
)

// readers counts who reads, and keeps newcomers waiting for a moment when nobody shall.
type readers struct {
	mu     sync.Mutex
	inside int
	opened chan struct{} // closed when newcomers may come in again; nil while they may
	empty  chan struct{} // closed when nobody is inside any more; nil while nobody waits for that
}

// enter comes in, after those who want to be alone.
func (r *readers) enter() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.opened != nil {
		opened := r.opened
		r.mu.Unlock()
		<-opened
		r.mu.Lock()
	}
	r.inside++
}

// leave goes out again.
func (r *readers) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inside--; r.inside == 0 && r.empty != nil {
		close(r.empty)
		r.empty = nil
	}
}

// alone runs something while nobody is inside, and says whether it did: not when somebody still is after so long. One call
// at a time.
func (r *readers) alone(patience time.Duration, run func()) bool {
	r.mu.Lock()
	opened, empty := make(chan struct{}), make(chan struct{})
	r.opened = opened
	if r.inside > 0 {
		r.empty = empty
	} else {
		close(empty)
	}
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		r.opened, r.empty = nil, nil
		r.mu.Unlock()
		close(opened)
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-empty:
		run()
		return true
	case <-timer.C:
		return false
	}
}
