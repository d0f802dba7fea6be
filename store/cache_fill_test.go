package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// countOne counts a message in a guild.
func countOne(t *testing.T, s *Store, guild snowflake.GuildID) {
	t.Helper()
	tally := moderation.NewTally()
	tally.Counts[moderation.Spot{Guild: guild}] = moderation.Counts{Messages: 1}
	if err := s.Flush(context.Background(), tally, moderation.Position{}); err != nil {
		t.Fatal(err)
	}
}

func TestFillKeepsWhatNoCommitDroppedMeanwhile(t *testing.T) {
	s := openIn(t, t.TempDir())
	cache := NewCache(s, CacheOptions[testKey, int64]{Name: "test", Life: time.Hour,
		Dropped: func(c *Cache[testKey, int64], commit Commit) {
			for guild := range commit.Changed[MatterCounters] {
				c.Drop(testKey(guild))
			}
		}})
	span := Span{Until: time.Unix(0, 0).Add(moderation.Bucket)}
	err := s.Fill(t.Context(), func(f *Fill) error {
		countOne(t, s, 1) // behind the snapshot
		for guild := snowflake.GuildID(1); guild <= 2; guild++ {
			Put(f, cache, testKey(guild), f.Activity(guild, span).Messages)
		}
		if f.Commits == s.Told() {
			t.Error("the snapshot is said to have a commit that came later")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	right := func(n int64) bool { return n == 0 }
	if n, ok := cache.Look(1, right); ok {
		t.Errorf("what a commit dropped during the fill is served as %d", n)
	}
	if _, ok := cache.Look(2, right); !ok {
		t.Error("what nothing dropped is not kept")
	}
	if _, ok := cache.Look(2, func(int64) bool { return false }); ok {
		t.Error("what is not right was given")
	}
	if got := cache.stat(); got != (CacheStat{Name: "test", Entries: 1, Hits: 1, Misses: 2}) {
		t.Errorf("counted %+v", got)
	}
	countOne(t, s, 2)
	if _, ok := cache.Look(2, right); ok {
		t.Error("served after a write to what it shows")
	}
}

func TestFillKeepsNothingOfAFailure(t *testing.T) {
	s := openIn(t, t.TempDir())
	_, cache := newWorld(s, time.Hour)
	value, refusal := int64(7), errors.New("not there")
	put := func(f *Fill) { Put(f, cache, 1, &value) }
	if err := s.Fill(t.Context(), func(f *Fill) error { put(f); return refusal }); !errors.Is(err, refusal) {
		t.Errorf("a refusal came as %v", err)
	}
	broken := errors.New("the disk is gone")
	if err := s.Fill(t.Context(), func(f *Fill) error { put(f); f.ok("page", broken); return nil }); !errors.Is(err, broken) {
		t.Errorf("a read that failed came as %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = s.Fill(t.Context(), func(f *Fill) error { put(f); panic("no such bucket") })
	}()
	if cache.entries() != 0 || cache.loading != 0 {
		t.Errorf("%d entries, %d loads under way", cache.entries(), cache.loading)
	}
}

// Whoever was answered finds the commit told; one that failed leaves nothing that seems to be under way for ever.
func TestEachCommitIsTold(t *testing.T) {
	s := openIn(t, t.TempDir())
	before := s.Told()
	countOne(t, s, 1)
	if s.Told() != before+1 {
		t.Errorf("told %d, then %d", before, s.Told())
	}
	err := s.Fill(t.Context(), func(f *Fill) error {
		if f.Commits != s.Told() {
			t.Errorf("%d commits may be in the snapshot, %d were told", f.Commits, s.Told())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
