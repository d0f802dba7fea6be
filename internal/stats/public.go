package stats

import (
	"time"

	"guildwatch/internal/moderation"
)

// Public is the answer of GET /api/stats and the data of its `stats` frames: aggregates only, no names, no text of
// users, no ids. Every key is always there; null only where a value cannot be known. The shape only ever grows.
type Public struct {
	Guilds struct {
		Count               int64    `json:"count"`
		ChangeFromLastMonth *float64 `json:"changeFromLastMonth"`
	} `json:"guilds"`
	Users struct {
		Active                     int64    `json:"active"`
		ChangePercentFromLastMonth *float64 `json:"changePercentFromLastMonth"`
	} `json:"users"`
	Commands struct {
		Total                      int64    `json:"total"`
		ChangePercentFromLastMonth *float64 `json:"changePercentFromLastMonth"`
	} `json:"commands"`
	Ping struct {
		Avg                *float64 `json:"avg"` // milliseconds
		ChangeFromLastHour *float64 `json:"changeFromLastHour"`
	} `json:"ping"`
	RecentEvents     []PublicEvent `json:"recentEvents"`     // the newest 10, newest first
	ActivityOverview []PublicHour  `json:"activityOverview"` // 24 points, oldest first
}

// PublicEvent is one line of the feed without anybody in it.
type PublicEvent struct {
	Type      string    `json:"type"` // success, error or info
	Message   string    `json:"message"`
	Timestamp time.Time `json:"timestamp"`
}

// PublicHour is one hour of activity on the whole instance.
type PublicHour struct {
	Hour       time.Time `json:"hour"`
	Messages   int64     `json:"messages"`
	Commands   int64     `json:"commands"`
	Violations int64     `json:"violations"`
}

// publicEvents is how many recent events the public answer has.
const publicEvents = 10

// Public strips the overview down to its aggregates.
func (o *Overview) Public() Public {
	var p Public
	p.Guilds.Count = int64(o.Guilds.Value)
	p.Guilds.ChangeFromLastMonth = o.Guilds.Change.delta()
	p.Users.Active = int64(o.Users.Value)
	p.Users.ChangePercentFromLastMonth = o.Users.Change.percent()
	p.Commands.Total = int64(o.Commands.Value)
	p.Commands.ChangePercentFromLastMonth = o.Commands.Change.percent()
	if o.Latency.Known {
		p.Ping.Avg = &o.Latency.Value
	}
	p.Ping.ChangeFromLastHour = o.Latency.Change.delta()
	p.RecentEvents = make([]PublicEvent, 0, publicEvents)
	for _, line := range o.Recent[:min(publicEvents, len(o.Recent))] {
		p.RecentEvents = append(p.RecentEvents, PublicOf(line.Change))
	}
	p.ActivityOverview = make([]PublicHour, 0, len(o.Activity))
	for _, h := range o.Activity {
		p.ActivityOverview = append(p.ActivityOverview, PublicHour{h.Start.UTC(), h.Messages, h.Commands, h.Violations})
	}
	return p
}

// PublicOf says what happened without saying where or to whom.
func PublicOf(c moderation.Change) PublicEvent {
	e := PublicEvent{Type: "info", Timestamp: c.At.UTC()}
	switch c.Kind {
	case moderation.ChangeViolation:
		e.Type, e.Message = "error", "A rule was broken ("+string(c.Severity)+")"
	case moderation.ChangeAction:
		e.Type, e.Message = "success", actionSentences[c.Action]
		if c.Outcome == moderation.OutcomeFailed {
			e.Type, e.Message = "error", "An action failed"
		}
	case moderation.ChangeCommand:
		e.Type, e.Message = "success", "A command was run"
		if c.Outcome == moderation.OutcomeFailed {
			e.Type, e.Message = "error", "A command failed"
		}
	case moderation.ChangeJoin:
		e.Message = "A member joined"
	case moderation.ChangeLeave:
		e.Message = "A member left"
	case moderation.ChangeGuild:
		e.Message = "The bot's servers changed: " + c.Label
	case moderation.ChangeGap:
		e.Type, e.Message = "error", "Events may have been missed for a time"
	case moderation.ChangeConfig:
		e.Message = "Settings changed"
	case moderation.ChangeRaid:
		e.Message = "Raid mode changed"
		if c.Label == moderation.RaidOn {
			e.Type, e.Message = "error", "A server went into raid mode"
		}
	case moderation.ChangeAppeal:
		e.Message = "An appeal was decided"
		if c.Label == string(moderation.AppealOpen) || c.Label == string(moderation.AppealWithdrawn) {
			e.Message = "A member appealed"
		}
	}
	return e
}

// actionSentences says each kind of action without names.
var actionSentences = map[moderation.ActionKind]string{
	moderation.ActionDelete:    "A message was deleted",
	moderation.ActionWarn:      "A member was warned",
	moderation.ActionTimeout:   "A member was timed out",
	moderation.ActionUntimeout: "A timeout was lifted",
	moderation.ActionKick:      "A member was kicked",
	moderation.ActionBan:       "A member was banned",
	moderation.ActionUnban:     "A ban was lifted",
	moderation.ActionNote:      "A note was made",
}

// delta is the change in units, nil when it cannot be known.
func (c Change) delta() *float64 {
	if !c.Known {
		return nil
	}
	return &c.Delta
}

// percent is the change in percent, nil when it cannot be known or has no meaning because the earlier value was 0.
func (c Change) percent() *float64 {
	if !c.Known || c.New {
		return nil
	}
	return &c.Percent
}
