package main

import (
	"context"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/desk"
	"guildwatch/internal/snowflake"
)

// newDesk makes the desk on which the bot lays every event, and which has the bot carry out what it decides: each is made
// before it knows the other.
func (p *parts) newDesk() *desk.Desk {
	return desk.New(desk.Options{Ledger: p.store, Docket: p.store, Appeals: p.store, Enforcer: enforcer{p}, Rules: p.store.Rules,
		Raids: p.newRaidMode(),
		Role:  p.memberRole,
		Above: func(ctx context.Context, channel snowflake.ChannelID) (snowflake.ChannelID, error) {
			return p.bot.ChannelAbove(ctx, channel)
		},
		Self: func() snowflake.UserID { return p.bot.Self() }, Logger: p.log})
}

// enforcer is the courier with the bot, once they are there.
type enforcer struct{ *parts }

// Enforce asks Discord, and tells members of what takes them out of reach.
func (e enforcer) Enforce(ctx context.Context, errand moderation.Errand) moderation.Result {
	return e.courier.Enforce(ctx, errand)
}

// memberRole is what a member is on a guild's dashboard, in the demo too: there, visitors play a role, members have one.
func (p *parts) memberRole(ctx context.Context, guild snowflake.GuildID, user snowflake.UserID) (access.Role, error) {
	return p.roster.RoleIn(ctx, guild, access.Person(user, false))
}
