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
	"guildwatch/internal/moderation/ladder"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/violations"
)

// chosenLine is what the bot writes in a log channel when it is chosen.
const chosenLine = "What members report to guildwatch, what is done about members, and their appeals arrive in this " +
	"channel from now on. Chosen with `/guildwatch config`."

// guildSettings are a guild's settings, all of one moment.
type guildSettings struct {
	profile   store.Profile
	channels  []moderation.Channel
	ladder    ladder.Ladder
	retention int
}

func (p *parts) settingsOf(ctx context.Context, guild snowflake.GuildID) (s guildSettings, err error) {
	there := false
	err = p.store.Read(ctx, func(now *store.Snapshot) {
		s.profile, there = now.Profile(guild)
		s.channels, s.ladder, s.retention = now.Channels(guild), now.Ladder(guild), now.Retention(guild).Text
	})
	if err == nil && !there {
		err = fault.New(fault.Unavailable, "guildwatch has not seen this server whole yet. Please try again in a minute.")
	}
	return s, err
}

// configReply is what /guildwatch config does: it shows the settings, or changes those that are given.
func (p *parts) configReply(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	head := "**Settings**"
	if len(use.Options) > 0 {
		if err := p.configure(ctx, use); err != nil {
			return bot.Reply{}, err
		}
		head = "**The settings are saved**"
	}
	grant, err := granted[access.ViewDashboard](ctx, p, use)
	if err != nil {
		return bot.Reply{}, err
	}
	held, err := p.settingsOf(ctx, grant.Guild())
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: listing(head, held.lines())}, nil
}

func (s guildSettings) lines() []string {
	channel := "none yet"
	if s.profile.LogChannel != 0 {
		channel = "<#" + s.profile.LogChannel.String() + ">"
	}
	text := fmt.Sprintf("kept for %d days", s.retention)
	if s.retention == 0 {
		text = "not kept"
	}
	steps := make([]string, len(s.ladder))
	for i, step := range s.ladder {
		steps[i] = violations.Costs(step)
	}
	return []string{"Log channel: " + channel, "Time zone: " + plain(s.profile.TimeZone, 60),
		"Ladder: " + strings.Join(steps, ", ") + "; after a kick a ban", "What members wrote in violations: " + text}
}

// configure changes settings. A new log channel is tried first: when the bot cannot write there, nothing is saved.
func (p *parts) configure(ctx context.Context, use bot.Interaction) error {
	grant, err := granted[access.UpdateSettings](ctx, p, use)
	if err != nil {
		return err
	}
	const noChannel = "Choose a text channel of this server."
	channel, err := optionID[snowflake.ChannelID](use, "log-channel", noChannel)
	if err != nil {
		return err
	}
	zone, zoned := use.Options["time-zone"]
	zone = strings.TrimSpace(zone)
	if zoned {
		if err := store.CheckTimeZone(zone); err != nil {
			return err
		}
	}
	held, err := p.settingsOf(ctx, grant.Guild())
	if err != nil {
		return err
	}
	if channel != 0 && channel != held.profile.LogChannel {
		if !held.writable(channel) {
			return fault.New(fault.Invalid, noChannel)
		}
		if err := p.bot.Say(ctx, channel, chosenLine); err != nil {
			return unwritable(err)
		}
		if held, err = p.settingsOf(ctx, grant.Guild()); err != nil { // that took its time
			return err
		}
	}
	was := store.Settings{TimeZone: held.profile.TimeZone, LogChannel: held.profile.LogChannel,
		Silent: !held.profile.Tell, NoAppeals: !held.profile.Appeals}
	chosen := was
	if zoned {
		chosen.TimeZone = zone
	}
	if channel != 0 {
		chosen.LogChannel = channel
	}
	return p.store.UpdateSettings(ctx, grant, chosen, was)
}

// writable says whether a channel is one of the guild's in which somebody can write.
func (s guildSettings) writable(channel snowflake.ChannelID) bool {
	for _, c := range s.channels {
		if c.ID == channel {
			return c.Kind == moderation.ChannelText || c.Kind == moderation.ChannelAnnouncements
		}
	}
	return false
}

func unwritable(err error) error {
	var refusal *fault.Error
	if errors.As(err, &refusal) && refusal.Kind != fault.Internal {
		return fault.Wrap(err, refusal.Kind, "The bot could not write there, so nothing is saved. %s", refusal.Public)
	}
	return err
}
