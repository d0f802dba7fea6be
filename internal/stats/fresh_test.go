package stats_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// deeds are what may happen to cached boards.
var deeds = []string{
	"ask", "ask", "ask", "ask", "happen", "happen", "late", "rename", "wait", "sweep", "gateway", "guild",
}

// page is one that can be asked for.
type page struct {
	guild     snowflake.GuildID // 0: the overview
	window    stats.Window
	analytics bool // not the dashboard
}

// What the cache serves is what computing it anew gives, whatever was written, renamed or lost before and however the
// clock moved; and between two such things it is served without a query.
func TestBoardsAreNeverOutOfDate(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		now := time.Date(2026, 3, 31, 22, 0, 0, 0, time.UTC)
		clock := func() time.Time { return now }
		s, closed := openAt(t, clock)
		defer closed()
		gateway := stats.Gateway{State: "connecting"}
		options := stats.Options{Clock: clock, Gateway: func() stats.Gateway { return gateway }}
		warm := stats.New(s, options)
		c := newChronicle(now)
		if err := c.open(t.Context(), s); err != nil {
			rt.Fatal(err)
		}
		// Few pages, so that each is asked for again after something was written.
		pages := []page{{}, {11, drawWindow(rt, now), false}}
		pages = append(pages, page{rapid.SampledFrom(c.guilds[:2]).Draw(rt, "guild"),
			drawWindow(rt, now), rapid.Bool().Draw(rt, "analytics")})
		served := map[page]bool{} // since anything happened
		for range rapid.IntRange(2, 24).Draw(rt, "steps") {
			do := rapid.SampledFrom(deeds).Draw(rt, "do")
			if do == "ask" {
				what := rapid.SampledFrom(pages).Draw(rt, "page")
				before := s.Reads()
				got := board(t.Context(), rt, warm, what)
				_, missing := got.(error) // a guild that is not there is looked for again
				if queries := s.Reads() - before; served[what] && queries != 0 && !missing {
					rt.Fatalf("%d queries for a kept board", queries)
				}
				anew := board(t.Context(), rt, stats.New(s, options), what)
				if problem := unlike(got, anew); problem != "" {
					rt.Fatal(problem)
				}
				served[what] = true
				continue
			}
			clear(served)
			var err error
			switch do {
			case "happen":
				err = c.step(t.Context(), rt, s, now)
			case "late":
				most := rapid.SampledFrom([]int{600, 3600, 30 * 3600, 80 * 24 * 3600}).Draw(rt, "late at most")
				late := time.Duration(rapid.IntRange(1, most).Draw(rt, "seconds")) * time.Second
				err = c.step(t.Context(), rt, s, now.Add(-late))
			case "rename":
				tally := moderation.NewTally()
				id := snowflake.UserID(rapid.Int64Range(1, 6).Draw(rt, "user"))
				tally.Users[id] = moderation.User{ID: id, Name: rapid.StringMatching("[a-c]{1,3}").Draw(rt, "name")}
				err = s.Flush(t.Context(), tally, moderation.Position{})
			case "wait":
				most := rapid.SampledFrom([]int{100, 3600, 40 * 24 * 3600}).Draw(rt, "wait at most")
				now = now.Add(time.Duration(rapid.IntRange(1, most).Draw(rt, "seconds")) * time.Second)
			case "sweep":
				err = s.SweepWindows(t.Context(), now)
			case "gateway":
				gateway.State = rapid.SampledFrom([]string{"connected", "resuming"}).Draw(rt, "state")
				gateway.Missing = rapid.SampledFrom([][]string{nil, {"message content"}}).Draw(rt, "missing")
			case "guild":
				err = turn(t.Context(), rt, s, rapid.SampledFrom(c.guilds[:2]).Draw(rt, "which"), now)
			}
			if err != nil {
				rt.Fatal(err)
			}
		}
	})
}

// turn changes a guild itself, or the bot's being in it.
func turn(ctx context.Context, t *rapid.T, s *store.Store, guild snowflake.GuildID, now time.Time) error {
	origin := moderation.Origin{Guild: guild, At: now}
	switch rapid.SampledFrom([]string{"seen", "lost", "outage"}).Draw(t, "turn") {
	case "seen":
		return s.SeeGuild(ctx, moderation.GuildSeen{Origin: origin, Profile: moderation.Guild{
			ID: guild, Name: rapid.StringMatching("[a-c]{1,3}").Draw(t, "guild's name"),
			Permissions: rapid.SampledFrom([]moderation.Permissions{0, moderation.PermAdministrator}).Draw(t, "permissions"),
		}})
	case "lost":
		return s.LoseGuild(ctx, moderation.GuildLost{Origin: origin})
	}
	return s.LoseGuild(ctx, moderation.GuildLost{Origin: origin, Outage: true})
}

// unlike says in which field a served value differs from one computed anew.
func unlike(served, anew any) string {
	a, b := reflect.ValueOf(served), reflect.ValueOf(anew)
	if a.Type() != b.Type() {
		return fmt.Sprintf("served is\n%+v\nanew it is\n%+v", served, anew)
	}
	if _, missing := served.(error); missing {
		return ""
	}
	for i := range a.NumField() {
		if !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			return fmt.Sprintf("%s is served as\n%+v\nanew it is\n%+v", a.Type().Field(i).Name, a.Field(i), b.Field(i))
		}
	}
	return ""
}

// board asks for a page, without the time at which it was computed, and without the seq of a dashboard: changes of other
// guilds do not make it older. For a guild that is not there it gives the error.
func board(ctx context.Context, t rapid.TB, figures *stats.Stats, what page) any {
	if what.guild == 0 {
		o, err := figures.Overview(ctx)
		if err != nil {
			t.Fatal(err)
		}
		anew := *o
		anew.At = time.Time{}
		return anew
	}
	if what.analytics {
		a, err := figures.Analytics(ctx, what.guild, what.window)
		if fault.Of(err) == fault.NotFound {
			return err
		}
		if err != nil {
			t.Fatal(err)
		}
		anew := *a
		anew.At, anew.Seq = time.Time{}, 0
		return anew
	}
	g, err := figures.Guild(ctx, what.guild, what.window)
	if fault.Of(err) == fault.NotFound {
		return err
	}
	if err != nil {
		t.Fatal(err)
	}
	anew := *g
	anew.At, anew.Seq = time.Time{}, 0
	return anew
}

// What was counted in a guild that the bot was removed from is there again when it comes back.
func TestGuildsThatComeBackAreCounted(t *testing.T) {
	now := time.Date(2026, 3, 17, 9, 1, 0, 0, time.UTC)
	s, closed := openAt(t, func() time.Time { return now })
	defer closed()
	figures := stats.New(s, stats.Options{Clock: func() time.Time { return now }})
	origin := moderation.Origin{Guild: 5, At: now}
	see := func() {
		if err := s.SeeGuild(t.Context(), moderation.GuildSeen{Origin: origin, Profile: moderation.Guild{ID: 5}}); err != nil {
			t.Fatal(err)
		}
	}
	servers := func() []stats.GuildSummary {
		o, err := figures.Overview(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return o.Servers
	}
	see()
	tally := moderation.NewTally()
	for _, at := range []time.Time{now, now.Add(-time.Hour)} {
		tally.Counts[moderation.Spot{Guild: 5, Bucket: moderation.BucketOf(at).UnixMilli()}] = moderation.Counts{Messages: 3}
	}
	if err := s.Flush(t.Context(), tally, moderation.Position{}); err != nil {
		t.Fatal(err)
	}
	origin.At = now.Add(time.Millisecond)
	if err := s.LoseGuild(t.Context(), moderation.GuildLost{Origin: origin}); err != nil {
		t.Fatal(err)
	}
	if list := servers(); len(list) != 0 {
		t.Errorf("a guild that is gone is listed: %+v", list)
	}
	origin.At = now.Add(2 * time.Millisecond)
	see()
	if list := servers(); len(list) != 1 || list[0].Messages24h != 6 {
		t.Errorf("a guild that came back with 6 messages is listed as %+v", list)
	}
}

// A guild in which nothing ever happened has a whole dashboard of zeros, and so has an instance without guilds.
func TestEmptyGuildsGiveWholeAnswers(t *testing.T) {
	s := storetest.New(t)
	figures := stats.New(s, stats.Options{})
	o, err := figures.Overview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !o.Guilds.Known || !o.Users.Known || !o.Commands.Known || o.Latency.Known || o.Latency.Why == "" ||
		len(o.Activity) != 24 || o.Recent == nil || o.Servers == nil || o.Guilds.Change.Why != "needs a month of history" ||
		o.Users.Change.Known || o.Commands.Change.Known {
		t.Errorf("an empty overview is %+v", o)
	}
	joined := time.Now().Add(-time.Minute)
	err = s.SeeGuild(t.Context(), moderation.GuildSeen{Origin: moderation.Origin{Guild: 5, At: joined},
		Profile: moderation.Guild{ID: 5, Name: "new", JoinedAt: joined}})
	if err != nil {
		t.Fatal(err)
	}
	for _, period := range stats.Periods() {
		g, err := figures.Guild(t.Context(), 5, stats.Last(period))
		if err != nil {
			t.Fatal(err)
		}
		for name, figure := range map[string]stats.Figure{"messages": g.Messages, "commands": g.Commands, "joins": g.Joins,
			"leaves": g.Leaves, "actions": g.Actions, "violations": g.Violations, "active": g.Active} {
			if !figure.Known || figure.Value != 0 || figure.Change.Known || figure.Change.Why == "" {
				t.Errorf("%s, %s: %+v", period, name, figure)
			}
		}
		if len(g.Activity) != 24 || len(g.ByKind) != 8 || len(g.BySource) != 5 || len(g.Severity) != 4 ||
			g.Targets == nil || g.Recent == nil || g.Gaps == nil || g.Latency.Known {
			t.Errorf("%s: %+v", period, g)
		}
	}
}

func TestUnknownGuildsAndPeriods(t *testing.T) {
	figures := stats.New(storetest.New(t), stats.Options{})
	if _, err := figures.Guild(t.Context(), 404, stats.Last(stats.PeriodDay)); fault.Of(err) != fault.NotFound {
		t.Errorf("an unknown guild gives %v", err)
	}
	if _, err := figures.Guild(t.Context(), 404, stats.Last("decade")); fault.Of(err) != fault.Invalid {
		t.Errorf("an unknown period gives %v", err)
	}
}

// A page that is kept costs nothing but the look at the clock and at the connection.
func TestKeptPagesAllocateNothing(t *testing.T) {
	s := storetest.New(t)
	gateway := stats.Gateway{State: "connected", Missing: []string{"message content"}}
	now := time.Date(2026, 3, 17, 9, 1, 0, 0, time.UTC)
	figures := stats.New(s, stats.Options{Clock: func() time.Time { return now }, Gateway: func() stats.Gateway { return gateway }})
	seen := moderation.GuildSeen{Origin: moderation.Origin{Guild: 5, At: now}, Profile: moderation.Guild{ID: 5, JoinedAt: now}}
	if err := s.SeeGuild(t.Context(), seen); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	for name, ask := range map[string]func() error{
		"overview":  func() error { _, err := figures.Overview(ctx); return err },
		"dashboard": func() error { _, err := figures.Guild(ctx, 5, stats.Last(stats.PeriodWeek)); return err },
	} {
		if err := ask(); err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(1000, func() { _ = ask() }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
