package main

import (
	"context"
	"fmt"
	"strconv"

	"guildwatch/internal/access"
	"guildwatch/internal/bot"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/violations"
)

// warningsShown is how many warnings an answer lists; the dashboard has the rest.
const warningsShown = 15

// noMember is what an option without a member in it is answered with.
const noMember = "Choose a member."

// warningsReply is what /guildwatch warnings says: the newest that count, or a member's with where they stand.
func (p *parts) warningsReply(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	grant, err := granted[access.ViewDashboard](ctx, p, use)
	if err != nil {
		return bot.Reply{}, err
	}
	user, err := optionID[snowflake.UserID](use, "member", noMember)
	if err != nil {
		return bot.Reply{}, err
	}
	if user != 0 {
		return p.memberWarnings(ctx, grant, user)
	}
	var list []store.WarningRow
	counting := false
	if err := p.store.Read(ctx, func(now *store.Snapshot) {
		list = now.Warnings(grant.Guild(), store.WarningFilter{Cleared: &counting}, warningsShown)
	}); err != nil {
		return bot.Reply{}, err
	}
	if len(list) == 0 {
		return bot.Reply{Text: "There are no warnings that count in this server."}, nil
	}
	lines, err := p.warningLines(ctx, list, true)
	return bot.Reply{Text: listing("**The newest warnings that count**", lines)}, err
}

func (p *parts) memberWarnings(
	ctx context.Context, grant access.Grant[access.ViewDashboard], user snowflake.UserID,
) (bot.Reply, error) {
	card, err := p.cardOf(ctx, grant.Guild(), user)
	if err != nil {
		return bot.Reply{}, err
	}
	name, err := p.called(ctx, user)
	if err != nil {
		return bot.Reply{}, err
	}
	head := "**Warnings of " + name(user) + "**\n" + standsAt(&card)
	if len(card.Warnings) == 0 {
		return bot.Reply{Text: head + "\nThere are none."}, nil
	}
	lines, err := p.warningLines(ctx, card.Warnings, false)
	return bot.Reply{Text: listing(head, lines)}, err
}

// cardOf is what a guild knows of a user.
func (p *parts) cardOf(
	ctx context.Context, guild snowflake.GuildID, user snowflake.UserID,
) (card store.MemberCard, err error) {
	err = p.store.Read(ctx, func(now *store.Snapshot) { card = now.MemberCard(guild, user) })
	return card, err
}

// standsAt is where a member is on the ladder, and what the next violation costs.
func standsAt(card *store.MemberCard) string {
	text := fmt.Sprintf("Level %d on the ladder. The next violation costs %s.", card.Level, violations.Costs(card.Next))
	if card.KickedBefore {
		text += " They were kicked before."
	}
	return text
}

// warningLines are warnings with their numbers, by which they are cleared.
func (p *parts) warningLines(ctx context.Context, list []store.WarningRow, named bool) ([]string, error) {
	var users []snowflake.UserID
	for i := range list {
		users = append(users, list[i].User, list[i].By)
	}
	name, err := p.called(ctx, users...)
	if err != nil {
		return nil, err
	}
	lines := make([]string, len(list))
	for i, w := range list {
		line := fmt.Sprintf("**#%d** ", w.Number)
		if named {
			line += name(w.User) + ", "
		}
		by := "a rule"
		if w.By != 0 {
			by = name(w.By)
		}
		line += ago(w.At) + " by " + by
		if w.Reason != "" {
			line += ": " + plain(w.Reason, 80)
		}
		if !w.Cleared.IsZero() {
			line = "~~" + line + "~~ cleared"
		}
		lines[i] = line
	}
	return lines, nil
}

// clearReply is what /guildwatch clear does: one warning by its number, or all of a member.
func (p *parts) clearReply(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	grant, err := granted[access.ManageViolations](ctx, p, use)
	if err != nil {
		return bot.Reply{}, err
	}
	user, err := optionID[snowflake.UserID](use, "member", noMember)
	if err != nil {
		return bot.Reply{}, err
	}
	text, numbered := use.Options["number"]
	number, wrong := strconv.ParseInt(text, 10, 64)
	switch {
	case numbered == (user != 0):
		return bot.Reply{}, fault.New(fault.Invalid,
			"Choose either a member, to clear all their warnings, or the number of one warning.")
	case !numbered:
		return p.clearMember(ctx, grant, user, use.Options["reason"])
	case wrong != nil:
		return bot.Reply{}, fault.New(fault.Invalid, "The number of a warning is a whole number, such as 12.")
	}
	if err := p.store.ClearWarning(ctx, grant, number, use.Options["reason"]); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("Warning #%d is cleared. It stays listed, with your name.", number)}, nil
}

func (p *parts) clearMember(
	ctx context.Context, grant access.Grant[access.ManageViolations], user snowflake.UserID, reason string,
) (bot.Reply, error) {
	name, err := p.called(ctx, user)
	if err != nil {
		return bot.Reply{}, err
	}
	cleared, err := p.store.ClearWarnings(ctx, grant, user, reason)
	if err != nil {
		return bot.Reply{}, err
	}
	switch cleared {
	case 0:
		return bot.Reply{Text: name(user) + " has no warnings that count."}, nil
	case 1:
		return bot.Reply{Text: "The one warning of " + name(user) + " that counted is cleared."}, nil
	}
	return bot.Reply{Text: fmt.Sprintf("%d warnings of %s are cleared.", cleared, name(user))}, nil
}
