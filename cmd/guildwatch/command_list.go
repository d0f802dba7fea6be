package main

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"guildwatch/internal/access"
	"guildwatch/internal/bot"
	"guildwatch/internal/fault"
	"guildwatch/internal/identity"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/ui"
)

// commands are what members can ask of the bot. In the demo nobody has to sign in.
func (p *parts) commands() []bot.Command {
	list := []bot.Command{bot.StatsCommand(p.statsReply)}
	if p.demoKey == nil {
		list = append(list, bot.DashboardCommand(p.dashboardReply))
	}
	member := bot.CommandOption{Name: "member", Description: "Whose", Kind: bot.OptionUser}
	list = append(list,
		bot.Command{Name: "guildwatch warnings", Description: "The newest warnings, or those of a member and their level",
			Options: []bot.CommandOption{member}, Handle: p.warningsReply},
		bot.Command{Name: "guildwatch clear", Description: "Clear one warning, or all of a member",
			Options: []bot.CommandOption{member,
				{Name: "number", Description: "Of the one warning", Kind: bot.OptionNumber},
				{Name: "reason", Description: "It is kept beside what was cleared", Kind: bot.OptionText}},
			Handle: p.clearReply},
		p.rulesCommand(),
		bot.Command{Name: "guildwatch config", Description: "The settings of this server, or a change of them",
			Options: []bot.CommandOption{
				{Name: "log-channel", Description: "Where reports arrive, and what was done about members", Kind: bot.OptionChannel},
				{Name: "time-zone", Description: "Such as Europe/Berlin", Kind: bot.OptionText}},
			Handle: p.configReply},
		bot.Command{Name: "guildwatch doctor", Description: "What guildwatch lacks in this server, and how to mend it",
			Handle: p.doctorReply},
		bot.Command{Kind: bot.MemberMenu, Name: "Warn", Needs: moderation.PermModerateMembers,
			Handle: p.warnForm, Submit: p.warnReply},
		bot.Command{Kind: bot.MemberMenu, Name: "History", Needs: moderation.PermModerateMembers,
			Handle: p.historyReply},
		bot.Command{Kind: bot.MessageMenu, Name: "Report to moderators", Handle: p.reportReply},
	)
	list = append(list, p.appealPresses()...)
	return append(list, p.raidCommands()...)
}

// granted checks that whoever uses a command has a right in its guild, by the roster: what Discord lets them use is
// decided in Discord's settings and proves nothing. The roster takes the member as Discord describes them with the
// command, so that it need not ask.
func granted[R access.Right](
	ctx context.Context, p *parts, use bot.Interaction,
) (grant access.Grant[R], err error) {
	if err := p.roster.Saw(ctx, use.Guild, use.Member); err != nil {
		return grant, err
	}
	grant, err = access.Check[R](ctx, p.roster, access.Person(use.Member.ID, false), use.Guild)
	return grant, p.refused(ctx, use, access.NameOf[R](), err)
}

// refused puts a refusal into words for a member, and notes that somebody asked for more than to look. Whoever may not
// even look is not noted for trying: in a large server that is everybody's first command.
func (p *parts) refused(ctx context.Context, use bot.Interaction, right string, err error) error {
	kind := fault.Of(err)
	if (kind == fault.NotFound || kind == fault.Forbidden) && right != access.NameOf[access.ViewDashboard]() {
		p.noteDenial(ctx, use, right)
	}
	if kind == fault.NotFound {
		return fault.Wrap(err, fault.Forbidden, "%s", identity.NoRole)
	}
	return err
}

// noteDenial writes a refusal into the audit log.
func (p *parts) noteDenial(ctx context.Context, use bot.Interaction, right string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), denialTime)
	defer cancel()
	actor := access.Person(use.Member.ID, false)
	role, err := p.roster.RoleIn(ctx, use.Guild, actor)
	if err == nil {
		err = p.store.RecordDenial(ctx, store.Denial{Actor: actor, Role: role, Guild: use.Guild, Right: right})
	}
	if err != nil {
		p.log.Warn("a refusal is not in the audit log", "guild", use.Guild, "right", right, "err", err)
	}
}

// denialTime bounds the wait for the audit log; the answer is the same refusal whether that works or not.
const denialTime = 5 * time.Second

// optionID is an id that a member gave as an option; 0: they gave none.
func optionID[T snowflake.ID](use bot.Interaction, name, wrong string) (T, error) {
	text, given := use.Options[name]
	if !given {
		return 0, nil
	}
	id, err := snowflake.Parse[T](text)
	return id, fault.Wrap(err, fault.Invalid, "%s", wrong)
}

// called are what people are called, as text that means nothing to Discord.
func (p *parts) called(ctx context.Context, users ...snowflake.UserID) (func(snowflake.UserID) string, error) {
	names, err := p.store.Names().Look(ctx, users)
	return func(user snowflake.UserID) string {
		name, known := names[user]
		if !known {
			name = store.Name{User: moderation.User{ID: user}}
		}
		return plain(name.Display(), 32)
	}, err
}

// plain is a text of users as it may stand in a line: at most so many characters, and inert.
func plain(text string, most int) string { return bot.Plain(ui.Clip(text, most)) }

// ago is a moment as Discord shows it to each reader, in their own time zone.
func ago(at time.Time) string { return fmt.Sprintf("<t:%d:R>", at.Unix()) }

// listing is a head and as many lines below it as fit into a message; what does not fit is counted.
func listing(head string, lines []string) string {
	const most = 1900 // of Discord's 2000 characters, so that the last line fits as well
	var text strings.Builder
	text.WriteString(head)
	size := utf8.RuneCountInString(head)
	for i, line := range lines {
		if size += utf8.RuneCountInString(line) + 1; size > most {
			fmt.Fprintf(&text, "\nand %d more on the dashboard.", len(lines)-i)
			break
		}
		text.WriteString("\n" + line)
	}
	return text.String()
}
