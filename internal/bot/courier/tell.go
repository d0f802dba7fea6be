package courier

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"guildwatch/internal/bot"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// AppealPress is the name of the button by which a member appeals: its id has the guild and the action.
const AppealPress = "appeal"

// patience is how long a kick or a ban waits for the member to be told of it.
const patience = 2 * time.Second

// closed is what moderators read where a member takes no direct messages.
const closed = "The member takes no direct messages, and does not see the log channel: they were not told."

// Enforce tells the member of a kick or a ban, which takes them out of reach, and then asks Discord for it. Whether that
// letter arrives changes nothing about the action; one that Discord then refuses is taken back.
func (c *Courier) Enforce(ctx context.Context, errand moderation.Errand) moderation.Result {
	said, told := moderation.Notice{}, false
	if errand.Kind == moderation.ActionKick || errand.Kind == moderation.ActionBan {
		func() {
			defer c.recovered("telling a member", func() {})
			said, told = c.tellAhead(ctx, errand)
		}()
	}
	result := c.bot.Enforce(ctx, errand)
	if result.Refused != "" && told {
		c.takeBack(ctx, said)
	}
	return result
}

// tellAhead tells a member what is about to be done to them, once, unless it is known that it cannot be done.
func (c *Courier) tellAhead(ctx context.Context, errand moderation.Errand) (n moderation.Notice, told bool) {
	if c.bot.WouldRefuse(errand) != "" {
		return n, false
	}
	profile, known, err := c.store.Profile(ctx, errand.Guild)
	if err != nil || !known || !profile.Tell {
		return n, false
	}
	n, known, err = c.store.FindNotice(ctx, errand.Guild, moderation.NoticeAction, errand.Action)
	if err != nil {
		c.log.Warn("a member is not told: it is not known whether they were", "action", errand.Action, "err", err)
		return n, false
	}
	if known && n.State != moderation.NoticeDue {
		return n, n.State == moderation.NoticeSaid
	}
	again := known
	n = moderation.Notice{Guild: errand.Guild, Kind: moderation.NoticeAction, Ref: errand.Action, User: errand.Target}
	if !c.ahead.take(errand.Guild, c.clock()) {
		c.settle(ctx, n, moderation.NoticeLate, "Too many were thrown out at once to tell each of them before.")
		return n, false
	}
	// Noted before it is said: whoever comes after a crash looks first whether it has arrived.
	if err := c.store.PlanNotice(ctx, n, c.clock().Add(lease)); err != nil {
		return n, false
	}
	letter, err := c.about(ctx, profile, errand.Action)
	if err != nil {
		c.log.Warn("a member is not told: their action could not be read", "action", errand.Action, "err", err)
		return n, false
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	n.Place, err = c.direct(ctx, n.User, letter, again)
	switch why, forGood := refused(err); {
	case err == nil:
		c.settle(ctx, n, moderation.NoticeSaid, "")
		return n, true
	case forGood:
		c.settle(ctx, n, moderation.NoticeRefused, "The member takes no direct messages: they were not told. "+why)
	default:
		c.settle(ctx, n, moderation.NoticeLate, "Discord did not answer in time, and the action did not wait.")
	}
	return n, false
}

// takeBack changes a letter about something that was not carried out.
func (c *Courier) takeBack(ctx context.Context, n moderation.Notice) {
	profile, _, err := c.store.Profile(ctx, n.Guild)
	if err == nil {
		err = c.bot.Rewrite(ctx, n.Place, moderation.Letter{
			Text: "What was planned about you in " + where(profile) + " was not carried out. You can ignore this."})
	}
	if err != nil {
		c.log.Warn("a letter about what was not carried out stands", "action", n.Ref, "err", err)
	}
}

// tellLater tells a member of a warning or a timeout, which leave them in reach.
func (c *Courier) tellLater(ctx context.Context, n moderation.Notice) error {
	profile, known, err := c.store.Profile(ctx, n.Guild)
	if err != nil {
		return err
	}
	if !known || !profile.Left.IsZero() || !profile.Tell {
		c.settle(ctx, n, moderation.NoticeLate, "The server does not tell members any more.")
		return nil
	}
	letter, err := c.about(ctx, profile, n.Ref)
	if err != nil {
		return err
	}
	// One that is as old may have been said before a crash, ahead of a kick.
	again := n.Attempts > 0 || c.clock().Sub(n.At) >= lease
	if n.Place, err = c.direct(ctx, n.User, letter, again); err == nil {
		c.settle(ctx, n, moderation.NoticeSaid, "")
		return nil
	}
	if _, forGood := refused(err); !forGood {
		return err
	}
	return c.tellInLog(ctx, n, profile, letter)
}

// tellInLog tells a member in the log channel, if they see it: most log channels are for the staff alone, and then nobody
// is told.
func (c *Courier) tellInLog(ctx context.Context, n moderation.Notice, profile store.Profile, letter moderation.Letter) error {
	if profile.LogChannel == 0 {
		c.settle(ctx, n, moderation.NoticeRefused, "The member takes no direct messages, and there is no log channel: "+
			"they were not told.")
		return nil
	}
	sees, err := c.bot.MaySee(ctx, n.Guild, profile.LogChannel, n.User)
	if err == nil && sees {
		letter.Text = "<@" + n.User.String() + ">, you take no direct messages from guildwatch, so you read it here.\n" + letter.Text
		if n.Place, err = c.bot.Write(ctx, profile.LogChannel, letter); err == nil {
			c.settle(ctx, n, moderation.NoticeSaid, "In the log channel: the member takes no direct messages.")
			return nil
		}
	}
	if _, forGood := refused(err); err != nil && !forGood {
		return err
	}
	c.settle(ctx, n, moderation.NoticeRefused, closed)
	return nil
}

// direct writes to a user. After an earlier attempt it looks first whether that has arrived.
func (c *Courier) direct(
	ctx context.Context, user snowflake.UserID, letter moderation.Letter, again bool,
) (moderation.Place, error) {
	if again {
		if place, there, err := c.bot.WroteDirect(ctx, user, letter); err != nil || there {
			return place, err
		}
	}
	return c.bot.Direct(ctx, user, letter)
}

// about is what a member reads of an action.
func (c *Courier) about(ctx context.Context, profile store.Profile, action int64) (moderation.Letter, error) {
	var row store.ActionRow
	known := false
	err := c.store.Read(ctx, func(now *store.Snapshot) { row, known = now.Action(profile.ID, action) })
	if err == nil && !known {
		err = fault.New(fault.NotFound, "The action is gone.")
	}
	if err != nil {
		return moderation.Letter{}, err
	}
	letter := moderation.Letter{Text: deedLine(profile, &row), Nonce: "guildwatch-" + strconv.FormatInt(action, 10)}
	if row.Reason != "" {
		name := "Reason"
		if row.Source == moderation.SourceRule {
			name = "Rule"
		}
		letter.Text += "\n" + name + ": " + bot.Plain(row.Reason)
	}
	if profile.Appeals {
		letter.Text += "\nIf this is wrong, press Appeal: the moderators of the server read what you write."
		letter.Buttons = []moderation.LetterButton{{Label: "Appeal",
			ID: bot.PressID(AppealPress, profile.ID.String(), strconv.FormatInt(action, 10))}}
	}
	return letter, nil
}

// deedLine says what was done, where, and until when.
func deedLine(profile store.Profile, row *store.ActionRow) string {
	switch row.Kind {
	case moderation.ActionWarn:
		return "You have been warned in " + where(profile) + "."
	case moderation.ActionTimeout:
		return fmt.Sprintf("You have been timed out in %s until <t:%d:f>: you can read there, and not write.", where(profile),
			row.Until.Unix())
	case moderation.ActionKick:
		return "You have been kicked from " + where(profile) + ". With an invitation you can come back."
	case moderation.ActionBan:
		return "You have been banned from " + where(profile) + "."
	}
	return "Something was done about you in " + where(profile) + "."
}

// where names a server. Its name is text of users.
func where(profile store.Profile) string {
	if profile.Name == "" {
		return "a server"
	}
	return "the server **" + bot.Plain(profile.Name) + "**"
}
