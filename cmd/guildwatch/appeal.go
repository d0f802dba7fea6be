package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"guildwatch/internal/access"
	"guildwatch/internal/bot"
	"guildwatch/internal/bot/courier"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// withdrawPress is the name of the button by which a member takes an appeal back.
const withdrawPress = "appeal-withdraw"

// appealPresses are the buttons below letters about actions and appeals.
func (p *parts) appealPresses() []bot.Command {
	decide := func(approve bool) bot.Command {
		name := courier.DenyPress
		if approve {
			name = courier.ApprovePress
		}
		return bot.Command{Kind: bot.LetterPress, Name: name,
			Handle: func(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
				return p.decideForm(ctx, use, approve)
			},
			Submit: func(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
				return p.decideReply(ctx, use, approve)
			}}
	}
	return []bot.Command{decide(true), decide(false),
		{Kind: bot.LetterPress, Name: courier.AppealPress, Handle: p.appealForm, Submit: p.appealReply},
		{Kind: bot.LetterPress, Name: withdrawPress, Handle: p.withdrawReply}}
}

// pressedFor reads the guild and the number that a button's id has. Both came from outside: what they name is looked up,
// and in a guild it must be that guild's.
func pressedFor(use bot.Interaction) (guild snowflake.GuildID, number int64, err error) {
	gone := fault.New(fault.NotFound, "guildwatch does not know this button any more.")
	if len(use.Args) != 2 {
		return 0, 0, gone
	}
	guild, err = snowflake.Parse[snowflake.GuildID](use.Args[0])
	if err != nil || use.Guild != 0 && use.Guild != guild {
		return 0, 0, gone
	}
	if number, err = strconv.ParseInt(use.Args[1], 10, 64); err != nil || number < 1 {
		return 0, 0, gone
	}
	return guild, number, nil
}

// appealForm is what the button "Appeal" opens. Pressed once more it says what became of the appeal.
func (p *parts) appealForm(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	guild, action, err := pressedFor(use)
	if err != nil {
		return bot.Reply{}, err
	}
	err = p.store.MayAppeal(ctx, guild, action, use.User.ID)
	if fault.Of(err) == fault.Conflict {
		return p.secondAppeal(ctx, guild, action, use.User.ID, err)
	}
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Form: bot.Form{Title: "Appeal", Label: "Why is this wrong?", Most: moderation.AppealText}}, nil
}

// secondAppeal says what became of the first, with a button to take it back while it is open.
func (p *parts) secondAppeal(
	ctx context.Context, guild snowflake.GuildID, action int64, user snowflake.UserID, refusal error,
) (bot.Reply, error) {
	var open []store.AppealRow
	var against store.ActionRow
	if err := p.store.Read(ctx, func(now *store.Snapshot) {
		open = now.AppealsOf(guild, user, 0, 50)
		against, _ = now.Action(guild, action)
	}); err != nil {
		return bot.Reply{}, err
	}
	for _, appeal := range open {
		if appeal.State == moderation.AppealOpen &&
			(appeal.Action == action || appeal.Violation != 0 && appeal.Violation == against.Violation) {
			var public *fault.Error
			errors.As(refusal, &public)
			return bot.Reply{Text: bot.Plain(public.Public), Button: withdraw(guild, appeal.Number)}, nil
		}
	}
	return bot.Reply{}, refusal
}

func withdraw(guild snowflake.GuildID, number int64) bot.Button {
	return bot.Button{Label: "Withdraw it", ID: bot.PressID(withdrawPress, guild.String(), strconv.FormatInt(number, 10))}
}

// appealReply records an appeal.
func (p *parts) appealReply(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	guild, action, err := pressedFor(use)
	if err != nil {
		return bot.Reply{}, err
	}
	appeal, err := p.store.MakeAppeal(ctx, guild, action, use.User.ID, use.Options[bot.FormText])
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("The moderators have your appeal \\#%d. guildwatch tells you what they decide.",
		appeal.Number), Button: withdraw(guild, appeal.Number)}, nil
}

// withdrawReply takes an appeal back.
func (p *parts) withdrawReply(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	guild, number, err := pressedFor(use)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := p.store.WithdrawAppeal(ctx, guild, number, use.User.ID); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("Your appeal \\#%d is withdrawn.", number)}, nil
}

// decideForm asks a moderator for a word to the member, so that nobody decides by a slip of the thumb.
func (p *parts) decideForm(ctx context.Context, use bot.Interaction, approve bool) (bot.Reply, error) {
	_, number, err := p.mayDecide(ctx, use)
	if err != nil {
		return bot.Reply{}, err
	}
	what := "Deny"
	if approve {
		what = "Approve"
	}
	return bot.Reply{Form: bot.Form{Title: fmt.Sprintf("%s appeal #%d", what, number), Label: "Answer to the member, may be empty",
		Most: moderation.AppealAnswer, Empty: true}}, nil
}

// decideReply decides an appeal.
func (p *parts) decideReply(ctx context.Context, use bot.Interaction, approve bool) (bot.Reply, error) {
	grant, number, err := p.mayDecide(ctx, use)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, err := p.desk.Decide(ctx, grant, moderation.Decision{Number: number, Approve: approve,
		Answer: use.Options[bot.FormText], Source: moderation.SourceCommand}); err != nil {
		return bot.Reply{}, err
	}
	if approve {
		return bot.Reply{Text: fmt.Sprintf("Appeal \\#%d is approved. The member is told.", number)}, nil
	}
	return bot.Reply{Text: fmt.Sprintf("Appeal \\#%d is denied. The member is told.", number)}, nil
}

func (p *parts) mayDecide(
	ctx context.Context, use bot.Interaction,
) (grant access.Grant[access.DecideAppeals], number int64, err error) {
	guild, number, err := pressedFor(use)
	if err == nil && guild != use.Guild {
		err = fault.New(fault.NotFound, "Appeals are decided in their server.")
	}
	if err != nil {
		return grant, 0, err
	}
	grant, err = granted[access.DecideAppeals](ctx, p, use)
	return grant, number, err
}
