package bot

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
)

// wireDoors is what raid mode changes of a guild.
type wireDoors struct {
	Level     *int `json:"verification_level"`
	Incidents struct {
		Invites moment `json:"invites_disabled_until"`
		DMs     moment `json:"dms_disabled_until"`
	} `json:"incidents_data"`
}

// Doors looks at what raid mode would change in a guild.
func (b *Bot) Doors(ctx context.Context, guild snowflake.GuildID) (raid.Doors, moderation.Result) {
	found, err := b.rest.doors(ctx, guild)
	if err != nil {
		return raid.Doors{}, b.gated(guild, err)
	}
	return raid.Doors{InvitesUntil: found.Incidents.Invites.Time, Level: *found.Level}, moderation.Result{Done: true}
}

func (r *rest) doors(ctx context.Context, guild snowflake.GuildID) (found wireDoors, err error) {
	if err = r.get(ctx, "guilds/"+guild.String(), &found); err == nil && found.Level == nil {
		// Half an answer must not be taken for a level of 0, which would be restored.
		err = fault.New(fault.Unavailable, "Discord did not say how the server is secured.")
	}
	return found, err
}

// PauseInvites pauses invites until a time, at most a day ahead; zero opens them again. A pause of direct messages stays
// as it is: Discord takes both together.
func (b *Bot) PauseInvites(
	ctx context.Context, guild snowflake.GuildID, until time.Time, reason string,
) moderation.Result {
	if lacks := b.gateless(guild); lacks != "" {
		return moderation.Result{Refused: lacks}
	}
	found, err := b.rest.doors(ctx, guild)
	if err != nil {
		return b.gated(guild, err)
	}
	body := map[string]*time.Time{"invites_disabled_until": nil, "dms_disabled_until": nil}
	now := b.opt.Clock()
	for field, end := range map[string]time.Time{"invites_disabled_until": until, "dms_disabled_until": found.Incidents.DMs.Time} {
		if end = end.UTC(); end.After(now) {
			body[field] = &end
		}
	}
	return b.gated(guild, b.rest.change(ctx, "PUT", "guilds/"+guild.String()+"/incident-actions", body, reason))
}

// SetVerification sets a guild's verification level, 0 to 4.
func (b *Bot) SetVerification(
	ctx context.Context, guild snowflake.GuildID, level int, reason string,
) moderation.Result {
	if lacks := b.gateless(guild); lacks != "" {
		return moderation.Result{Refused: lacks}
	}
	return b.gated(guild, b.rest.change(ctx, "PATCH", "guilds/"+guild.String(),
		map[string]int{"verification_level": level}, reason))
}

const gateRemedy = "guildwatch lacks the permission Manage Server. In Discord, open Server Settings, Roles, and switch it " +
	"on for guildwatch's role."

// gateless says which permission is known to be missing, so that Discord need not be asked.
func (b *Bot) gateless(guild snowflake.GuildID) string {
	if profile, known := b.guilds.profile(guild); known && !profile.Permissions.Has(moderation.PermManageGuild) {
		return gateRemedy
	}
	return ""
}

// gated is how a request about a guild's doors went.
func (b *Bot) gated(guild snowflake.GuildID, err error) moderation.Result {
	if err == nil {
		return moderation.Result{Done: true}
	}
	switch codeOf(err) {
	case discordgo.ErrCodeMissingPermissions:
		return moderation.Result{Refused: gateRemedy}
	case discordgo.ErrCodeMissingAccess, discordgo.ErrCodeUnknownGuild:
		return moderation.Result{Refused: "guildwatch is not in this server any more. Invite it once more."}
	}
	status := statusOf(err)
	if status == http.StatusBadRequest {
		var public *fault.Error
		errors.As(err, &public)
		b.log.Error("Discord does not accept what raid mode asks for", "guild", guild, "err", err)
		return moderation.Result{Refused: public.Public}
	}
	return again(err)
}

// BanMany bans at most 200 users at once and gives those who are banned. Where Discord bans nobody, for whatever reason
// that asking for each would tell, it is refused.
func (b *Bot) BanMany(
	ctx context.Context, guild snowflake.GuildID, users []snowflake.UserID, reason string,
) ([]snowflake.UserID, moderation.Result) {
	profile, known := b.guilds.profile(guild)
	if known && !profile.Permissions.Has(moderation.PermManageGuild|moderation.PermBanMembers) {
		return nil, moderation.Result{Refused: "guildwatch lacks the permission Manage Server or Ban Members."}
	}
	ids := make([]string, len(users))
	for i, user := range users {
		ids[i] = user.String()
	}
	// What they wrote is evidence: 0 seconds of it are deleted.
	answer, err := b.rest.changed(ctx, "POST", "guilds/"+guild.String()+"/bulk-ban",
		map[string]any{"user_ids": ids, "delete_message_seconds": 0}, reason)
	var went struct {
		Banned []id `json:"banned_users"`
	}
	if err == nil {
		err = explain(decode(answer, &went))
	}
	if err != nil {
		return nil, b.gated(guild, err)
	}
	banned := make([]snowflake.UserID, len(went.Banned))
	for i, user := range went.Banned {
		banned[i] = snowflake.UserID(user)
	}
	return banned, moderation.Result{Done: true}
}

// SayOnce writes in a channel like Say; the same nonce, at most 25 characters, within some minutes is written once.
func (b *Bot) SayOnce(ctx context.Context, channel snowflake.ChannelID, nonce, text string) moderation.Result {
	err := b.rest.change(ctx, "POST", "channels/"+channel.String()+"/messages", map[string]any{
		"content": cut(text, replyLimit), "allowed_mentions": nobody(), "nonce": nonce, "enforce_nonce": true}, "")
	if err == nil {
		return moderation.Result{Done: true}
	}
	switch fault.Of(err) {
	case fault.Unavailable, fault.TooMany:
		return again(err)
	}
	var public *fault.Error
	if err = unsaid(err); errors.As(err, &public) {
		return moderation.Result{Refused: public.Public}
	}
	return again(err)
}
