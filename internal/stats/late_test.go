package stats_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// writes are what may happen in guild 11 at a time, each with something of its own to tell it by.
var writes = map[string]func(ctx context.Context, s *store.Store, at time.Time, id int64) error{
	"messages": func(ctx context.Context, s *store.Store, at time.Time, id int64) error {
		tally, user := moderation.NewTally(), snowflake.UserID(id)
		spot := moderation.Spot{Guild: 11, Bucket: moderation.BucketOf(at).UnixMilli()}
		tally.Counts[spot] = moderation.Counts{Messages: id}
		tally.Active[moderation.Presence{Guild: 11, User: user}] = at.UnixMilli()
		tally.Users[user] = moderation.User{ID: user, Name: "newcomer"}
		return s.Flush(ctx, tally, moderation.Position{})
	},
	"beat": func(ctx context.Context, s *store.Store, at time.Time, id int64) error {
		tally := moderation.NewTally()
		var beat moderation.Latency
		beat.Add(time.Duration(id) * time.Millisecond)
		tally.Latency[moderation.BucketOf(at).UnixMilli()] = beat
		return s.Flush(ctx, tally, moderation.Position{})
	},
	"command": func(ctx context.Context, s *store.Store, at time.Time, id int64) error {
		_, err := s.RecordCommand(ctx, moderation.CommandRun{Origin: moderation.Origin{Guild: 11, At: at},
			Interaction: snowflake.InteractionID(id), Command: "guildwatch", User: moderation.User{ID: 1, Name: "one"}, OK: true})
		return err
	},
	"action": func(ctx context.Context, s *store.Store, at time.Time, id int64) error {
		_, err := s.RecordAudit(ctx, moderation.AuditEntry{Origin: moderation.Origin{Guild: 11, At: at},
			Entry: snowflake.EntryID(id), Action: moderation.Action{Kind: moderation.ActionWarn, Target: 1, Actor: 7}})
		return err
	},
	"violation": func(ctx context.Context, s *store.Store, at time.Time, id int64) error {
		_, err := s.RecordExecution(ctx, moderation.AutoModExecution{Origin: moderation.Origin{Guild: 11, At: at}, Rule: 5,
			Trigger: moderation.TriggerKeyword, User: 2, Channel: 9, Message: snowflake.MessageID(id),
			Did: moderation.ActionDelete})
		return err
	},
	"gap": func(ctx context.Context, s *store.Store, at time.Time, _ int64) error {
		return s.RecordGap(ctx, moderation.Gap{Guild: 11, From: at.Add(-time.Minute), To: at, Reason: "a burst"})
	},
	"gap of all": func(ctx context.Context, s *store.Store, at time.Time, _ int64) error {
		return s.RecordGap(ctx, moderation.Gap{From: at.Add(-time.Minute), To: at, Reason: "a restart"})
	},
	"visit": func(ctx context.Context, s *store.Store, at time.Time, id int64) error {
		origin, visitor := moderation.Origin{Guild: 11, At: at}, moderation.User{ID: snowflake.UserID(id), Name: "visitor"}
		joined := moderation.MemberJoined{Origin: origin, Member: moderation.Member{User: visitor, JoinedAt: at}}
		if _, err := s.Join(ctx, joined); err != nil {
			return err
		}
		origin.At = at.Add(time.Millisecond)
		_, err := s.Leave(ctx, moderation.MemberLeft{Origin: origin, User: visitor})
		return err
	},
}

// Each kind of event is on the pages at once, however late it comes: in the running bucket, in one that is over, and in
// times that are only compared with.
func TestLateEventsAreOnThePagesAtOnce(t *testing.T) {
	now := time.Date(2026, 3, 17, 9, 1, 0, 0, time.UTC)
	s, closed := openAt(t, func() time.Time { return now })
	defer closed()
	options := stats.Options{Clock: func() time.Time { return now }}
	warm := stats.New(s, options)
	c := newChronicle(now)
	if err := c.open(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	pages := []page{{}, {guild: 22, window: stats.Last(stats.PeriodHour)}}
	for _, period := range stats.Periods() {
		pages = append(pages, page{guild: 11, window: stats.Last(period)})
	}
	id := int64(1000)
	// From the oldest on: the first heartbeat makes all the time since comparable.
	for _, late := range []time.Duration{3 * 30, 1, 0, 40} {
		for _, by := range []time.Duration{0, 20 * time.Minute} {
			for _, name := range slices.Sorted(maps.Keys(writes)) {
				for _, what := range pages {
					board(t.Context(), t, warm, what)
				}
				id++
				if err := writes[name](t.Context(), s, now.Add(-late*24*time.Hour-by), id); err != nil {
					t.Fatal(err)
				}
				anew := stats.New(s, options)
				for _, what := range pages {
					if problem := unlike(board(t.Context(), t, warm, what), board(t.Context(), t, anew, what)); problem != "" {
						t.Fatalf("after a %s %d days and %v ago, %v: %s", name, late, by, what, problem)
					}
				}
			}
		}
	}
}
