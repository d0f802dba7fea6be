package discordsim

import "guildwatch/internal/snowflake"

// keywordRules is how many keyword rules a guild may have; of each other kind it may have one.
const keywordRules = 6

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
	if wrong := g.wrongRule(&rule); wrong != nil {
		return *wrong
	}
	rule.ID = 0 // Discord's to give
	return ok(c.sim.putRule(g, c.sim.BotID(), rule))
}

// wrongRule checks what Discord checks of a rule.
func (g *guild) wrongRule(rule *AutoModRule) *answer {
	var wrong answer
	same := 0
	for _, other := range g.rules {
		if other.Trigger == rule.Trigger && other.ID != rule.ID {
			same++
		}
	}
	switch {
	case rule.Name == "" || len([]rune(rule.Name)) > 100:
		wrong = invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	case len(rule.Actions) == 0:
		wrong = invalid("actions", "BASE_TYPE_REQUIRED", "This field is required")
	case rule.does(AutoModTimeout) && rule.Trigger != TriggerKeyword && rule.Trigger != TriggerMentionSpam:
		wrong = invalid("actions", "AUTO_MODERATION_INVALID_ACTION_TYPE", "This action is not allowed for this trigger.")
	case rule.Trigger == TriggerKeyword && same >= keywordRules, rule.Trigger != TriggerKeyword && same >= 1:
		wrong = invalid("trigger_type", "AUTO_MODERATION_MAX_RULES_OF_TYPE_EXCEEDED", "Max rules of this type exceeded.")
	default:
		return nil
	}
	return &wrong
}

func patchRule(c *call) answer {
	g, rule, refused := c.rule()
	if refused != nil {
		return *refused
	}
	changed := *rule
	if refused, fits := c.read(&changed); !fits {
		return refused
	}
	changed.ID, changed.GuildID, changed.CreatorID, changed.Trigger = rule.ID, rule.GuildID, rule.CreatorID, rule.Trigger
	changed.fill()
	if wrong := g.wrongRule(&changed); wrong != nil {
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
