package main

import (
	"context"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/bot"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/desk"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
)

// newDesk makes the desk on which the bot lays every event, and which has the bot carry out what it decides: each is made
// before it knows the other.
func (p *parts) newDesk() *desk.Desk {
	return desk.New(desk.Options{Ledger: p.store, Docket: p.store, Appeals: p.store, Enforcer: enforcer{p}, Rules: p.store.Rules,
		Raids: p.newRaidMode(),
		Role:  p.memberRole,
		Met: func(ctx context.Context, guild snowflake.GuildID, member moderation.Member, at time.Time) error {
			return p.roster.Met(ctx, guild, member, at)
		},
		Above: func(ctx context.Context, channel snowflake.ChannelID) (snowflake.ChannelID, error) {
			return p.bot.ChannelAbove(ctx, channel)
		},
		There: func(ctx context.Context, guild snowflake.GuildID, user snowflake.UserID) (bool, error) {
			_, there, err := p.bot.FetchMember(ctx, guild, user)
			return there, err
		},
		SwitchOff: p.switchOff,
		Self:      func() snowflake.UserID { return p.bot.Self() }, Logger: p.log})
}

// enforcer is the courier with the bot, once they are there.
type enforcer struct{ *parts }

// Enforce asks Discord, and tells members of what takes them out of reach.
func (e enforcer) Enforce(ctx context.Context, errand moderation.Errand) moderation.Result {
	return e.courier.Enforce(ctx, errand)
}

// switchOff switches a rule off that takes too long, and says so where the guild wants to hear of things.
func (p *parts) switchOff(ctx context.Context, grant access.Grant[access.UpdateRules], over *rule.Overrun) error {
	done, err := p.store.SwitchRuleOff(ctx, grant, over.Rule.Number, over.Rule.Version, over.Text)
	if !done || err != nil {
		return err
	}
	profile, known, err := p.store.Profile(ctx, grant.Guild())
	if !known || profile.LogChannel == 0 || err != nil {
		return err
	}
	text := "guildwatch has switched off the rule **" + bot.Plain(over.Rule.Name) + "**. " + over.Text
	go func() { // a lane does not wait for Discord
		if err := p.bot.Say(context.WithoutCancel(ctx), profile.LogChannel, text); err != nil {
			p.log.Warn("nobody could be told of a rule that was switched off", "guild", grant.Guild(), "err", err)
		}
	}()
	return nil
}

// memberRole is what a member is on a guild's dashboard, in the demo too: there, visitors play a role, members have one.
func (p *parts) memberRole(ctx context.Context, guild snowflake.GuildID, user snowflake.UserID) (access.Role, error) {
	return p.roster.RoleIn(ctx, guild, access.Person(user, false))
}
