package store

import (
	"errors"
	"sync"
	"time"

	"guildwatch/internal/fault"
)

// The pauses after which a failing disk is tried again. Without a pause a full disk was hit 265 000 times in 6 s.
const (
	firstPause = 100 * time.Millisecond
	lastPause  = 5 * time.Second
)

// breaker keeps jobs off a disk that fails: one batch tries after each pause, the others are told at once.
type breaker struct {
	mu    sync.Mutex
	err   *fault.Error // nil: writing works
	pause time.Duration
	until time.Time
}

// refuse gives an error while the disk is not to be tried.
func (b *breaker) refuse() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	wait := time.Until(b.until)
	if b.err == nil || wait <= 0 {
		return nil
	}
	refusal := *b.err
	refusal.RetryAfter = wait
	return &refusal
}

// failed notes a failure and says after which pause the disk is tried again.
func (b *breaker) failed(err error) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pause = min(max(2*b.pause, firstPause), lastPause)
	b.until = time.Now().Add(b.pause)
	errors.As(unavailable(err, b.pause), &b.err)
	return b.pause
}

// note remembers a problem without a pause.
func (b *breaker) note(problem error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	errors.As(problem, &b.err)
}

// worked forgets every problem.
func (b *breaker) worked() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err, b.pause, b.until = nil, 0, time.Time{}
}

func (b *breaker) problem() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		return nil
	}
	return b.err
}
