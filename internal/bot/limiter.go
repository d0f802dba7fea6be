package bot

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	requestRate  = 40 // per second; Discord's limit over all routes is 50
	requestBurst = 10 // 40 + 10 never passes 50 in any second
	invalidLimit = 5000
	invalidSpan  = 10 * time.Minute
	invalidCells = 10
	longestWait  = 10 * time.Second // in place; a longer one is the caller's to plan
	bucketsKept  = 2048
	banWait      = time.Minute           // after a refusal that names no time
	resetMargin  = 25 * time.Millisecond // Discord's clock and ours, and its rounding to the millisecond
)

// limiter keeps requests within Discord's limits: a token bucket and a gate for all of them, one bucket per route as
// Discord's headers describe it, and a count of refused requests, of which 10 000 in 10 minutes ban the address.
type limiter struct {
	all    *rate.Limiter
	shares shares

	mu      sync.Mutex
	gate    time.Time // nothing goes out before
	buckets map[string]*restBucket
	invalid [invalidCells]struct {
		minute int64
		n      int
	}
}

type restBucket struct {
	remaining int
	reset     time.Time
}

func newLimiter() *limiter {
	return &limiter{all: rate.NewLimiter(requestRate, requestBurst), buckets: map[string]*restBucket{}}
}

// wait returns when a request of the route may go out; a *limited error when that is too far off.
func (l *limiter) wait(ctx context.Context, key string) error {
	for {
		wait, spent := l.admit(key, time.Now())
		switch {
		case spent:
			return &limited{after: invalidSpan, why: "too many requests were refused"}
		case wait > longestWait:
			return &limited{after: wait, why: "Discord asked to wait"}
		case wait > 0:
			if !pause(ctx, wait) {
				return context.Cause(ctx)
			}
		default:
			if err := l.shares.wait(ctx); err != nil {
				return err
			}
			return l.all.Wait(ctx)
		}
	}
}

// admit takes a place in the route's bucket, or says how long to wait for one. An empty key has no bucket.
func (l *limiter) admit(key string, now time.Time) (wait time.Duration, spent bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refusals(now) >= invalidLimit {
		return 0, true
	}
	if wait := l.gate.Sub(now); wait > 0 {
		return wait, false
	}
	b := l.buckets[key]
	if b == nil || !now.Before(b.reset) {
		return 0, false
	}
	if b.remaining == 0 {
		return b.reset.Sub(now), false
	}
	b.remaining--
	return 0, false
}

// refusals are the invalid requests of the last 10 minutes.
func (l *limiter) refusals(now time.Time) int {
	n, minute := 0, now.Unix()/60
	for _, cell := range l.invalid {
		if minute-cell.minute < invalidCells {
			n += cell.n
		}
	}
	return n
}

// learn reads the headers of an answer. A 429 gives back what to wait for, and closes the gate when it is for everyone:
// Discord's global limit, or a page of its CDN instead of JSON.
func (l *limiter) learn(key string, response *http.Response, now time.Time) *limited {
	h := response.Header
	l.mu.Lock()
	defer l.mu.Unlock()
	switch response.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		if h.Get("X-RateLimit-Scope") != "shared" {
			cell := &l.invalid[now.Unix()/60%invalidCells]
			if minute := now.Unix() / 60; cell.minute != minute {
				cell.minute, cell.n = minute, 0
			}
			cell.n++
		}
	}
	if remaining, err := strconv.Atoi(h.Get("X-RateLimit-Remaining")); err == nil && key != "" {
		reset := now.Add(seconds(h.Get("X-RateLimit-Reset-After")) + resetMargin)
		l.put(key, &restBucket{remaining: max(remaining, 0), reset: reset}, now)
	}
	if response.StatusCode != http.StatusTooManyRequests {
		return nil
	}
	after := seconds(h.Get("Retry-After"))
	if after <= 0 {
		after = banWait
	}
	json := strings.HasPrefix(h.Get("Content-Type"), "application/json")
	if !json || h.Get("X-RateLimit-Global") != "" || h.Get("X-RateLimit-Scope") == "global" {
		if until := now.Add(after); until.After(l.gate) {
			l.gate = until
		}
		return &limited{after: after, why: "Discord stopped all requests"}
	}
	if key != "" {
		l.put(key, &restBucket{remaining: 0, reset: now.Add(after)}, now)
	}
	return &limited{after: after, why: "Discord limited this kind of request"}
}

// put keeps the table small: buckets whose window is over hold nothing worth knowing.
func (l *limiter) put(key string, b *restBucket, now time.Time) {
	if len(l.buckets) >= bucketsKept {
		for k, old := range l.buckets {
			if !now.Before(old.reset) {
				delete(l.buckets, k)
			}
		}
	}
	if len(l.buckets) < 2*bucketsKept {
		l.buckets[key] = b
	}
}

func seconds(text string) time.Duration {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || n > 24*3600 {
		return 0
	}
	return time.Duration(n * float64(time.Second))
}

// routeKey names the bucket of a request: its method and path, with ids replaced unless they are of the channel, guild
// or webhook that Discord counts apart.
func routeKey(method, path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range parts {
		major := i == 1 && (parts[0] == "channels" || parts[0] == "guilds" || parts[0] == "webhooks")
		if !major && part != "" && strings.Trim(part, "0123456789") == "" {
			parts[i] = "*"
		}
	}
	return method + " " + strings.Join(parts, "/")
}
