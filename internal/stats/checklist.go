package stats

import (
	"strings"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
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

// setup is what a guild has of what it needs, as far as it is not in its profile.
type setup struct {
	rule bool // one of guildwatch's own or of Discord's AutoMod is switched on
	team bool // somebody besides the owner has a role
}

func readSetup(snapshot *store.Snapshot, _ time.Time, key guildKey) setup {
	guild := snowflake.GuildID(key)
	return setup{rule: snapshot.HasRule(guild) || snapshot.HasNativeRule(guild), team: snapshot.HasTeam(guild)}
}

// checklist says what a guild still needs, and is empty once it needs nothing. Every step is one that somebody can take
// today.
func checklist(profile store.Profile, has setup, gateway Gateway) []Check {
	missing := MissingPermissions(profile.Permissions)
	steps := []Check{
		{Key: "permissions", Name: "Permissions", Done: len(missing) == 0,
			Fix: "In Discord, open Server Settings, Roles, the role of the bot, and switch on: " +
				strings.Join(missing, ", ") + "."},
		{Key: "intents", Name: "Privileged intents", Done: len(gateway.Missing) == 0,
			Fix: "In Discord's developer portal, open the application's Bot page, switch on the privileged intents, " +
				"and restart guildwatch. Until then this does not work: " + strings.Join(gateway.Missing, ", ") + "."},
		{Key: "log_channel", Name: "Log channel", Done: profile.LogChannel != 0,
			Fix: "Choose the channel in which members' reports arrive."},
		{Key: "first_rule", Name: "First rule", Done: has.rule,
			Fix: "Make a rule: ready-made ones need one press. A rule of Discord's own AutoMod counts as well."},
		{Key: "team", Name: "Team", Done: has.team,
			Fix: "Give somebody besides the owner a role here, or say which Discord roles are moderators."},
	}
	done := true
	for i := range steps {
		if done = done && steps[i].Done; steps[i].Done {
			steps[i].Fix = ""
		}
	}
	if done {
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
