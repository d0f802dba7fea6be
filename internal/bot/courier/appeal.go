package courier

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"guildwatch/internal/access"
	"guildwatch/internal/bot"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// The names of the buttons by which moderators decide: their ids have the guild and the appeal.
const (
	ApprovePress = "appeal-approve"
	DenyPress    = "appeal-deny"
)

// broughtAtMost is how many of a guild's team are added to the thread of an appeal, those of the highest role first.
// Who manages threads in Discord sees it anyway.
const broughtAtMost = 20

// caseRead is an appeal and where it was made.
type caseRead struct {
	profile store.Profile
	appeal  store.AppealRow
	name    string // of the member, as it may stand in a letter
	decider string
	team    []store.TeamMember
}

// readCase reads an appeal; fault.NotFound where it, or its guild, is not there any more.
func (c *Courier) readCase(ctx context.Context, n moderation.Notice) (read caseRead, err error) {
	there, known := false, false
	err = c.store.Read(ctx, func(now *store.Snapshot) {
		if read.profile, there = now.Profile(n.Guild); !there {
			return
		}
		read.appeal, known = now.Appeal(n.Guild, n.Ref)
		read.team, _ = now.Team(n.Guild, broughtAtMost)
	})
	if err != nil {
		return read, err
	}
	if !there || !known {
		return read, fault.New(fault.NotFound, "guildwatch is not in the server any more.")
	}
	names, err := c.store.Names().Look(ctx, []snowflake.UserID{read.appeal.User, read.appeal.DecidedBy})
	read.name, read.decider = called(names, read.appeal.User), called(names, read.appeal.DecidedBy)
	return read, err
}

// called is what somebody is called, as text that means nothing to Discord.
func called(names map[snowflake.UserID]store.Name, user snowflake.UserID) string {
	name, known := names[user]
	if !known {
		name.ID = user
	}
	return bot.Plain(clip(name.Display(), 32))
}

// clip cuts a text to at most n characters.
func clip(text string, n int) string {
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return text
}

// openThread opens a thread for an appeal, with the buttons by which it is decided, and brings the team there.
func (c *Courier) openThread(ctx context.Context, n moderation.Notice) error {
	read, err := c.readCase(ctx, n)
	if fault.Of(err) == fault.NotFound {
		c.settle(ctx, n, moderation.NoticeLate, "guildwatch is not in the server any more.")
		return nil
	} else if err != nil {
		return err
	}
	switch log := read.profile.LogChannel; {
	case read.appeal.State != moderation.AppealOpen:
		c.settle(ctx, n, moderation.NoticeLate, "It was decided before there was a thread.")
		return nil
	case log == 0:
		c.settle(ctx, n, moderation.NoticeRefused, "There is no thread, because no log channel is chosen in the settings.")
		return nil
	}
	title := fmt.Sprintf("Appeal #%d: %s", n.Ref, clip(read.name, 40))
	thread, private, err := c.bot.OpenThread(ctx, n.Guild, read.profile.LogChannel, title)
	if err != nil {
		return c.threadRefused(ctx, n, err)
	}
	letter := c.caseLetter(n, &read)
	if n.Place, err = c.bot.Write(ctx, thread, letter); err != nil {
		return c.threadRefused(ctx, n, err)
	}
	if !private {
		c.settle(ctx, n, moderation.NoticeSaid, "The thread is open to all who see the log channel: guildwatch lacks the "+
			"permission Create Private Threads there.")
		return nil
	}
	c.settle(ctx, n, moderation.NoticeSaid, "")
	for _, member := range read.team {
		if member.Standing.Role() < access.Moderator || member.User == read.appeal.User {
			continue
		}
		if err := c.bot.Bring(ctx, thread, member.User); err != nil {
			c.log.Info("a moderator was not added to the thread of an appeal", "guild", n.Guild, "err", err)
		}
	}
	return nil
}

// threadRefused settles a thread that Discord does not open; any other error is for another try.
func (c *Courier) threadRefused(ctx context.Context, n moderation.Notice, err error) error {
	why, forGood := refused(err)
	if !forGood {
		return err
	}
	c.settle(ctx, n, moderation.NoticeRefused, "There is no thread. "+why)
	return nil
}

// caseLetter is what moderators read in the thread.
func (c *Courier) caseLetter(n moderation.Notice, read *caseRead) moderation.Letter {
	a := &read.appeal
	guild, number := n.Guild.String(), strconv.FormatInt(n.Ref, 10)
	text := fmt.Sprintf("**%s** (<@%s>) appeals against a %s", read.name, a.User, strings.ToLower(string(a.Against.Kind)))
	if a.Against.Reason != "" {
		text += " for: " + bot.Plain(clip(a.Against.Reason, 200))
	}
	text += "\n>>> " + bot.Plain(a.Text)
	letter := moderation.Letter{Text: text, Nonce: "gw-appeal-" + number, Buttons: []moderation.LetterButton{
		{Label: "Approve", ID: bot.PressID(ApprovePress, guild, number), Tone: moderation.ButtonGood},
		{Label: "Deny", ID: bot.PressID(DenyPress, guild, number), Tone: moderation.ButtonBad}}}
	if url := c.url(n.Guild, "/appeals/"+number); url != "" {
		letter.Buttons = append(letter.Buttons, moderation.LetterButton{Label: "Open on the dashboard", URL: url})
	}
	return letter
}

// answer tells a member how their appeal was decided, and closes the thread.
func (c *Courier) answer(ctx context.Context, n moderation.Notice) error {
	read, err := c.readCase(ctx, n)
	if fault.Of(err) == fault.NotFound {
		c.settle(ctx, n, moderation.NoticeLate, "guildwatch is not in the server any more.")
		return nil
	} else if err != nil {
		return err
	}
	letter := decisionLetter(n, &read)
	n.Place, err = c.direct(ctx, n.User, letter, n.Attempts > 0)
	why, forGood := refused(err)
	switch {
	case err == nil:
		c.settle(ctx, n, moderation.NoticeSaid, "")
	case !forGood:
		return err
	case c.addToNotice(ctx, &n, letter):
		// Who is banned shares no server with guildwatch, but has the letter from before.
		c.settle(ctx, n, moderation.NoticeSaid, "In place of the first message: Discord delivers no new one.")
	default:
		c.settle(ctx, n, moderation.NoticeRefused, "The member could not be told. "+why)
	}
	c.closeThread(ctx, n, &read)
	return nil
}

// decisionLetter is what the member reads.
func decisionLetter(n moderation.Notice, read *caseRead) moderation.Letter {
	a := &read.appeal
	letter := moderation.Letter{Nonce: fmt.Sprintf("gw-answer-%d", n.Ref)}
	if a.State != moderation.AppealApproved {
		letter.Text = "Your appeal in " + where(read.profile) + " was denied. What was decided stands."
	} else {
		letter.Text = "Your appeal in " + where(read.profile) + " was approved. " + madeGood[a.Against.Kind]
	}
	if a.Answer != "" {
		letter.Text += "\n>>> " + bot.Plain(a.Answer)
	}
	return letter
}

// madeGood says what an approval brings.
var madeGood = map[moderation.ActionKind]string{
	moderation.ActionWarn:    "The warning does not count any more.",
	moderation.ActionTimeout: "The timeout is over, and does not count any more.",
	moderation.ActionKick:    "The kick is not held against you. With an invitation you can come back.",
	moderation.ActionBan:     "The ban is lifted. With an invitation you can come back.",
}

// addToNotice puts the decision in the place of the letter with which the member was told of the action.
func (c *Courier) addToNotice(ctx context.Context, n *moderation.Notice, letter moderation.Letter) bool {
	var action int64
	err := c.store.Read(ctx, func(now *store.Snapshot) {
		row, _ := now.Appeal(n.Guild, n.Ref)
		action = row.Action
	})
	if err != nil {
		return false
	}
	first, known, err := c.store.FindNotice(ctx, n.Guild, moderation.NoticeAction, action)
	if err != nil || !known || first.State != moderation.NoticeSaid || first.Place.Message == 0 {
		return false
	}
	if c.bot.Rewrite(ctx, first.Place, letter) != nil {
		return false
	}
	n.Place = first.Place
	return true
}

// closeThread says in the thread who has decided, takes the buttons away and puts the thread aside. That it fails is no
// matter: the buttons answer who was faster.
func (c *Courier) closeThread(ctx context.Context, n moderation.Notice, read *caseRead) {
	thread := read.appeal.Thread
	if thread.State != moderation.NoticeSaid {
		return
	}
	letter := c.caseLetter(n, read)
	letter.Buttons, letter.Nonce = letter.Buttons[2:], ""
	text := fmt.Sprintf("**%s** has %s this appeal.", read.decider, read.appeal.State)
	if read.appeal.Answer != "" {
		text += " The member is told:\n>>> " + bot.Plain(read.appeal.Answer)
	}
	_, err := c.bot.Write(ctx, thread.Place.Channel, moderation.Letter{Text: text, Nonce: fmt.Sprintf("gw-closed-%d", n.Ref)})
	if err == nil {
		err = c.bot.Rewrite(ctx, thread.Place, letter)
	}
	if err == nil {
		err = c.bot.EndThread(ctx, thread.Place.Channel)
	}
	if err != nil {
		c.log.Info("the thread of an appeal is still open", "guild", n.Guild, "appeal", n.Ref, "err", err)
	}
}
