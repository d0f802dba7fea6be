package main

import (
	"context"
	"strings"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation/rule"
	"guildwatch/store"
)

// An expression that is cheap on every text with which it was tried, and slow on what is written later, is switched
// off; the rules page, the audit log and the guild's log channel say so.
func TestARuleThatTakesTooLongIsSwitchedOffAndPeopleAreTold(t *testing.T) {
	s := newStage(t)
	s.open()
	s.connected()
	if err := s.store.UpdateSettings(context.Background(), grant[access.UpdateSettings](s),
		store.Settings{TimeZone: "UTC", LogChannel: s.channel}); err != nil {
		t.Fatal(err)
	}
	slow := s.ruled(func(r *rule.Rule) {
		r.Name, r.Kind, r.Spec = "Slow *one*", rule.Regex, rule.Spec{Pattern: `\p{Han}(?:\p{Han}?){250}!`}
	})
	for range 3 {
		s.say(s.bob, strings.Repeat("漢", 4000))
	}
	var row store.RuleRow
	s.until("the rule is off", func() bool {
		err := s.store.Read(context.Background(), func(now *store.Snapshot) { row, _ = now.Rule(s.guild, slow.Number) })
		return err == nil && row.Mode == rule.Off
	})
	if !strings.Contains(row.Problem, "within a minute; 10ms is allowed") || row.Version != slow.Version+1 {
		t.Errorf("%+v", row)
	}
	s.until("the log channel is told", func() bool {
		told := s.sim.Messages(s.channel)
		return len(told) > 3 && strings.Contains(told[len(told)-1].Text,
			`switched off the rule **Slow \*one\***. Its expression took`)
	})
	page := s.get(s.page() + "/rules/1")
	if !strings.Contains(page, "guildwatch has switched it off: Its expression took") {
		t.Error("the page of the rule does not say why it is off")
	}
	if page := s.get(s.page()); !strings.Contains(page, "guildwatch has switched off a rule that takes too long") {
		t.Error("the feed does not say it")
	}
	if log := s.get(s.page() + "/audit"); !strings.Contains(log, "switched off") {
		t.Error("the audit log does not have it")
	}
	s.close()
}
