package courier

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// follow gathers what happens from now on.
func (c *Courier) follow(ctx context.Context) {
	after := c.store.LastSeq()
	for {
		changes, err := c.store.NextChanges(ctx, after, 256)
		if err != nil {
			if ctx.Err() != nil || !pause(ctx, time.Second) {
				return
			}
			c.log.Warn("what happened could not be read for the log channels", "err", err)
			continue
		}
		for i := range changes {
			if c.told(ctx, &changes[i]) {
				c.book.add(changes[i])
			}
		}
		after = changes[len(changes)-1].Seq
	}
}

// told says whether a change is a line of its guild's log channel, if it has one.
func (c *Courier) told(ctx context.Context, change *moderation.Change) bool {
	if change.Guild == 0 || change.Kind != moderation.ChangeAction && change.Kind != moderation.ChangeAppeal {
		return false
	}
	profile, known, err := c.store.Profile(ctx, change.Guild)
	return err == nil && known && profile.LogChannel != 0 && profile.Left.IsZero()
}

// writeLogs writes what was gathered, a few guilds at a time.
func (c *Courier) writeLogs(ctx context.Context) {
	places := make(chan struct{}, atOnce)
	var writing sync.WaitGroup
	defer writing.Wait()
	for {
		guild, lines, dropped, wait := c.book.take(c.clock())
		if guild == 0 {
			if !c.rest(ctx, wait) {
				return
			}
			continue
		}
		if c.rate.Wait(ctx) != nil {
			return
		}
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return
		}
		writing.Go(func() {
			defer func() { <-places }()
			defer c.recovered("writing into a log channel", func() { c.book.drop(guild, c.clock().Add(logRests)) })
			c.writeLog(ctx, guild, lines, dropped)
		})
	}
}

// rest waits until something is due, or new; false when ctx has ended.
func (c *Courier) rest(ctx context.Context, wait time.Duration) bool {
	var due <-chan time.Time
	if wait >= 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-c.book.wake:
	case <-due:
	case <-ctx.Done():
		return false
	}
	return true
}

// writeLog writes one message. Where guildwatch may not write, that is noted once, and the channel is left alone for some
// minutes.
func (c *Courier) writeLog(ctx context.Context, guild snowflake.GuildID, lines []moderation.Change, dropped int) {
	profile, known, err := c.store.Profile(ctx, guild)
	if err != nil || !known || profile.LogChannel == 0 {
		c.book.drop(guild, c.clock())
		return
	}
	text, n, err := c.logText(ctx, profile, lines, dropped)
	if err == nil {
		_, err = c.bot.Write(ctx, profile.LogChannel, moderation.Letter{Text: text})
	}
	now := c.clock()
	why, forGood := refused(err)
	var public *fault.Error
	switch {
	case err == nil:
		c.book.done(guild, n, dropped, now.Add(logEvery))
	case forGood:
		c.book.drop(guild, now.Add(logRests))
	case errors.As(err, &public):
		c.book.done(guild, 0, 0, now.Add(max(public.RetryAfter, 5*time.Second)))
	default:
		c.book.done(guild, 0, 0, now.Add(5*time.Second))
	}
	if err != nil && !forGood || why == profile.LogProblem {
		return
	}
	if err := c.store.SetLogProblem(context.WithoutCancel(ctx), guild, why); err != nil {
		c.log.Warn("that a log channel does not work could not be noted", "guild", guild, "err", err)
	}
}

// logText is one message: as many of the lines as fit.
func (c *Courier) logText(
	ctx context.Context, profile store.Profile, lines []moderation.Change, dropped int,
) (text string, n int, err error) {
	actions := make([]store.ActionRow, len(lines))
	var users []snowflake.UserID
	if err := c.store.Read(ctx, func(now *store.Snapshot) {
		for i := range lines {
			if lines[i].Kind == moderation.ChangeAction {
				actions[i], _ = now.Action(profile.ID, lines[i].Ref)
			}
		}
	}); err != nil {
		return "", 0, err
	}
	for i := range lines {
		users = append(users, lines[i].User, lines[i].Actor)
	}
	names, err := c.store.Names().Look(ctx, users)
	if err != nil {
		return "", 0, err
	}
	const most = 1900 // of Discord's 2000, so that the last line fits as well
	size := 0
	for i := range lines {
		line := c.logLine(profile.ID, &lines[i], &actions[i], names)
		if size += len([]rune(line)) + 1; size > most && n > 0 {
			break
		}
		text += line + "\n"
		n++
	}
	if dropped > 0 {
		text += fmt.Sprintf("and %d more, which only the dashboard lists.", dropped)
	}
	return text, n, nil
}

// pause waits and says whether to go on.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
