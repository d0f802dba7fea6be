package store_test

import (
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// Since when figures are known is asked for on every page of analytics: each of its three answers is looked up once, and is
// what Began says.
func TestBeginningsAreLookedUpOnce(t *testing.T) {
	s := storetest.New(t)
	at := time.Date(2026, 3, 17, 9, 0, 0, 0, time.UTC)
	count := func(beat, counted time.Time) {
		t.Helper()
		tally := moderation.NewTally()
		if !beat.IsZero() {
			tally.Latency[beat.UnixMilli()] = moderation.Latency{Count: 1}
		}
		if !counted.IsZero() {
			tally.Counts[moderation.Spot{Guild: 11, Bucket: counted.UnixMilli()}] = moderation.Counts{Messages: 1}
		}
		if err := s.Flush(t.Context(), tally, moderation.Position{}); err != nil {
			t.Fatal(err)
		}
	}
	check := func(want store.Beginnings) {
		t.Helper()
		var got store.Beginnings
		var instance, guild time.Time
		before := s.Reads()
		if err := s.Read(t.Context(), func(v *store.Snapshot) { got = v.Beginnings(11) }); err != nil {
			t.Fatal(err)
		}
		if n := s.Reads() - before; n != 3 {
			t.Errorf("%d queries, want 3", n)
		}
		err := s.Read(t.Context(), func(v *store.Snapshot) { instance, guild = v.Began(store.Everywhere), v.Began(11) })
		if err != nil || got != want || instance != want.Instance || guild != want.Guild {
			t.Errorf("%+v, began %v and %v, want %+v: %v", got, instance, guild, want, err)
		}
	}
	check(store.Beginnings{})
	count(at, time.Time{})
	check(store.Beginnings{Beat: at, Instance: at})
	count(time.Time{}, at.Add(time.Hour))
	check(store.Beginnings{Beat: at, Instance: at, Guild: at.Add(time.Hour)})
	count(time.Time{}, at.Add(-time.Hour))
	check(store.Beginnings{Beat: at, Instance: at.Add(-time.Hour), Guild: at.Add(-time.Hour)})
}
