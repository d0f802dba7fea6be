package store_test

import (
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// What members wrote is kept for as long as their guild says, in violations and in the feed, and for 0 days not at all.
func TestWhatMembersWroteIsForgotten(t *testing.T) {
	now := noon
	s := storetest.New(t, func(o *store.Options) { o.Clock = func() time.Time { return now } })
	seeGuild(t, s)
	grant := granted[access.UpdateSettings](t, 1, 99)
	add := func(message snowflake.MessageID) int64 {
		c := broken(1, message, moderation.Response{})
		c.Violation.At = now
		return openCase(t, s, c).Violation
	}
	kept := func(what string, number int64, keeps bool) {
		t.Helper()
		v := violation(t, s, number)
		if (v.Content != "") != keeps || (v.Keyword != "") != keeps || v.RuleName == "" {
			t.Errorf("%s: kept %q, %q of %q", what, v.Content, v.Keyword, v.RuleName)
		}
		changes, err := s.ChangesAfter(t.Context(), 1, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			if c.Kind == moderation.ChangeViolation && c.Ref == number && (c.Detail != "") != keeps {
				t.Errorf("%s: the feed says %q", what, c.Detail)
			}
		}
	}
	prune := func(wants int64) {
		t.Helper()
		if n, err := s.Prune(t.Context(), now); err != nil || n != wants {
			t.Errorf("%d rows were pruned, want %d: %v", n, wants, err)
		}
	}
	first := add(100)
	now = noon.Add(6 * 24 * time.Hour)
	second := add(101)
	prune(0)
	kept("within a week", first, true)
	now = noon.Add(7*24*time.Hour + time.Second)
	prune(2)
	kept("after a week", first, false)
	kept("the next one, within a week", second, true)
	if err := s.SetRetention(t.Context(), grant, store.Retention{Text: 1}); err != nil {
		t.Fatal(err)
	}
	prune(2)
	kept("kept for a day", second, false)
	if err := s.SetRetention(t.Context(), grant, store.Retention{Text: 0}); err != nil {
		t.Fatal(err)
	}
	kept("not kept at all", add(102), false)
	prune(0)
	if err := s.SetRetention(t.Context(), grant, store.Retention{Text: 366}); fault.Of(err) != fault.Invalid {
		t.Errorf("keeping for more than a year: %v", err)
	}
	if n := len(auditRows(t, s)); n != 2 {
		t.Errorf("%d audit rows", n)
	}
	// A replay is known by its hash alone.
	if c := broken(1, 102, moderation.Response{}); openCase(t, s, c).Fresh {
		t.Error("without its text a violation is not known again")
	}
}
