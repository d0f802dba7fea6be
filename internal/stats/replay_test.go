package stats_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

var use = flag.Duration("use", 10*time.Minute, "how long a time of use TestMostAnswersAreKept replays")

// Most of what pages are made of is answered from memory in an hour of use, for dashboards and for the overview each. A
// page that is served whole looks for no part and does not count, nor do names: they would carry it. The whole overview
// is never kept here, because messages that it counts come every second; of its parts, those are read again. Of all parts
// that all pages had, those of whole pages included, nine in ten come from memory.
func TestMostAnswersAreKept(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		had, missed := 0.0, 0.0
		for page, looks := range replay(t, dir, *use) {
			rate := float64(looks.Hits) / float64(looks.Hits+looks.Misses)
			t.Logf("%s: %.1f %% of %d parts were kept", page, rate*100, looks.Hits+looks.Misses)
			// In the first minutes every member is seen for the first time.
			want := 0.75
			if *use >= time.Hour {
				want = 0.8
			}
			if rate <= want {
				t.Errorf("%s: only %.1f %% of the parts were kept", page, rate*100)
			}
			had, missed = had+float64(looks.whole*looks.parts+looks.Hits+looks.Misses), missed+float64(looks.Misses)
		}
		rate := 1 - missed/had
		t.Logf("all pages: %.1f %% of %.0f parts came from memory", rate*100, had)
		if rate <= 0.9 {
			t.Errorf("only %.1f %% of all parts came from memory", rate*100)
		}
	})
}

// temper is how lively a guild is: every how many seconds something of a kind happens in it.
type temper struct {
	guild                       snowflake.GuildID
	messages, actions, commands int
	joins, hits                 int // hits of native AutoMod rules
	watchers                    int
}

// partsUsed says how the parts of a kind of page were looked for.
type partsUsed struct {
	store.CacheStat
	parts int64 // that a page has
	whole int64 // pages that were kept whole
}

// replay lets guilds live and people watch for a time on the bubble's clock, and counts the parts that were looked for by
// the kind of page.
func replay(t *testing.T, dir string, length time.Duration) map[string]partsUsed {
	ctx, random := t.Context(), rand.New(rand.NewPCG(7, 8))
	s, err := storetest.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	figures := stats.New(s, stats.Options{})
	guilds := []temper{{1, 1, 20, 30, 90, 60, 10}, {2, 5, 120, 200, 600, 900, 4}, {3, 60, 900, 1200, 3600, 3600, 2}}
	for _, g := range guilds {
		at := time.Now()
		seen := moderation.GuildSeen{Origin: moderation.Origin{Guild: g.guild, At: at},
			Profile: moderation.Guild{ID: g.guild, Name: "guild", JoinedAt: at}}
		if err := s.SeeGuild(ctx, seen); err != nil {
			t.Fatal(err)
		}
	}
	for second := range int(length / time.Second) {
		time.Sleep(time.Second)
		if err := live(ctx, s, guilds, second, random); err != nil {
			t.Fatal(err)
		}
		if err := watch(ctx, figures, guilds, second, random); err != nil {
			t.Fatal(err)
		}
	}
	looks, whole := map[string]partsUsed{}, map[string]int64{}
	for _, cache := range s.CacheStats() {
		t.Logf("%-20s %6d kept, %6d not", cache.Name, cache.Hits, cache.Misses)
		if page, _, isPart := strings.Cut(cache.Name, " "); isPart {
			sum := looks[page]
			sum.parts++
			sum.Hits += cache.Hits
			sum.Misses += cache.Misses
			looks[page] = sum
		} else {
			whole[page] = cache.Hits
		}
	}
	for page, sum := range looks {
		sum.whole = whole[page]
		looks[page] = sum
	}
	if len(looks) != 2 {
		t.Errorf("parts of %d kinds of pages were looked for", len(looks))
	}
	return looks
}

// live lets one second happen: messages are counted once a second, everything else is recorded as it comes.
func live(ctx context.Context, s *store.Store, guilds []temper, second int, random *rand.Rand) error {
	now, tally := time.Now(), moderation.NewTally()
	for _, g := range guilds {
		user := moderation.User{ID: snowflake.UserID(100 + random.IntN(300)), Name: "member"}
		origin := moderation.Origin{Guild: g.guild, At: now}
		if second%g.messages == 0 {
			spot := moderation.Spot{Guild: g.guild, Bucket: moderation.BucketOf(now).UnixMilli()}
			tally.Counts[spot] = moderation.Counts{Messages: 3}
			tally.Active[moderation.Presence{Guild: g.guild, User: user.ID}] = now.UnixMilli()
			tally.Users[user.ID] = user
		}
		if second%g.actions == 0 {
			entry := moderation.AuditEntry{Origin: origin, Entry: snowflake.EntryID(second*10 + int(g.guild)),
				Action: moderation.Action{Kind: moderation.ActionWarn, Target: user.ID, Actor: 99}}
			if _, err := s.RecordAudit(ctx, entry); err != nil {
				return err
			}
		}
		if second%g.commands == 0 {
			run := moderation.CommandRun{Origin: origin, Interaction: snowflake.InteractionID(second*10 + int(g.guild)),
				Command: "guildwatch", User: user, OK: true}
			if _, err := s.RecordCommand(ctx, run); err != nil {
				return err
			}
		}
		if second%g.joins == g.joins/2 {
			newcomer := moderation.Member{User: moderation.User{ID: snowflake.UserID(10_000 + second), Name: "newcomer"}}
			if _, err := s.Join(ctx, moderation.MemberJoined{Origin: origin, Member: newcomer}); err != nil {
				return err
			}
		}
		if second%g.hits == g.hits/3 {
			hit := moderation.AutoModExecution{Origin: origin, Rule: 5, Trigger: moderation.TriggerKeyword, User: user.ID,
				Channel: 9, Message: snowflake.MessageID(second*10 + int(g.guild)), Did: moderation.ActionDelete}
			if _, err := s.RecordExecution(ctx, hit); err != nil {
				return err
			}
		}
	}
	if second%41 == 0 {
		var beat moderation.Latency
		beat.Add(50 * time.Millisecond)
		tally.Latency[moderation.BucketOf(now).UnixMilli()] = beat
	}
	return s.Flush(ctx, tally, moderation.Position{})
}

// watch is what one second of watching asks for: the live panels of each guild and, every 5 s, of the overview; and
// each watcher turns to another page or back twice a minute.
func watch(ctx context.Context, figures *stats.Stats, guilds []temper, second int, random *rand.Rand) error {
	for _, g := range guilds {
		if _, err := figures.Guild(ctx, g.guild, stats.Last(stats.PeriodDay)); err != nil {
			return err
		}
		for range g.watchers {
			if random.IntN(30) > 0 {
				continue
			}
			period := stats.PeriodDay
			if random.IntN(4) == 0 {
				period = stats.Periods()[random.IntN(4)]
			}
			if _, err := figures.Guild(ctx, g.guild, stats.Last(period)); err != nil {
				return err
			}
		}
	}
	if second%5 == 0 || random.IntN(30) == 0 {
		_, err := figures.Overview(ctx)
		return err
	}
	return nil
}
