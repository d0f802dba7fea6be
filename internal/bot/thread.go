package bot

import (
	"context"
	"encoding/json"
	"errors"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

const (
	threadPublic  = 11 // by Discord's number
	threadPrivate = 12
	threadName    = 100
	threadRests   = 7 * 24 * 60 // minutes without a message until Discord puts a thread aside
)

// OpenThread opens a thread in a channel: a private one, or a public one where Discord lets guildwatch open no private
// one. One of the same name that guildwatch has opened there, and that is not put aside, is taken instead.
func (b *Bot) OpenThread(
	ctx context.Context, guild snowflake.GuildID, parent snowflake.ChannelID, name string,
) (thread snowflake.ChannelID, private bool, err error) {
	name = cut(name, threadName)
	if thread, private, err = b.openedThread(ctx, guild, parent, name); thread != 0 || err != nil {
		return thread, private, err
	}
	if thread, err = b.startThread(ctx, parent, name, threadPrivate); err == nil {
		return thread, true, nil
	}
	var refused *Refusal
	if !errors.As(err, &refused) || refused.Status < 400 || refused.Status >= 500 {
		return 0, false, unsaid(err)
	}
	thread, err = b.startThread(ctx, parent, name, threadPublic)
	return thread, false, unsaid(err)
}

func (b *Bot) startThread(
	ctx context.Context, parent snowflake.ChannelID, name string, kind int,
) (snowflake.ChannelID, error) {
	answer, err := b.rest.changed(ctx, "POST", "channels/"+parent.String()+"/threads", struct {
		Name      string `json:"name"`
		Type      int    `json:"type"`
		Archive   int    `json:"auto_archive_duration"`
		Invitable bool   `json:"invitable"`
	}{name, kind, threadRests, false}, "")
	if err != nil {
		return 0, err
	}
	var made struct {
		ID id `json:"id"`
	}
	if err := json.Unmarshal(answer, &made); err != nil || made.ID == 0 {
		return 0, fault.Wrap(err, fault.Unavailable, "What answers in Discord's place opens no threads.")
	}
	return snowflake.ChannelID(made.ID), nil
}

// openedThread finds a thread that an earlier attempt has opened.
func (b *Bot) openedThread(
	ctx context.Context, guild snowflake.GuildID, parent snowflake.ChannelID, name string,
) (thread snowflake.ChannelID, private bool, err error) {
	var active struct {
		Threads []struct {
			ID     id     `json:"id"`
			Parent id     `json:"parent_id"`
			Owner  id     `json:"owner_id"`
			Name   string `json:"name"`
			Type   int    `json:"type"`
		} `json:"threads"`
	}
	if err := b.rest.get(ctx, "guilds/"+guild.String()+"/threads/active", &active); err != nil {
		return 0, false, unsaid(err)
	}
	for _, t := range active.Threads {
		if t.Parent == id(parent) && t.Owner == id(b.Self()) && t.Name == name {
			return snowflake.ChannelID(t.ID), t.Type == threadPrivate, nil
		}
	}
	return 0, false, nil
}

// Bring adds a member to a thread, which shows it to them.
func (b *Bot) Bring(ctx context.Context, thread snowflake.ChannelID, user snowflake.UserID) error {
	return unsaid(b.rest.change(ctx, "PUT", "channels/"+thread.String()+"/thread-members/"+user.String(), nil, ""))
}

// EndThread locks a thread and puts it aside.
func (b *Bot) EndThread(ctx context.Context, thread snowflake.ChannelID) error {
	return unsaid(b.rest.change(ctx, "PATCH", "channels/"+thread.String(), map[string]bool{"archived": true, "locked": true}, ""))
}

// MaySee says whether a member sees a channel, by their roles and the channel's permissions. Who is not in the guild does
// not.
func (b *Bot) MaySee(
	ctx context.Context, guild snowflake.GuildID, channel snowflake.ChannelID, user snowflake.UserID,
) (bool, error) {
	member, there, err := b.rest.member(ctx, guild, user)
	if err != nil || !there {
		return false, err
	}
	var c struct {
		Overwrites []wireOverwrite `json:"permission_overwrites"`
	}
	if err := b.rest.get(ctx, "channels/"+channel.String(), &c); err != nil {
		return false, unsaid(err)
	}
	holds := moderation.Permissions(b.guilds.granted(guild, member.Roles))
	if profile, known := b.guilds.profile(guild); known && profile.Owner == user || holds.Has(moderation.PermAdministrator) {
		return true, nil
	}
	sees := overwritten(bits(holds), c.Overwrites, guild, member.Roles, user)
	return moderation.Permissions(sees).Has(moderation.PermViewChannel), nil
}

// granted is what roles allow in a guild, that of @everyone among them.
func (r *roster) granted(guild snowflake.GuildID, roles []snowflake.RoleID) (holds moderation.Permissions) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.guilds[guild]
	if s == nil {
		return 0
	}
	holds = s.roles[snowflake.RoleID(guild)]
	for _, role := range roles {
		holds |= s.roles[role]
	}
	return holds
}

// WouldRefuse is the sentence with which Enforce would answer without asking Discord, because a permission is missing;
// empty when Discord would be asked.
func (b *Bot) WouldRefuse(errand moderation.Errand) string {
	return (&deed{Errand: errand, rest: b.rest, guilds: b.guilds, now: b.opt.Clock()}).known(&b.refusals)
}
