package main

import (
	"context"
	"fmt"

	"guildwatch/internal/access"
	"guildwatch/internal/bot"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/ui"
)

// reasonMost is how many characters of a reason Discord's audit log takes.
const reasonMost = 400

// warnForm is what the menu "Warn" opens: nobody is warned by a slip of the thumb, or without a reason.
func (p *parts) warnForm(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	if _, err := granted[access.ActOnMembers](ctx, p, use); err != nil {
		return bot.Reply{}, err
	}
	if use.Target.Bot {
		return bot.Reply{}, fault.New(fault.Invalid, "Bots cannot be warned: they would not read it.")
	}
	return bot.Reply{Form: bot.Form{Title: "Warn " + ui.Clip(use.Target.Display(), 32),
		Label: "Reason, which the member is told", Most: reasonMost}}, nil
}

// warnReply warns the member for whom the form was opened.
func (p *parts) warnReply(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	grant, err := granted[access.ActOnMembers](ctx, p, use)
	if err != nil {
		return bot.Reply{}, err
	}
	_, err = p.desk.Act(ctx, grant, moderation.Order{Kind: moderation.ActionWarn, Target: use.Target.ID,
		Reason: use.Options[bot.FormText], Source: moderation.SourceCommand})
	if fault.Of(err) == fault.Forbidden {
		p.noteDenial(ctx, use, access.NameOf[access.ActOnMembers]())
	}
	if err != nil {
		return bot.Reply{}, err
	}
	card, err := p.cardOf(ctx, grant.Guild(), use.Target.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	name, err := p.called(ctx, use.Target.ID)
	return bot.Reply{Text: name(use.Target.ID) + " is warned. " + standsAt(&card) +
		" To take it back, use `/guildwatch clear`."}, err
}

// historyShown is how many violations and actions an answer lists; the dashboard has the rest.
const historyShown = 8

// historyReply is what the menu "History" says: where a member stands, and what they and others did.
func (p *parts) historyReply(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	grant, err := granted[access.ViewDashboard](ctx, p, use)
	if err != nil {
		return bot.Reply{}, err
	}
	if use.Target.ID == 0 {
		return bot.Reply{}, fault.New(fault.Invalid, noMember)
	}
	card, err := p.cardOf(ctx, grant.Guild(), use.Target.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	users := []snowflake.UserID{use.Target.ID}
	for i := range card.Actions {
		users = append(users, card.Actions[i].Actor)
	}
	name, err := p.called(ctx, users...)
	if err != nil {
		return bot.Reply{}, err
	}
	lines := []string{fmt.Sprintf("Violations: %d, false positives: %d, warnings that count: %d", card.Violations.Counted,
		card.Violations.FalsePositives, counting(card.Warnings))}
	for i := range card.Recent[:min(historyShown, len(card.Recent))] {
		v := &card.Recent[i]
		lines = append(lines, fmt.Sprintf("%s broke **%s** (%s)", ago(v.At), plain(v.RuleName, 60), v.Severity))
	}
	for i := range card.Actions[:min(historyShown, len(card.Actions))] {
		a := &card.Actions[i]
		line := fmt.Sprintf("%s %s, %s", ago(a.At), a.Kind, a.Outcome)
		if a.Actor != 0 {
			line += " by " + name(a.Actor)
		}
		if a.Reason != "" {
			line += ": " + plain(a.Reason, 60)
		}
		lines = append(lines, line)
	}
	return bot.Reply{Text: listing("**History of "+name(use.Target.ID)+"**\n"+standsAt(&card), lines)}, nil
}

// counting is how many warnings were not cleared.
func counting(list []store.WarningRow) (n int) {
	for i := range list {
		if list[i].Cleared.IsZero() {
			n++
		}
	}
	return n
}
