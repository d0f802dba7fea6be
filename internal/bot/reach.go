package bot

import (
	"context"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// OwnRoles are the bot's roles in a guild, that of @everyone not among them; false until the guild has been seen whole.
func (b *Bot) OwnRoles(guild snowflake.GuildID) ([]snowflake.RoleID, bool) {
	b.guilds.mu.Lock()
	defer b.guilds.mu.Unlock()
	s := b.guilds.guilds[guild]
	if s == nil || !s.whole {
		return nil, false
	}
	return append([]snowflake.RoleID{}, s.own...), true
}

// MayWrite looks whether Say would work in a channel, without writing there: nil, or a *fault.Error like Say's. Where
// the bot's own roles are not known yet it is Unavailable.
func (b *Bot) MayWrite(ctx context.Context, guild snowflake.GuildID, channel snowflake.ChannelID) error {
	profile, known := b.guilds.profile(guild)
	own, seen := b.OwnRoles(guild)
	if !known || !seen {
		return fault.New(fault.Unavailable,
			"Discord has not told yet what guildwatch may do here. Please try again in a minute.")
	}
	var c struct {
		Overwrites []wireOverwrite `json:"permission_overwrites"`
	}
	if err := b.rest.get(ctx, "channels/"+channel.String(), &c); err != nil {
		return unsaid(err)
	}
	holds := bits(profile.Permissions)
	if profile.Permissions.Has(moderation.PermAdministrator) {
		return nil
	}
	if holds = overwritten(holds, c.Overwrites, guild, own, b.Self()); moderation.Permissions(holds).Has(
		moderation.PermViewChannel | moderation.PermSendMessages) {
		return nil
	}
	return unsaid(&Refusal{Status: 403, Code: 50013, Text: "the channel's permissions"})
}

// wireOverwrite is what a channel allows or denies a role (type 0) or a member (type 1).
type wireOverwrite struct {
	ID    id   `json:"id"`
	Type  int  `json:"type"`
	Allow bits `json:"allow"`
	Deny  bits `json:"deny"`
}

// overwritten are permissions as a channel changes them: @everyone's come first, then those of all roles together, then
// the member's own.
func overwritten(
	holds bits, list []wireOverwrite, guild snowflake.GuildID, roles []snowflake.RoleID, user snowflake.UserID,
) bits {
	var allow, deny, allowed, denied bits
	has := make(map[id]bool, len(roles))
	for _, role := range roles {
		has[id(role)] = true
	}
	for _, o := range list {
		switch {
		case o.Type == 0 && o.ID == id(guild):
			holds = holds&^o.Deny | o.Allow
		case o.Type == 0 && has[o.ID]:
			allow, deny = allow|o.Allow, deny|o.Deny
		case o.Type == 1 && o.ID == id(user):
			allowed, denied = o.Allow, o.Deny
		}
	}
	return (holds&^deny|allow)&^denied | allowed
}
