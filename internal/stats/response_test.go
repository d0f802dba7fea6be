package stats_test

import (
	"context"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
)

// moderators is a roster in which everybody is one.
type moderators struct{}

func (moderators) RoleIn(context.Context, snowflake.GuildID, access.Actor) (access.Role, error) {
	return access.Moderator, nil
}

// What a moderator calls a false positive leaves every figure of the dashboard, and comes back with the mark: counts,
// offenders, response times and health, each at the next look.
func TestWhatIsNotCountedIsInNoFigure(t *testing.T) {
	now := time.Date(2026, 3, 17, 9, 1, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	s, closed := openAt(t, clock)
	defer closed()
	if err := newChronicle(now).open(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	figures := stats.New(s, stats.Options{Clock: clock})
	opened, err := s.Open(t.Context(), moderation.Case{Evidence: "e", Version: 1, Detected: now, Surface: moderation.SurfaceContent,
		Response: moderation.Response{Kind: moderation.ActionKick},
		Violation: moderation.Violation{Guild: 11, At: now, Source: moderation.SourceRule, Severity: moderation.SeverityHigh,
			Rule: "rule:1", RuleName: "Words", User: 5, Channel: 9, Message: 77}})
	if err != nil || len(opened.Actions) != 1 {
		t.Fatalf("%+v, %v", opened, err)
	}
	now = now.Add(550 * time.Millisecond)
	errand := moderation.Errand{Guild: 11, Action: opened.Actions[0], Kind: moderation.ActionKick, Target: 5}
	if err := s.Settle(t.Context(), errand, moderation.Result{Done: true}); err != nil {
		t.Fatal(err)
	}
	grant, err := access.Check[access.ManageViolations](t.Context(), moderators{}, access.Person(7, false), 11)
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []bool{false, true, false} {
		if err := s.MarkFalsePositive(t.Context(), grant, opened.Violation, wrong); err != nil {
			t.Fatal(err)
		}
		for _, period := range stats.Periods() {
			g, err := figures.Guild(t.Context(), 11, stats.Last(period))
			if err != nil {
				t.Fatal(err)
			}
			counted := g.Violations.Value == 1 && g.FoundBySource[0].Count == 1 && len(g.Offenders) == 1 &&
				g.Repeat.One == 1 && g.ResponseMedian.Known && g.Health.Input.Answered == 1 && g.Health.Value < 50
			nowhere := g.Violations.Value == 0 && g.FoundBySource[0].Count == 0 && len(g.Offenders) == 0 &&
				g.Repeat == stats.Repeat{} && !g.ResponseMedian.Known && g.Health.Input.Answered == 0 && g.Health.Value == 100
			if wrong && !nowhere || !wrong && !counted {
				t.Errorf("%s, marked as wrong %t: %+v, %+v, offenders %+v, median %+v, health %+v", period, wrong,
					g.Violations, g.FoundBySource, g.Offenders, g.ResponseMedian, g.Health)
			}
		}
	}
}
