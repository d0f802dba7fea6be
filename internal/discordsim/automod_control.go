package discordsim

import (
	"slices"

	"guildwatch/internal/snowflake"
)

// AutoModRules are a guild's rules as they are now, by id.
func (s *Sim) AutoModRules(guild snowflake.GuildID) (rules []AutoModRule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.world.guilds[guild]; g != nil {
		for _, rule := range byID(g.rules) {
			rules = append(rules, *rule)
		}
	}
	return rules
}

// EditAutoModRule has somebody change a rule in Discord's own screens. False when there is no such rule.
func (s *Sim) EditAutoModRule(
	guild snowflake.GuildID, by snowflake.UserID, id snowflake.RuleID, change func(*AutoModRule),
) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.in(guild)
	if g == nil || g.rules[id] == nil {
		return false
	}
	rule := *g.rules[id]
	rule.Actions = slices.Clone(rule.Actions)
	change(&rule)
	g.rules[id] = &rule
	s.emit("AUTO_MODERATION_RULE_UPDATE", g, &rule)
	s.note(g, AuditEntry{UserID: by, TargetID: id.String(), Action: AuditRuleUpdate,
		Changes: []AuditChange{{Key: "name", New: rule.Name}}})
	return true
}

// DeleteAutoModRule has somebody delete a rule in Discord's own screens. False when there is no such rule.
func (s *Sim) DeleteAutoModRule(guild snowflake.GuildID, by snowflake.UserID, id snowflake.RuleID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.in(guild)
	if g == nil || g.rules[id] == nil {
		return false
	}
	rule := g.rules[id]
	delete(g.rules, id)
	s.emit("AUTO_MODERATION_RULE_DELETE", g, rule)
	s.note(g, AuditEntry{UserID: by, TargetID: id.String(), Action: AuditRuleDelete,
		Changes: []AuditChange{{Key: "name", Old: rule.Name}}})
	return true
}
