package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

const (
	fetchAtOnce = 10 // calls to Discord in flight, over all users
	fetchTries  = 6  // for one user, before it rests
	// fetchRest lies between two rounds for one user: who looked just before the answer was stored asks too late.
	fetchRest = 5 * time.Minute
)

// Fetcher asks Discord for a user. A fault of kind NotFound means that there is none any more, TooMany that Discord
// wants to be left alone, for RetryAfter when that is known; any other error is tried again as well.
type Fetcher interface {
	FetchUser(ctx context.Context, id snowflake.UserID) (moderation.User, error)
}

// ask queues a user for Discord, unless that is under way or just over, or the queue is full.
func (n *Names) ask(id snowflake.UserID, now time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, already := n.asked[id]; already || now.Before(n.resting[id]) {
		return
	}
	select {
	case n.queue <- id:
		n.asked[id] = struct{}{}
	default:
	}
}

// Run asks Discord for who was looked up in vain, until ctx ends, and returns when the last call is over. One Run at a
// time.
func (n *Names) Run(ctx context.Context, discord Fetcher) {
	var calls sync.WaitGroup
	defer calls.Wait()
	slots := make(chan struct{}, fetchAtOnce)
	for {
		select {
		case <-ctx.Done():
			return
		case slots <- struct{}{}:
		}
		select {
		case <-ctx.Done():
			return
		case id := <-n.queue:
			calls.Go(func() {
				defer func() { <-slots }()
				n.learn(ctx, discord, id)
			})
		}
	}
}

// learn fetches and stores one user.
func (n *Names) learn(ctx context.Context, discord Fetcher, id snowflake.UserID) {
	err := n.fetch(ctx, discord, id)
	if err != nil && ctx.Err() == nil {
		n.store.log.WarnContext(ctx, "a user's name could not be learned", "user", id, "error", err)
	}
	n.mu.Lock()
	delete(n.asked, id)
	if len(n.resting) >= cacheLimit {
		clear(n.resting)
	}
	n.resting[id] = n.store.clock().Add(fetchRest)
	tell := n.learned
	n.mu.Unlock()
	if err == nil {
		for _, fn := range tell {
			fn([]snowflake.UserID{id})
		}
	}
}

func (n *Names) fetch(ctx context.Context, discord Fetcher, id snowflake.UserID) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("store: panic while asking for user %s: %v\n%s", id, p, debug.Stack())
		}
	}()
	user, err := backoff.Retry(ctx, func() (moderation.User, error) {
		user, err := discord.FetchUser(ctx, id)
		return user, retriable(err)
	}, backoff.WithMaxTries(fetchTries), backoff.WithMaxElapsedTime(0))
	switch {
	case fault.Of(err) == fault.NotFound:
		return n.store.saveGone(ctx, id)
	case err != nil:
		return err
	}
	user.ID = id
	return n.store.saveUser(ctx, user)
}

// retriable tells the retry what a failure means.
func retriable(err error) error {
	var f *fault.Error
	switch {
	case !errors.As(err, &f):
		return err
	case f.Kind == fault.NotFound:
		return backoff.Permanent(err)
	case f.Kind == fault.TooMany && f.RetryAfter > 0:
		return backoff.RetryAfter(int(math.Ceil(f.RetryAfter.Seconds())))
	}
	return err
}
