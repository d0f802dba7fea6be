package stats_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// Whatever is written meanwhile, the parts of a page belong to one moment: here each hit of AutoMod is a violation, an
// action, a target and two lines of the feed, and each flush a message and a heartbeat that tells its number, so that a
// page mixed from two moments gives itself away. Its seq is neither behind nor ahead of the lines that it shows.
func TestPagesAreOfOneMoment(t *testing.T) {
	now := time.Date(2026, 3, 17, 9, 1, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	s, closed := openAt(t, clock)
	defer closed()
	for guild := snowflake.GuildID(1); guild <= 2; guild++ {
		err := s.SeeGuild(t.Context(), moderation.GuildSeen{Origin: moderation.Origin{Guild: guild, At: now},
			Profile: moderation.Guild{ID: guild, Name: "guild", JoinedAt: now}})
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	figures := stats.New(s, stats.Options{Clock: clock})
	var writers, readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			random := rand.New(rand.NewPCG(1, 2))
			for ctx.Err() == nil {
				guild, period := snowflake.GuildID(1+random.IntN(2)), stats.Periods()[random.IntN(4)]
				if g, err := figures.Guild(t.Context(), guild, stats.Last(period)); err != nil {
					t.Error(err)
				} else if problem := mixedGuild(g); problem != "" {
					t.Errorf("guild %d, %s: %s", guild, period, problem)
				}
				if o, err := figures.Overview(t.Context()); err != nil {
					t.Error(err)
				} else if problem := mixedOverview(o); problem != "" {
					t.Errorf("overview: %s", problem)
				}
			}
		})
	}
	const rounds = 100
	writers.Go(func() {
		for i := range rounds {
			hit := moderation.AutoModExecution{
				Origin: moderation.Origin{Guild: snowflake.GuildID(1 + i%2), At: now}, Rule: 5,
				Trigger: moderation.TriggerKeyword, User: snowflake.UserID(1 + i%7), Channel: 9,
				Message: snowflake.MessageID(1 + i), Did: moderation.ActionDelete}
			if _, err := s.RecordExecution(t.Context(), hit); err != nil {
				t.Error(err)
			}
		}
	})
	writers.Go(func() {
		for i := range rounds {
			if err := flushOne(t.Context(), s, now, i); err != nil {
				t.Error(err)
			}
		}
	})
	writers.Wait()
	stop()
	readers.Wait()
}

// flushOne counts a message in each guild, and a heartbeat that takes 2i ms: the average of n of them is n-1 ms.
func flushOne(ctx context.Context, s *store.Store, now time.Time, i int) error {
	tally, bucket := moderation.NewTally(), moderation.BucketOf(now).UnixMilli()
	for guild := snowflake.GuildID(1); guild <= 2; guild++ {
		tally.Counts[moderation.Spot{Guild: guild, Bucket: bucket}] = moderation.Counts{Messages: 1}
	}
	var beat moderation.Latency
	beat.Add(time.Duration(2*i) * time.Millisecond)
	tally.Latency[bucket] = beat
	return s.Flush(ctx, tally, moderation.Position{})
}

// mixedGuild says how a dashboard contradicts itself; "" when it does not.
func mixedGuild(g *stats.Guild) string {
	hits, messages := g.Actions.Value, g.Messages.Value
	var acted int64
	for _, target := range g.Targets {
		acted += target.Actions
	}
	hour := g.Activity[23]
	// The guild's first line tells of its coming, then each hit has two.
	lines := min(50, 1+2*int(hits))
	switch {
	case g.Violations.Value != hits, float64(acted) != hits, hour.Actions != acted, hour.Violations != acted:
		return fmt.Sprintf("%v actions, %v violations, %d on targets, in the hour %+v", hits, g.Violations.Value, acted, hour)
	case float64(hour.Messages) != messages, messages > 0 && g.Latency.Value != messages-1:
		return fmt.Sprintf("%v messages, latency %v, in the hour %+v", messages, g.Latency.Value, hour)
	case len(g.Recent) != lines:
		return fmt.Sprintf("%v actions, %d lines", hits, len(g.Recent))
	// Hits go to the guilds in turn: what this one has had by its seq, and no more, is on the page.
	case g.Recent[0].Seq > g.Seq || g.Recent[0].Seq+4 <= g.Seq:
		return fmt.Sprintf("the newest line is %d, the page's seq %d", g.Recent[0].Seq, g.Seq)
	}
	return ""
}

// mixedOverview says how an overview contradicts itself.
func mixedOverview(o *stats.Overview) string {
	var messages, actions int64
	for _, server := range o.Servers {
		messages += server.Messages24h
		actions += server.Actions24h
	}
	hour := o.Activity[23]
	switch {
	case hour.Messages != messages, hour.Actions != actions, hour.Violations != actions:
		return fmt.Sprintf("%d messages and %d actions in the list, in the hour %+v", messages, actions, hour)
	case messages > 0 && o.Latency.Value != float64(messages/2-1):
		return fmt.Sprintf("%d messages, latency %v", messages, o.Latency.Value)
	case o.Seq != 2+2*actions || o.Recent[0].Seq != o.Seq:
		return fmt.Sprintf("%d actions, the newest line is %d, the page's seq %d", actions, o.Recent[0].Seq, o.Seq)
	}
	return ""
}

// A page that could not be read leaves nothing of it behind, and neither does a guild that is not there.
func TestNothingIsKeptOfWhatCouldNotBeRead(t *testing.T) {
	s := storetest.New(t)
	figures := stats.New(s, stats.Options{})
	if _, err := figures.Guild(t.Context(), 404, stats.Last(stats.PeriodDay)); err == nil {
		t.Error("a guild that is not there was found")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := figures.Overview(t.Context()); err == nil {
		t.Error("a closed store was read")
	}
	for _, cache := range s.CacheStats() {
		if cache.Entries != 0 {
			t.Errorf("%s has %d entries", cache.Name, cache.Entries)
		}
	}
}
