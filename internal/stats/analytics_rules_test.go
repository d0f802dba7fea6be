package stats_test

import (
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
)

// A moderator may call a shadow hit wrong: it is one of the shadow hits, not one of one because nothing counts. Of a rule that
// is enforced, shadow hits of before are no measure.
func TestFalsePositivesAreAShareOfWhatWasJudged(t *testing.T) {
	now := time.Date(2026, 3, 17, 9, 1, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	s, closed := openAt(t, clock)
	defer closed()
	if err := newChronicle(now).open(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	grant, err := access.Check[access.ManageViolations](t.Context(), moderators{}, access.Person(7, false), 11)
	if err != nil {
		t.Fatal(err)
	}
	find := func(rule string, message int, shadow, wrong bool) {
		t.Helper()
		opened, err := s.Open(t.Context(), moderation.Case{Evidence: "e", Version: 1, Detected: now, Shadow: shadow,
			Surface: moderation.SurfaceContent,
			Violation: moderation.Violation{Guild: 11, At: now, Source: moderation.SourceRule, Rule: rule, RuleName: "Words",
				Severity: moderation.SeverityHigh, User: 5, Channel: 9, Message: snowflake.MessageID(message)}})
		if err == nil && wrong {
			err = s.MarkFalsePositive(t.Context(), grant, opened.Violation, true)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5 {
		find("rule:1", 100+i, true, i == 0) // in shadow mode alone
		find("rule:2", 200+i, false, i == 0)
		find("rule:3", 300+i, i < 2, i == 4) // first in shadow mode, then enforced
	}
	w, err := stats.WindowOf(now, stats.PeriodDay)
	if err != nil {
		t.Fatal(err)
	}
	a, err := stats.New(s, stats.Options{Clock: clock}).Analytics(t.Context(), 11, w)
	if err != nil {
		t.Fatal(err)
	}
	for i := range a.Rules {
		r, want := &a.Rules[i], int64(5)
		if r.Rule == "rule:3" {
			want = 3
		}
		if r.Wrong.Share != 1/float64(want) || r.Wrong.Of != want {
			t.Errorf("%s: %v of %d are wrong, want 1 of %d: %+v", r.Rule, r.Wrong.Share, r.Wrong.Of, want, r.Found)
		}
	}
	if len(a.Rules) != 3 {
		t.Errorf("%d rules, want 3", len(a.Rules))
	}
}
