package stats_test

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// openAt opens a new store with a clock of its own, for one run of a property; close it before the next.
func openAt(t *testing.T, clock func() time.Time) (s *store.Store, closed func()) {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "store")
	if err != nil {
		t.Fatal(err)
	}
	s, err = storetest.Open(dir, func(o *store.Options) { o.Clock = clock })
	if err != nil {
		t.Fatal(err)
	}
	return s, func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Whatever happened, every figure is what counting by hand gives, and all sums of one period agree.
func TestFiguresAreWhatCountingByHandGives(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		later := time.Duration(rapid.Int64Range(0, 40*24*3600).Draw(rt, "now")) * time.Second
		now := time.Date(2026, 3, 17, 0, 0, 0, 0, time.UTC).Add(later)
		clock := func() time.Time { return now }
		s, closed := openAt(t, clock)
		defer closed()
		c := newChronicle(now)
		if err := c.open(t.Context(), s); err != nil {
			rt.Fatal(err)
		}
		moments := make([]time.Time, rapid.IntRange(0, 30).Draw(rt, "things"))
		for i := range moments {
			moments[i] = c.moment(rt)
		}
		slices.SortFunc(moments, time.Time.Compare)
		for _, at := range moments {
			if err := c.step(t.Context(), rt, s, at); err != nil {
				rt.Fatal(err)
			}
		}
		if err := s.SweepWindows(t.Context(), now); err != nil {
			rt.Fatal(err)
		}
		figures := stats.New(s, stats.Options{Clock: clock})
		checkGuild(t.Context(), rt, c, figures, rapid.SampledFrom(c.guilds).Draw(rt, "whose dashboard"),
			drawWindow(rt, now))
		checkOverview(t.Context(), rt, c, figures)
	})
}

// spans are the period by the words of its definition: from the bucket so long ago, to the end of the running one; and
// as many buckets before as the period is long, counting the running one once half of it is over.
func spans(now time.Time, length time.Duration) (current, previous store.Span) {
	running := moderation.BucketOf(now)
	current = store.Span{From: moderation.BucketOf(now.Add(-length)), Until: running.Add(moderation.Bucket)}
	previous = store.Span{From: current.From.Add(-length), Until: current.From}
	if !now.Before(running.Add(moderation.Bucket / 2)) {
		previous.From = previous.From.Add(-moderation.Bucket)
	}
	return current, previous
}

// watched says whether the instance had begun by a moment, and before the bucket that is running.
func (c *chronicle) watched(from time.Time) bool {
	return slices.ContainsFunc(c.facts, func(f fact) bool {
		began := moderation.BucketOf(f.at)
		return f.what != "action" && f.found == "" && f.what != "violation" && !began.After(from) && began.Before(moderation.BucketOf(c.now))
	})
}

func checkGuild(
	ctx context.Context, t *rapid.T, c *chronicle, figures *stats.Stats, guild snowflake.GuildID, w stats.Window,
) {
	g, err := figures.Guild(ctx, guild, w)
	if err != nil {
		t.Fatal(err)
	}
	period, current, previous := w.Period, w.Span, w.Previous
	if period != stats.PeriodCustom {
		current, previous = spans(c.now, period.Length())
	}
	if g.Window.Span != current || g.Window.Asked != w.Asked {
		t.Fatalf("%s: the window is %+v, want %+v", period, g.Window, w)
	}
	checkHealth(t, c, guild, g)
	month := c.now.Year()*100 + int(c.now.Month())
	if want := len(c.months[month][guild]); g.Active.Value != float64(want) {
		t.Errorf("%v active members this month, want %d", g.Active.Value, want)
	}
	checkLatency(t, c, g.Latency, current, previous)
	checkHours(t, c, guild, g.Activity)
	if checkGaps(t, c, guild, g); g.Unknown != "" {
		checkUnknown(t, c, guild, g)
		return
	}
	for what, figure := range map[string]stats.Figure{"message": g.Messages, "command": g.Commands, "join": g.Joins,
		"leave": g.Leaves, "action": g.Actions, "violation": g.Violations} {
		now, before := c.count(guild, current, what, nil), c.count(guild, previous, what, nil)
		if !figure.Known || figure.Value != float64(now) {
			t.Errorf("%s: %ss are %v, want %d", period, what, figure.Value, now)
		}
		checkChange(t, string(period)+" "+what, figure.Change, float64(now), float64(before), c.watched(previous.From))
	}
	checkShares(t, g.ByKind, moderation.ActionKinds(), g.Actions, func(k moderation.ActionKind) int64 {
		return c.count(guild, current, "action", func(f fact) bool { return f.kind == k })
	})
	checkShares(t, g.BySource, moderation.Sources(), g.Actions, func(s moderation.Source) int64 {
		return c.count(guild, current, "action", func(f fact) bool { return f.source == s })
	})
	checkShares(t, g.Severity, moderation.Severities(), g.Violations, func(s moderation.Severity) int64 {
		return c.count(guild, current, "violation", func(f fact) bool { return f.severity == s })
	})
	checkShares(t, g.FoundBySource, moderation.Sources(), g.Violations, func(s moderation.Source) int64 {
		return c.count(guild, current, "violation", func(f fact) bool { return f.source == s })
	})
	var kinds int64
	for _, share := range g.FoundByKind {
		kinds += share.Count
	}
	if kinds != int64(g.Violations.Value) {
		t.Errorf("%s: by kind there are %d violations, want %v", period, kinds, g.Violations.Value)
	}
	checkOffenders(t, c, guild, g)
	checkTargets(t, c, guild, g)
}

// checkUnknown: what nothing is known of is a time in which nothing happened, and no figure of it is zero.
func checkUnknown(t *rapid.T, c *chronicle, guild snowflake.GuildID, g *stats.Guild) {
	if g.Window.Period != stats.PeriodCustom {
		t.Errorf("nothing is known of the last %s: %s", g.Window.Period, g.Unknown)
	}
	for what, figure := range map[string]stats.Figure{"message": g.Messages, "command": g.Commands, "join": g.Joins,
		"leave": g.Leaves, "action": g.Actions, "violation": g.Violations} {
		if n := c.count(guild, g.Window.Span, what, nil); n != 0 || figure.Known || figure.Why == "" || figure.Change.Known {
			t.Errorf("%d %ss in a time of which nothing is known: %+v", n, what, figure)
		}
	}
}

// checkGaps counts by hand those that a dashboard lists.
func checkGaps(t *rapid.T, c *chronicle, guild snowflake.GuildID, g *stats.Guild) {
	span := g.Window.Span
	if day := c.now.Truncate(time.Hour).Add(-23 * time.Hour); g.Window.Period != stats.PeriodCustom && day.Before(span.From) {
		span.From = day
	}
	var want int
	for _, gap := range c.gaps {
		if (gap.Guild == 0 || gap.Guild == guild) && gap.From.Before(span.Until) && gap.To.After(span.From) {
			want++
		}
	}
	if len(g.Gaps) != min(20, want) {
		t.Errorf("%s: %d gaps, want %d", g.Window.Period, len(g.Gaps), want)
	}
}

func checkOverview(ctx context.Context, t *rapid.T, c *chronicle, figures *stats.Stats) {
	o, err := figures.Overview(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if o.Guilds.Value != float64(len(c.guilds)) || len(o.Servers) != len(c.guilds) {
		t.Errorf("%v guilds, %d listed, want %d", o.Guilds.Value, len(o.Servers), len(c.guilds))
	}
	lastMonth := time.Date(c.now.Year(), c.now.Month()-1, 1, 0, 0, 0, 0, time.UTC)
	thisMonth := lastMonth.AddDate(0, 1, 0)
	checkChange(t, "guilds", o.Guilds.Change, float64(len(c.guilds)), float64(len(c.guilds)), c.watched(thisMonth))

	day, _ := spans(c.now, 24*time.Hour)
	commands := c.count(0, day, "command", nil)
	if o.Commands.Value != float64(commands) {
		t.Errorf("%v commands, want %d", o.Commands.Value, commands)
	}
	daily := float64(c.count(0, store.Span{From: lastMonth, Until: thisMonth}, "command", nil))
	daily /= thisMonth.Sub(lastMonth).Hours() / 24
	checkChange(t, "commands", o.Commands.Change, float64(commands), daily, c.watched(lastMonth))

	active := c.activeSince(moderation.BucketOf(c.now.Add(-30 * 24 * time.Hour)))
	if o.Users.Value != float64(active) {
		t.Errorf("%v active users, want %d", o.Users.Value, active)
	}
	before := len(c.months[lastMonth.Year()*100+int(lastMonth.Month())][store.Everywhere])
	checkChange(t, "users", o.Users.Change, float64(active), float64(before), c.watched(lastMonth))

	hour, hourBefore := spans(c.now, time.Hour)
	checkLatency(t, c, o.Latency, hour, hourBefore)
	checkHours(t, c, store.Everywhere, o.Activity)
	for _, server := range o.Servers {
		messages, actions := c.count(server.ID, day, "message", nil), c.count(server.ID, day, "action", nil)
		if server.Messages24h != messages || server.Actions24h != actions {
			t.Errorf("server %s: %d messages, %d actions", server.ID, server.Messages24h, server.Actions24h)
		}
	}
}

func checkChange(t *rapid.T, what string, got stats.Change, now, before float64, known bool) {
	switch {
	case got.Known != known:
		t.Errorf("%s: change known is %v, want %v", what, got.Known, known)
	case !known && got.Why == "":
		t.Errorf("%s: no reason for an unknown change", what)
	case known && got != stats.Compare(now, before):
		t.Errorf("%s: change is %+v, want %v after %v", what, got, now, before)
	}
}

func checkShares[K ~string](t *rapid.T, shares []stats.Share, keys []K, total stats.Figure, want func(K) int64) {
	var sum int64
	for i, key := range keys {
		if shares[i].Key != string(key) || shares[i].Count != want(key) {
			t.Errorf("share %d is %+v, want %d of %s", i, shares[i], want(key), key)
		}
		sum += shares[i].Count
	}
	if len(shares) != len(keys) || float64(sum) != total.Value {
		t.Errorf("%d shares add up to %d, the figure is %v", len(shares), sum, total.Value)
	}
}

func checkLatency(t *rapid.T, c *chronicle, got stats.Figure, current, previous store.Span) {
	now, known := c.average(current)
	before, knownBefore := c.average(previous)
	if got.Known != known || known && (abs(got.Value-now) > 1e-6 || got.Change.Known != knownBefore) {
		t.Errorf("latency is %+v, want %v (%v) after %v (%v)", got, now, known, before, knownBefore)
	}
	if known && knownBefore && abs(got.Change.Delta-(now-before)) > 1e-6 {
		t.Errorf("latency changed by %v, want %v", got.Change.Delta, now-before)
	}
}

func abs(x float64) float64 { return max(x, -x) }

func checkHours(t *rapid.T, c *chronicle, guild snowflake.GuildID, hours []stats.Hour) {
	if len(hours) != 24 || !hours[23].Start.Equal(c.now.Truncate(time.Hour)) {
		t.Fatalf("%d hours, the last is %v", len(hours), hours[len(hours)-1].Start)
	}
	for i, hour := range hours {
		span := store.Span{From: c.now.Truncate(time.Hour).Add(time.Duration(i-23) * time.Hour)}
		span.Until = span.From.Add(time.Hour)
		count := func(what string) int64 { return c.count(guild, span, what, nil) }
		want := stats.Hour{Start: span.From, Messages: count("message"), Commands: count("command"), Joins: count("join"),
			Leaves: count("leave"), Actions: count("action"), Violations: count("violation")}
		for _, gap := range c.gaps {
			ours := guild == 0 || gap.Guild == 0 || gap.Guild == guild
			want.Gap = want.Gap || ours && gap.From.Before(span.Until) && gap.To.After(span.From)
		}
		if hour != want {
			t.Errorf("hour %d is %+v, want %+v", i, hour, want)
		}
	}
}

func checkTargets(t *rapid.T, c *chronicle, guild snowflake.GuildID, g *stats.Guild) {
	period, want := g.Window.Period, c.targets(guild, g.Window.Span)
	if len(want) != len(g.Targets) {
		t.Fatalf("%s: %d targets, want %d", period, len(g.Targets), len(want))
	}
	for i, target := range g.Targets {
		last := want[i].Last.Truncate(time.Millisecond)
		if target.ID != want[i].ID || target.Actions != want[i].Actions || !target.Last.Equal(last) {
			t.Errorf("%s: target %d is %+v, want %+v", period, i, target, want[i])
		}
	}
}
