package stats_test

import (
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/health"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
)

// checkOffenders counts by hand who broke rules how often: those in shadow mode are no facts.
func checkOffenders(t *rapid.T, c *chronicle, guild snowflake.GuildID, g *stats.Guild) {
	period, span := g.Window.Period, g.Window.Span
	counts, last := map[snowflake.UserID]int64{}, map[snowflake.UserID]time.Time{}
	for _, f := range c.facts {
		if f.what == "violation" && f.guild == guild && within(span, f.at) {
			counts[f.target]++
			if f.at.After(last[f.target]) {
				last[f.target] = f.at
			}
		}
	}
	var want stats.Repeat
	for _, n := range counts {
		switch n {
		case 1:
			want.One++
		case 2:
			want.Two++
		default:
			want.More++
		}
	}
	if g.Repeat != want || len(g.Offenders) != min(10, len(counts)) {
		t.Fatalf("%s: %d offenders, %+v, want %d, %+v", period, len(g.Offenders), g.Repeat, len(counts), want)
	}
	for i, o := range g.Offenders {
		if o.Violations != counts[o.ID] || !o.Last.Equal(last[o.ID].Truncate(time.Millisecond)) {
			t.Errorf("%s: offender %d is %+v, want %d, the last at %v", period, i, o, counts[o.ID], last[o.ID])
		}
		if i > 0 && g.Offenders[i-1].Violations < o.Violations {
			t.Errorf("%s: offender %d has more than the one before", period, i)
		}
	}
}

// checkHealth computes the score of the last 24 hours, and of those before, from counts by hand.
func checkHealth(t *rapid.T, c *chronicle, guild snowflake.GuildID, g *stats.Guild) {
	current, previous := spans(c.now, stats.PeriodDay.Length())
	of := func(day bool) health.Input {
		span := current
		if !day {
			span = previous
		}
		return health.Input{Messages: c.count(guild, span, "message", nil), Violations: c.count(guild, span, "violation", nil),
			Actions: c.count(guild, span, "action", nil), Removals: c.count(guild, span, "action", func(f fact) bool {
				return f.kind == moderation.ActionKick || f.kind == moderation.ActionBan
			})}
	}
	if g.Health.Input != of(true) || g.Health.Score != health.Of(of(true)) {
		t.Errorf("health is %+v of %+v, want %+v", g.Health.Score, g.Health.Input, of(true))
	}
	checkChange(t, "health", g.Health.Change, g.Health.Value, health.Of(of(false)).Value, c.watched(previous.From))
}
