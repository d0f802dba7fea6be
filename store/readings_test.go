package store_test

import (
	"slices"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// messageAt is a message's id of a time.
func messageAt(at time.Time) snowflake.MessageID { return snowflake.At[snowflake.MessageID](at, 0) }

// watched is a store whose session has counted a message at noon.
func watched(t *testing.T) *store.Store {
	t.Helper()
	s := storetest.New(t)
	tally := moderation.NewTally()
	tally.Newest = messageAt(noon)
	flush(t, s, tally, moderation.Position{Session: "first", Seq: 1, SavedAt: noon})
	return s
}

func flush(t *testing.T, s *store.Store, tally *moderation.Tally, at moderation.Position, over ...moderation.Gap) {
	t.Helper()
	if err := s.Flush(t.Context(), tally, at, over...); err != nil {
		t.Fatal(err)
	}
}

func lose(t *testing.T, s *store.Store, from time.Time) {
	t.Helper()
	if err := s.Lose(t.Context(), moderation.NewTally(), moderation.Gap{From: from, Reason: "gone"}); err != nil {
		t.Fatal(err)
	}
}

// see tells of a guild's channels an hour after noon: 10 wrote then, 11 last before noon.
func see(t *testing.T, s *store.Store, guild snowflake.GuildID, joined time.Time) {
	t.Helper()
	err := s.PlanReadings(t.Context(), moderation.ChannelsSeen{
		Origin: moderation.Origin{Guild: guild, At: noon.Add(time.Hour)}, JoinedAt: joined,
		Newest: map[snowflake.ChannelID]snowflake.MessageID{
			10: messageAt(noon.Add(time.Hour)), 11: messageAt(noon.Add(-time.Hour)),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// open is what is to be read: channels of guilds, 0 for an audit log.
func open(t *testing.T, s *store.Store) (places []moderation.OpenReading) {
	t.Helper()
	places, err := s.Readings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(places, func(a, b moderation.OpenReading) int { return int(a.Channel - b.Channel) })
	return places
}

// second is the session after the gap, an hour long.
func second(t *testing.T, s *store.Store) {
	t.Helper()
	flush(t, s, moderation.NewTally(), moderation.Position{Session: "second", Seq: 1, SavedAt: noon.Add(time.Hour)},
		moderation.Gap{From: noon.Add(time.Second), To: noon.Add(time.Hour), Reason: "gone"})
}

func TestReadingBeginsBehindWhatIsCountedAndWhenTheGapIsOver(t *testing.T) {
	s := watched(t)
	see(t, s, 1, time.Time{}) // of a session that followed no other
	lose(t, s, noon.Add(time.Second))
	if at, err := s.Position(t.Context(), 0); err != nil || at.Session != "" || !at.SavedAt.Equal(noon.Add(time.Second)) {
		t.Errorf("the position is %+v (%v), want none since the loss", at, err)
	}
	see(t, s, 1, time.Time{})
	if places := open(t, s); len(places) != 0 {
		t.Errorf("%+v is to be read though the gap is not over", places)
	}
	second(t, s)
	places := open(t, s)
	if len(places) != 2 || places[0].Channel != 0 || places[1].Channel != 10 {
		t.Fatalf("to be read: %+v, want the audit log and one channel", places)
	}
	if c := places[1]; c.After != int64(messageAt(noon)) || c.Until != int64(messageAt(noon.Add(time.Hour))) ||
		!c.From.Equal(noon.Add(time.Second)) {
		t.Errorf("to be read: %+v", c)
	}
	see(t, s, 1, time.Time{}) // after an outage
	if again := open(t, s); !slices.Equal(again, places) {
		t.Errorf("seen again: %+v, want %+v", again, places)
	}
}

// The next session was lost before its first flush, or the process died: what it planned is planned anew.
func TestAPlanOfASessionThatNeverFlushedIsForgotten(t *testing.T) {
	s := watched(t)
	lose(t, s, noon.Add(time.Second))
	see(t, s, 1, time.Time{})
	lose(t, s, noon.Add(time.Second))
	second(t, s)
	if places := open(t, s); len(places) != 0 {
		t.Errorf("%+v is to be read of a session that never was", places)
	}
	see(t, s, 1, time.Time{})
	if places := open(t, s); len(places) != 2 {
		t.Errorf("to be read: %+v", places)
	}
}

func TestAGuildThatCameAfterTheGapHasNothingToRead(t *testing.T) {
	s := watched(t)
	lose(t, s, noon.Add(time.Second))
	second(t, s)
	see(t, s, 1, noon.Add(time.Hour+time.Second))
	if places := open(t, s); len(places) != 0 {
		t.Errorf("%+v is to be read", places)
	}
}

func TestTheNextGapBeginsBehindWhatWasPlannedForTheLast(t *testing.T) {
	s := watched(t)
	lose(t, s, noon.Add(time.Second))
	see(t, s, 1, time.Time{})
	second(t, s)
	lose(t, s, noon.Add(time.Hour))
	see(t, s, 1, time.Time{})
	flush(t, s, moderation.NewTally(), moderation.Position{Session: "third", Seq: 1, SavedAt: noon.Add(2 * time.Hour)},
		moderation.Gap{From: noon.Add(time.Hour), To: noon.Add(2 * time.Hour), Reason: "gone"})
	channels := 0
	for _, place := range open(t, s) {
		if place.Channel == 10 {
			channels++
		}
	}
	if channels != 1 {
		t.Errorf("the channel is read %d times, want once", channels)
	}
}

func TestProgressIsCommittedWithTheCounters(t *testing.T) {
	s := watched(t)
	lose(t, s, noon.Add(time.Second))
	see(t, s, 1, time.Time{})
	second(t, s)
	places := open(t, s)
	tally := moderation.NewTally()
	tally.Counts[moderation.Spot{Guild: 1, Bucket: noon.UnixMilli()}] = moderation.Counts{Messages: 7}
	tally.Read[places[0].Reading] = moderation.Progress{Requests: 1, State: moderation.ReadRefused}
	tally.Read[places[1].Reading] = moderation.Progress{Upto: places[1].After + 5, Requests: 2, Found: 7}
	flush(t, s, tally, moderation.Position{})
	left := open(t, s)
	if len(left) != 1 || left[0].After != places[1].After+5 || left[0].Spent != 3 {
		t.Fatalf("to be read: %+v", left)
	}
	if err := s.LeaveReadings(t.Context(), left[0].Gap); err != nil {
		t.Fatal(err)
	}
	// What a lane still held counts, and opens nothing again.
	tally = moderation.NewTally()
	tally.Read[left[0].Reading] = moderation.Progress{Upto: left[0].After + 1, Requests: 1, Found: 1}
	flush(t, s, tally, moderation.Position{})
	var gaps []moderation.Gap
	if err := s.Read(t.Context(), func(v *store.Snapshot) { gaps = v.Gaps(1, store.Span{From: noon, Until: noon.Add(24 * time.Hour)}, 10) }); err != nil {
		t.Fatal(err)
	}
	want := moderation.ReadBack{Messages: 8, Refused: 1, Left: 1}
	if len(gaps) != 1 || gaps[0].Read != want || len(open(t, s)) != 0 {
		t.Errorf("gaps %+v, want one with %+v", gaps, want)
	}
}
