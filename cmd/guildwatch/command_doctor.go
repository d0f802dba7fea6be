package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"guildwatch/internal/access"
	"guildwatch/internal/bot"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// findings are what /guildwatch doctor says, a line for each.
type findings struct {
	lines []string
	wrong int
}

func (f *findings) well(format string, args ...any) {
	f.lines = append(f.lines, "✅ "+fmt.Sprintf(format, args...))
}

func (f *findings) mend(found, fix string) {
	f.wrong++
	f.lines = append(f.lines, "⚠️ "+found+"\n> "+fix)
}

// doctorReply is what /guildwatch doctor says: what guildwatch lacks in the server, each with the way to mend it.
func (p *parts) doctorReply(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	grant, err := granted[access.ViewDashboard](ctx, p, use)
	if err != nil {
		return bot.Reply{}, err
	}
	held, err := p.settingsOf(ctx, grant.Guild())
	if err != nil {
		return bot.Reply{}, err
	}
	var roles []moderation.DiscordRole
	if err := p.store.Read(ctx, func(now *store.Snapshot) { roles = now.DiscordRoles(grant.Guild()) }); err != nil {
		return bot.Reply{}, err
	}
	f := &findings{}
	f.permissions(held.profile.Permissions)
	f.intents(p.bot.Status().Missing)
	if own, known := p.bot.OwnRoles(grant.Guild()); known {
		f.roleOrder(roles, own)
	}
	f.logChannel(held, func(channel snowflake.ChannelID) error { return p.bot.MayWrite(ctx, grant.Guild(), channel) })
	head := "**Everything is well**"
	if f.wrong > 0 {
		head = fmt.Sprintf("**%d of %d checks need a hand**", f.wrong, len(f.lines))
	}
	return bot.Reply{Text: listing(head, f.lines)}, nil
}

func (f *findings) permissions(has moderation.Permissions) {
	missing := stats.MissingPermissions(has)
	if len(missing) == 0 {
		f.well("Permissions: guildwatch has what it needs.")
		return
	}
	f.mend("Permissions: guildwatch lacks "+strings.Join(missing, ", ")+".",
		"In Discord, open Server Settings, Roles, the role of guildwatch, and switch them on.")
}

func (f *findings) intents(missing []bot.Missing) {
	if len(missing) == 0 {
		f.well("Intents: all are switched on.")
	}
	for _, m := range missing {
		f.mend("Intents: "+m.Intent+" is off. "+m.Effect, m.Remedy)
	}
}

// roleOrder looks for members on whom Discord would not let guildwatch act. Administrators are not among them: no rule
// punishes them, and their roles mostly stand on top.
func (f *findings) roleOrder(roles []moderation.DiscordRole, own []snowflake.RoleID) {
	const named = 5
	highest := 0
	for _, role := range roles {
		for _, id := range own {
			if role.ID == id {
				highest = max(highest, role.Position)
			}
		}
	}
	var above []string
	for _, role := range roles {
		if role.Position > highest && !role.Permissions.Has(moderation.PermAdministrator) {
			above = append(above, plain(role.Name, 40))
		}
	}
	if len(above) == 0 {
		f.well("Role order: guildwatch can act on everybody but administrators.")
		return
	}
	names := strings.Join(above[:min(named, len(above))], ", ")
	if more := len(above) - named; more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	f.mend("Role order: guildwatch cannot act on members with the role "+names+".",
		"In Discord, open Server Settings, Roles, and drag guildwatch's role above every role that it has to act on.")
}

// logChannel asks whether guildwatch may write where it reports.
func (f *findings) logChannel(held guildSettings, mayWrite func(snowflake.ChannelID) error) {
	channel := held.profile.LogChannel
	switch {
	case channel == 0:
		f.mend("Log channel: none is chosen, so reports of members reach nobody, and appeals have no thread.",
			"Use `/guildwatch config` with the option log-channel, or the dashboard's page Settings.")
		return
	case !held.writable(channel):
		f.mend("Log channel: it is gone.", "Choose another one with `/guildwatch config`.")
		return
	}
	err := mayWrite(channel)
	var refusal *fault.Error
	switch {
	case err == nil && held.profile.LogProblem != "":
		f.mend("Log channel: the last line for <#"+channel.String()+"> did not arrive.", bot.Plain(held.profile.LogProblem))
	case err == nil:
		f.well("Log channel: guildwatch can write in <#%s>.", channel)
	case errors.As(err, &refusal) && refusal.Kind != fault.Internal:
		f.mend("Log channel: guildwatch may be unable to write in <#"+channel.String()+">.", bot.Plain(refusal.Public))
	default:
		f.mend("Log channel: it could not be looked at.", "Try again in a minute.")
	}
}
