package store_test

import (
	"slices"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// The list of rules counts as each rule does by itself, at the edges of both windows and across whole days, in as many
// queries for forty rules as for one.
func TestRuleListCounts(t *testing.T) {
	s := storetest.New(t, atNoon)
	ask := func() (list []store.RuleRow, queries int64) {
		before := s.Reads()
		if err := s.Read(t.Context(), func(now *store.Snapshot) { list = now.RuleList(1) }); err != nil {
			t.Fatal(err)
		}
		return list, s.Reads() - before
	}
	saveRule(t, s, wordRule("loud"))
	_, forOne := ask()
	for range 39 {
		saveRule(t, s, wordRule("loud"))
	}
	const day = 24 * time.Hour
	ago := []time.Duration{0, 20 * time.Minute, 11 * time.Hour, 13 * time.Hour, 3 * day, 7*day - time.Minute, 7 * day,
		7*day + 16*time.Minute, 29 * day, 30*day - time.Minute, 30 * day, 30*day + 16*time.Minute, 40 * day}
	for i, before := range ago {
		for rule, name := range map[int64]string{1: "rule:1", 2: "rule:2"} {
			c := broken(1, snowflake.MessageID(100*int(rule)+i), moderation.Response{})
			c.Violation.Rule, c.Violation.At, c.Shadow = name, noon.Add(-before), rule == 2 && i%2 == 0
			openCase(t, s, c)
		}
	}
	list, queries := ask()
	if queries != forOne || len(list) != 40 {
		t.Errorf("%d queries for %d rules, %d for one", queries, len(list), forOne)
	}
	for _, row := range list {
		if one := ruleRow(t, s, row.Number); one.Week != row.Week || one.Month != row.Month {
			t.Errorf("rule %d: week %+v and month %+v in the list, %+v and %+v by itself", row.Number, row.Week,
				row.Month, one.Week, one.Month)
		}
	}
	got := []store.RuleCounts{list[0].Week, list[0].Month, list[1].Week, list[1].Month, list[2].Month}
	want := []store.RuleCounts{{Counted: 7}, {Counted: 11}, {Counted: 3, Shadow: 4}, {Counted: 5, Shadow: 6}, {}}
	if !slices.Equal(got, want) {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}
