package stats

import (
	"strings"

	"guildwatch/internal/moderation"
)

// wanted lists the permissions that guildwatch cannot do its work without, in the words of Discord's own settings.
var wanted = []struct {
	permission moderation.Permissions
	name       string
}{
	{moderation.PermViewChannel, "View Channels"},
	{moderation.PermReadHistory, "Read Message History"},
	{moderation.PermSendMessages, "Send Messages"},
	{moderation.PermViewAuditLog, "View Audit Log"},
	{moderation.PermManageGuild, "Manage Server"},
	{moderation.PermManageMessages, "Manage Messages"},
	{moderation.PermModerateMembers, "Timeout Members"},
	{moderation.PermKickMembers, "Kick Members"},
	{moderation.PermBanMembers, "Ban Members"},
}

// checklist says what a guild still needs, and is empty once it needs nothing. Only steps that somebody can take today
// are in it: log channel, first rule and team join when there is a page to set them.
func checklist(permissions moderation.Permissions, gateway Gateway) []Check {
	missing := MissingPermissions(permissions)
	steps := []Check{
		{Key: "permissions", Name: "Permissions", Done: len(missing) == 0},
		{Key: "intents", Name: "Privileged intents", Done: len(gateway.Missing) == 0},
	}
	if !steps[0].Done {
		steps[0].Fix = "In Discord, open Server Settings, Roles, the role of the bot, and switch on: " +
			strings.Join(missing, ", ") + "."
	}
	if !steps[1].Done {
		steps[1].Fix = "In Discord's developer portal, open the application's Bot page, switch on the privileged intents, " +
			"and restart guildwatch. Until then this does not work: " + strings.Join(gateway.Missing, ", ") + "."
	}
	if steps[0].Done && steps[1].Done {
		return nil
	}
	return steps
}

// MissingPermissions names, in the words of Discord's own settings, what guildwatch needs and permissions lack.
func MissingPermissions(permissions moderation.Permissions) []string {
	var missing []string
	for _, want := range wanted {
		if !permissions.Has(want.permission) {
			missing = append(missing, want.name)
		}
	}
	return missing
}
