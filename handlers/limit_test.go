package handlers

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/fault"
)

// However the hits fall, no minute holds more than n, and who waits as long as told is let in.
func TestNoMinuteHoldsMoreThanTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "n")
		pauses := rapid.SliceOfN(rapid.Int64Range(0, int64(30*time.Second)), 1, 60).Draw(t, "pauses")
		l, now := newLimiter(n), time.Unix(1_800_000_000, 0)
		var taken []time.Time
		for _, pause := range pauses {
			now = now.Add(time.Duration(pause))
			wait := l.take("k", now)
			within := 0
			for _, at := range taken {
				if now.Sub(at) < time.Minute {
					within++
				}
			}
			if (wait == 0) != (within < n) {
				t.Fatalf("%d of %d within the minute, told to wait %v", within, n, wait)
			}
			if wait > 0 {
				if early := l.take("k", now.Add(wait-1)); early != 1 {
					t.Fatalf("a nanosecond too early: wait %v", early)
				}
				now = now.Add(wait)
				if again := l.take("k", now); again != 0 {
					t.Fatalf("after the wait of %v: %v more", wait, again)
				}
			}
			taken = append(taken, now)
		}
	})
}

func TestLimiterForgetsTheLongestUnused(t *testing.T) {
	l, now := newLimiter(1), time.Unix(1_800_000_000, 0)
	l.take("first", now)
	l.take("second", now)
	for i := range limiterKeys - 1 {
		l.take("first", now) // in use all the time
		l.take(fmt.Sprint(i), now)
	}
	if len(l.keys) != limiterKeys || l.used.Len() != limiterKeys {
		t.Fatalf("%d keys are kept, want %d", len(l.keys), limiterKeys)
	}
	if l.take("first", now) == 0 {
		t.Error("a key in use was forgotten")
	}
	if l.take("second", now) != 0 {
		t.Error("the longest unused key was kept")
	}
}

func TestEnforceSaysWhenToComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(2)
		for range 2 {
			if err := l.enforce("a"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(rand.IntN(5)+1) * time.Second) // the bubble's clock
		}
		err := l.enforce("a")
		if fault.Of(err) != fault.TooMany || problemOf(err).retryAfter <= 0 {
			t.Fatalf("the third within the minute: %v", err)
		}
		if l.enforce("b") != nil {
			t.Error("another key pays for the first")
		}
		time.Sleep(problemOf(err).retryAfter)
		if err := l.enforce("a"); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}
