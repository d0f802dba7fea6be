package bot

import (
	"errors"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// needs is what each kind of action needs in Discord, by the name that Discord's own pages give the permission.
var needs = map[moderation.ActionKind]struct {
	permission moderation.Permissions
	name       string
}{
	moderation.ActionDelete:    {moderation.PermManageMessages, "Manage Messages"},
	moderation.ActionTimeout:   {moderation.PermModerateMembers, "Timeout Members"},
	moderation.ActionUntimeout: {moderation.PermModerateMembers, "Timeout Members"},
	moderation.ActionKick:      {moderation.PermKickMembers, "Kick Members"},
	moderation.ActionBan:       {moderation.PermBanMembers, "Ban Members"},
	moderation.ActionUnban:     {moderation.PermBanMembers, "Ban Members"},
}

// refusal is a sentence with what is missing, and how to mend it.
func (d *deed) refusal(err error) string {
	switch codeOf(err) {
	case discordgo.ErrCodeMissingPermissions:
		return d.lacking()
	case discordgo.ErrCodeMissingAccess:
		if d.Kind == moderation.ActionDelete {
			return "guildwatch cannot see the channel. In Discord, open Edit Channel, Permissions, and allow View Channel and " +
				"Manage Messages for guildwatch."
		}
		return "guildwatch is not in this server, or was added without the permission to act. Invite it once more."
	case discordgo.ErrCodeUnknownGuild:
		return "guildwatch is not in this server any more. Invite it once more."
	case discordgo.ErrCodeMaximumNumberOfBansForNonGuildMembersHaveBeenExceeded:
		return "Discord lets nobody ban more people who are not in the server. Lift bans that are no longer needed first."
	}
	var public *fault.Error
	if errors.As(err, &public) {
		return public.Public
	}
	return "Discord refused this."
}

// lacking says why Discord answers "missing permissions": the permission itself, where it is known to be missing, or the
// order of roles.
func (d *deed) lacking() string {
	need := needs[d.Kind]
	profile, known := d.guilds.profile(d.Guild)
	switch {
	case known && !profile.Permissions.Has(need.permission):
		return "guildwatch lacks the permission " + need.name + ". In Discord, open Server Settings, Roles, and switch it on for " +
			"guildwatch's role."
	case d.opened():
		return "guildwatch lacks the permission Manage Threads in this channel. In Discord, open Edit Channel, Permissions, and " +
			"allow it for guildwatch."
	case d.Kind == moderation.ActionDelete:
		return "guildwatch lacks the permission Manage Messages in this channel. In Discord, open Edit Channel, Permissions, and " +
			"allow it for guildwatch."
	case known && profile.Owner == d.Target:
		return "This is the server's owner. Discord lets nobody act on them."
	case d.Kind == moderation.ActionUnban:
		return "guildwatch lacks the permission Ban Members. In Discord, open Server Settings, Roles, and switch it on for " +
			"guildwatch's role."
	}
	return "guildwatch's highest role is not above this member's. In Discord, open Server Settings, Roles, and drag " +
		"guildwatch's role up, above every role that it has to act on. It also needs the permission " + need.name + "."
}

// profile is what is known of a guild; false until it has been seen whole.
func (r *roster) profile(guild snowflake.GuildID) (moderation.Guild, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.guilds[guild]
	if s == nil || !s.whole {
		return moderation.Guild{}, false
	}
	return s.profile, true
}

// administrates says whether one of these roles has the permission Administrator.
func (r *roster) administrates(guild snowflake.GuildID, roles []snowflake.RoleID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.guilds[guild]
	if s == nil {
		return false
	}
	for _, role := range roles {
		if s.roles[role]&moderation.PermAdministrator != 0 {
			return true
		}
	}
	return false
}
