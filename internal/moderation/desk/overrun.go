package desk

import (
	"context"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
)

// curb has a rule switched off whose expression took too long, on guildwatch's own behalf. Where that fails, the rule
// is told of again as soon as it has taken too long once more.
func (d *Desk) curb(ctx context.Context, guild snowflake.GuildID, rules *rule.Set) {
	over := rules.Overrun()
	if over == nil {
		return
	}
	d.log.Warn("a rule takes too long", "guild", guild, "rule", over.Rule.Number, "problem", over.Text)
	if d.switchOff == nil {
		return
	}
	if err := d.switchOff(ctx, access.OfSystem[access.UpdateRules](guild), over); err != nil {
		d.log.Error("a rule that takes too long could not be switched off", "guild", guild, "rule", over.Rule.Number,
			"err", err)
	}
}
