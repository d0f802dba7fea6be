package stats_test

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// zoneNames are zones whose clocks are half an hour, three quarters of an hour, an hour, and again half an hour off, and one
// whose clock skips midnight.
var zoneNames = []string{"Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "UTC"}

// nearTurns are some days after clocks were put forward or back in one of the zones.
var nearTurns = []time.Time{
	time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC),
	time.Date(2026, 4, 4, 20, 0, 0, 0, time.UTC), time.Date(2026, 10, 3, 20, 0, 0, 0, time.UTC),
	time.Date(2026, 9, 8, 12, 0, 0, 0, time.UTC),
}

// ownsAll makes one user the owner everywhere.
type ownsAll snowflake.UserID

func (o ownsAll) RoleIn(_ context.Context, _ snowflake.GuildID, actor access.Actor) (access.Role, error) {
	if actor.User() == snowflake.UserID(o) {
		return access.Owner, nil
	}
	return access.None, nil
}

func setZone(ctx context.Context, t *rapid.T, s *store.Store, guild snowflake.GuildID, zone string) {
	grant, err := access.Check[access.UpdateSettings](ctx, ownsAll(7), access.Person(7, false), guild)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.UpdateSettings(ctx, grant, store.Settings{TimeZone: zone}); err != nil {
		t.Fatal(err)
	}
}

// Whatever happened, for every window and zone: by severity, by source, by rule, by kind, by the hour of the week and
// point by point the violations add up to the same total, which is what counting by hand gives.
func TestAnalyticsAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		turn := rapid.SampledFrom(nearTurns).Draw(rt, "turn")
		now := turn.Add(time.Duration(rapid.Int64Range(0, 20*24*3600).Draw(rt, "now")) * time.Second)
		clock := func() time.Time { return now }
		s, closed := openAt(t, clock)
		defer closed()
		c := newChronicle(now)
		if err := c.open(t.Context(), s); err != nil {
			rt.Fatal(err)
		}
		moments := make([]time.Time, rapid.IntRange(0, 40).Draw(rt, "things"))
		for i := range moments {
			moments[i] = c.moment(rt)
			if rapid.Bool().Draw(rt, "beside the turn") {
				moments[i] = turn.Add(time.Duration(rapid.Int64Range(-40, 40).Draw(rt, "quarters")) * moderation.Bucket)
				if moments[i].After(now) {
					moments[i] = now
				}
			}
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
		guild := rapid.SampledFrom(c.guilds).Draw(rt, "guild")
		zone := rapid.SampledFrom(zoneNames).Draw(rt, "zone")
		setZone(t.Context(), rt, s, guild, zone)
		a, err := stats.New(s, stats.Options{Clock: clock}).Analytics(t.Context(), guild, drawWindow(rt, now))
		if err != nil {
			rt.Fatal(err)
		}
		if a.TimeZone != zone {
			rt.Fatalf("times are in %s, want %s", a.TimeZone, zone)
		}
		checkAnalytics(rt, c, a)
	})
}

// drawWindow draws a period, or any other time.
func drawWindow(t *rapid.T, now time.Time) stats.Window {
	period := rapid.SampledFrom(append(stats.Periods(), stats.PeriodCustom)).Draw(t, "period")
	w, err := stats.WindowOf(now, period)
	if period == stats.PeriodCustom {
		from := now.Add(-time.Duration(rapid.Int64Range(1, 100*24*3600).Draw(t, "from")) * time.Second)
		w, err = stats.CustomWindow(now, from, from.Add(time.Duration(rapid.Int64Range(1, 200*24*3600).Draw(t, "length"))*time.Second))
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func checkAnalytics(t *rapid.T, c *chronicle, a *stats.Analytics) {
	guild, w := a.Profile.ID, a.Window
	zone, err := time.LoadLocation(a.TimeZone)
	if err != nil {
		t.Fatal(err)
	}
	want := c.count(guild, w.Span, "violation", nil)
	sums := map[string]int64{"by severity": 0, "by source": 0, "by kind": 0, "by rule": 0, "by the hour of the week": 0,
		"point by point": 0, "total": int64(a.Temporal.Violations.Value)}
	for name, list := range map[string][]stats.Share{"by severity": a.Temporal.Severity, "by source": a.Temporal.Sources,
		"by kind": a.Kinds} {
		for _, share := range list {
			sums[name] += share.Count
		}
	}
	aside := map[string]int64{}
	for i := range a.Rules {
		found := &a.Rules[i].Found
		sums["by rule"] += found.Counted()
		aside["shadow"] += found.Shadow
		aside["wrong"] += found.FalsePositives
		if share := a.Rules[i].Wrong; share.Of != found.Judged() ||
			int64(math.Round(share.Share*float64(share.Of))) != found.FalsePositives {
			t.Errorf("of %+v %+v are wrong", found, share)
		}
	}
	for what, n := range aside {
		if want := c.count(guild, w.Span, what, nil); n != want {
			t.Errorf("rules found %d of %s, want %d", n, what, want)
		}
	}
	var week [7][24]int64
	for _, f := range c.facts {
		if f.what == "violation" && f.guild == guild && within(w.Span, f.at) {
			local := moderation.BucketOf(f.at).In(zone)
			week[(local.Weekday()+6)%7][local.Hour()]++
		}
	}
	for weekday, day := range a.Temporal.Heatmap.Slots {
		for hour, slot := range day {
			sums["by the hour of the week"] += slot.Violations
			if slot.Violations != week[weekday][hour] {
				t.Errorf("%d violations on day %d at %d in %v, want %d", slot.Violations, weekday, hour, zone, week[weekday][hour])
			}
		}
	}
	at := w.Span.From
	for _, p := range a.Temporal.Series.Points {
		sums["point by point"] += p.Violations
		if n := c.count(guild, store.Span{From: p.From, Until: p.Until}, "violation", nil); !p.From.Equal(at) || n != p.Violations {
			t.Errorf("a point from %v to %v has %d violations, want %d from %v", p.From, p.Until, p.Violations, n, at)
		}
		at = p.Until
	}
	few := a.Temporal.Series.Few
	for i, p := range few {
		sums["in few points"] += p.Violations
		if i > 0 && !p.From.Equal(few[i-1].Until) {
			t.Errorf("few points: %v follows %v", p.From, few[i-1].Until)
		}
	}
	if len(few) == 0 || len(few) > stats.FewPoints || !few[0].From.Equal(w.Span.From) || !few[len(few)-1].Until.Equal(w.Span.Until) {
		t.Errorf("%d few points of %v", len(few), w.Span)
	}
	for name, sum := range sums {
		if sum != want {
			t.Errorf("%s there are %d violations in %v, want %d", name, sum, w.Span, want)
		}
	}
	if !at.Equal(w.Span.Until) {
		t.Errorf("the points end at %v, the window at %v", at, w.Span.Until)
	}
	checkMembers(t, c, a)
}

// checkMembers counts who broke rules by hand.
func checkMembers(t *rapid.T, c *chronicle, a *stats.Analytics) {
	found := map[snowflake.UserID]int64{}
	for _, f := range c.facts {
		if f.what == "violation" && f.guild == a.Profile.ID && within(a.Window.Span, f.at) {
			found[f.target]++
		}
	}
	var repeat stats.Repeat
	for _, n := range found {
		switch n {
		case 1:
			repeat.One++
		case 2:
			repeat.Two++
		default:
			repeat.More++
		}
	}
	if a.Members.Repeat != repeat || len(a.Members.Offenders) != min(10, len(found)) {
		t.Errorf("%v and %d offenders, want %v of %v", a.Members.Repeat, len(a.Members.Offenders), repeat, found)
	}
	for _, o := range a.Members.Offenders {
		if found[o.ID] != o.Violations || o.Last.Before(a.Window.Span.From) || !o.Last.Before(a.Window.Span.Until) {
			t.Errorf("%d has %d violations, the last at %v, want %d", o.ID, o.Violations, o.Last, found[o.ID])
		}
	}
}
