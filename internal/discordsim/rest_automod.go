package discordsim

import (
	"slices"

	"guildwatch/internal/snowflake"
)

func listRules(c *call) answer {
	g, refused := c.guild(PermissionManageGuild)
	if refused != nil {
		return *refused
	}
	return ok(byID(g.rules))
}

func getRule(c *call) answer {
	_, rule, refused := c.rule()
	if refused != nil {
		return *refused
	}
	return ok(rule)
}

func (c *call) rule() (*guild, *AutoModRule, *answer) {
	g, refused := c.guild(PermissionManageGuild)
	if refused != nil {
		return nil, nil, refused
	}
	rule := g.rules[pathID[snowflake.RuleID](c, "rule")]
	if rule == nil {
		missing := unknown(codeUnknownRule, "Auto Moderation Rule")
		return nil, nil, &missing
	}
	return g, rule, nil
}

func postRule(c *call) answer {
	g, refused := c.guild(PermissionManageGuild)
	if refused != nil {
		return *refused
	}
	var rule AutoModRule
	if refused, fits := c.read(&rule); !fits {
		return refused
	}
	rule.fill()
	if wrong := c.wrongRule(g, &rule); wrong != nil {
		return *wrong
	}
	rule.ID = 0 // Discord's to give
	return ok(c.sim.putRule(g, c.sim.BotID(), rule))
}

func patchRule(c *call) answer {
	g, rule, refused := c.rule()
	if refused != nil {
		return *refused
	}
	changed := *rule
	// A decoder writes into the slices that it finds, and what is refused must change nothing.
	changed.Metadata, changed.Actions = slices.Clone(rule.Metadata), slices.Clone(rule.Actions)
	changed.ExemptRoles, changed.ExemptChannels = slices.Clone(rule.ExemptRoles), slices.Clone(rule.ExemptChannels)
	if refused, fits := c.read(&changed); !fits {
		return refused
	}
	changed.ID, changed.GuildID, changed.CreatorID, changed.Trigger = rule.ID, rule.GuildID, rule.CreatorID, rule.Trigger
	changed.fill()
	if wrong := c.wrongRule(g, &changed); wrong != nil {
		return *wrong
	}
	*rule = changed
	c.sim.emit("AUTO_MODERATION_RULE_UPDATE", g, rule)
	c.sim.note(g, AuditEntry{
		UserID: c.sim.BotID(), TargetID: rule.ID.String(), Action: AuditRuleUpdate, Reason: c.reason,
		Changes: []AuditChange{{Key: "name", New: rule.Name}},
	})
	return ok(rule)
}

func deleteRule(c *call) answer {
	g, rule, refused := c.rule()
	if refused != nil {
		return *refused
	}
	delete(g.rules, rule.ID)
	c.sim.emit("AUTO_MODERATION_RULE_DELETE", g, rule)
	c.sim.note(g, AuditEntry{
		UserID: c.sim.BotID(), TargetID: rule.ID.String(), Action: AuditRuleDelete, Reason: c.reason,
		Changes: []AuditChange{{Key: "name", Old: rule.Name}},
	})
	return done()
}
