package main

import (
	"context"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/desk"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	views "guildwatch/views/raid"
)

// newRaidMode makes what notices raids, and has the bot carry out what follows.
func (p *parts) newRaidMode() *desk.RaidMode {
	return desk.NewRaidMode(desk.RaidOptions{Raids: p.store, Docket: p.store, Gate: gatekeeper{p}, Page: p.raidPage,
		Logger: p.log})
}

// raidPage is the address of a raid's page for whoever reads of it in Discord; empty where the dashboard has no address
// that others reach.
func (p *parts) raidPage(guild snowflake.GuildID, number int64) string {
	if p.config.PublicURL == nil {
		return ""
	}
	return p.config.Origin("") + views.ReportURL(guild, number)
}

// gatekeeper is the bot, once it is there.
type gatekeeper struct{ *parts }

// Doors looks at what raid mode would change.
func (g gatekeeper) Doors(ctx context.Context, guild snowflake.GuildID) (raid.Doors, moderation.Result) {
	return g.bot.Doors(ctx, guild)
}

// PauseInvites pauses invites, or opens them again.
func (g gatekeeper) PauseInvites(
	ctx context.Context, guild snowflake.GuildID, until time.Time, reason string,
) moderation.Result {
	return g.bot.PauseInvites(ctx, guild, until, reason)
}

// SetVerification sets the verification level.
func (g gatekeeper) SetVerification(
	ctx context.Context, guild snowflake.GuildID, level int, reason string,
) moderation.Result {
	return g.bot.SetVerification(ctx, guild, level, reason)
}

// BanMany bans many at once.
func (g gatekeeper) BanMany(
	ctx context.Context, guild snowflake.GuildID, users []snowflake.UserID, reason string,
) ([]snowflake.UserID, moderation.Result) {
	return g.bot.BanMany(ctx, guild, users, reason)
}

// SayOnce writes in a channel, with the same nonce once.
func (g gatekeeper) SayOnce(
	ctx context.Context, channel snowflake.ChannelID, nonce, text string,
) moderation.Result {
	return g.bot.SayOnce(ctx, channel, nonce, text)
}
