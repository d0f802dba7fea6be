// Package event is the feed: one line for each change, the same on the page, in a live frame and in the answer to a
// click.
package event

import (
	"strconv"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/ui"
)

// Item is a line of the feed and when it is shown. A frame is rendered once for all viewers, so nothing here depends on
// who looks: the guild's name is always there, and a guild's own page hides it.
type Item struct {
	Line stats.Line
	Now  time.Time      // when it is rendered: ages are told from here
	Zone *time.Location // of the guild; nil: UTC
}

// ID is the row's id on every page: unique across guilds and the same in every frame.
func (i Item) ID() string {
	return "event-" + snowflake.String(i.Line.Guild) + "-" + strconv.FormatInt(i.Line.Seq, 10)
}

func (i Item) seq() string { return strconv.FormatInt(i.Line.Seq, 10) }

func (i Item) moment() ui.Moment { return ui.Moment{At: i.Line.At, Now: i.Now, Zone: i.Zone} }

// Discord's longest audit reason is 512 characters; rows show enough to judge by, frames stay small.
const shown = 280

// icon and tone of a line.
func (i Item) icon() string {
	switch i.Line.Kind {
	case moderation.ChangeViolation:
		return "shield-alert"
	case moderation.ChangeAction:
		return ui.KindIcon(i.Line.Action)
	case moderation.ChangeCommand:
		return "terminal"
	case moderation.ChangeJoin:
		return "log-in"
	case moderation.ChangeLeave:
		return "log-out"
	case moderation.ChangeGap:
		return "history"
	case moderation.ChangeConfig:
		return "settings-2"
	case moderation.ChangeAppeal:
		return "gavel"
	case moderation.ChangeRaid:
		return "lock"
	}
	switch i.Line.Label {
	case moderation.GuildOutage, moderation.GuildLeft:
		return "unplug"
	}
	return "plug"
}

func (i Item) tone() ui.Tone {
	switch i.Line.Kind {
	case moderation.ChangeViolation:
		if i.Line.Severity == moderation.SeverityHigh || i.Line.Severity == moderation.SeverityCritical {
			return ui.Bad
		}
		return ui.Warn
	case moderation.ChangeAction:
		return ui.KindTone(i.Line.Action)
	case moderation.ChangeCommand, moderation.ChangeAppeal:
		return ui.Info
	case moderation.ChangeGap:
		return ui.Warn
	case moderation.ChangeRaid:
		return raidTone(i.Line.Label)
	case moderation.ChangeGuild:
		if i.icon() == "unplug" {
			return ui.Bad
		}
		return ui.Good
	}
	return ui.Neutral
}

// outcome is the badge of an action or command that did not simply succeed; ok is false for one that did.
func (i Item) outcome() (badge ui.Badge, ok bool) {
	switch i.Line.Outcome {
	case moderation.OutcomePlanned:
		return ui.Badge{Label: "Planned", Icon: "clock", Tone: ui.Info}, true
	case moderation.OutcomeSent:
		return ui.Badge{Label: "Sent", Icon: "clock", Tone: ui.Info}, true
	case moderation.OutcomeFailed:
		return ui.Badge{Label: "Failed", Icon: "circle-x", Tone: ui.Bad}, true
	case moderation.OutcomeUndone:
		return ui.Badge{Label: "Undone", Icon: "undo-2", Tone: ui.Neutral}, true
	}
	return ui.Badge{}, false
}
