package store

import (
	"sync"
	"testing"
	"time"
)

// Whoever wants to be alone is: those inside go first, newcomers wait.
func TestAloneIsAlone(t *testing.T) {
	var r readers
	var wait sync.WaitGroup
	over := make(chan struct{})
	for range 4 {
		wait.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				r.enter()
				r.leave()
			}
		})
	}
	for range 200 {
		if !r.alone(time.Minute, func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			if r.inside != 0 {
				t.Errorf("%d are inside", r.inside)
			}
		}) {
			t.Error("nobody stays, and it gave up")
		}
	}
	close(over)
	wait.Wait()
}

// Somebody who stays is waited for no longer than asked, and everybody comes in again.
func TestAloneGivesUp(t *testing.T) {
	var r readers
	r.enter()
	if r.alone(time.Nanosecond, func() { t.Error("it was not alone") }) {
		t.Error("it says that it was")
	}
	r.enter()
	r.leave()
	r.leave()
	ran := false
	if !r.alone(time.Minute, func() { ran = true }) || !ran {
		t.Error("nobody is inside, and it gave up")
	}
}
