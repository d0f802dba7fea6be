package rules

import (
	"strings"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/internal/moderation/rule"
	"guildwatch/views/ui"
)

// word is how people are told of a kind of rule.
type word struct{ name, icon, about string }

// kinds has every kind; the one place where they are put into words.
var kinds = map[rule.Kind]word{
	rule.Words:       {"Words and phrases", "message-square", "Words that nobody may write, with their disguises undone."},
	rule.Regex:       {"Regular expression", "terminal", "A pattern, for those who know how to write one."},
	rule.Links:       {"Links", "plug", "Denied domains, allowed ones, known scams, masked links."},
	rule.Invites:     {"Invitations", "log-in", "Invitations to other servers."},
	rule.Mentions:    {"Mentions", "users", "Too many people or roles mentioned."},
	rule.Capitals:    {"Capitals", "triangle-alert", "Shouting."},
	rule.Repeated:    {"Repeated text", "refresh-cw", "The same over and over, in one message or across several."},
	rule.Flood:       {"Flooding", "activity", "Too many messages in a while."},
	rule.Attachments: {"Attachments", "scroll-text", "Files by their ending."},
	rule.NewAccount:  {"New accounts", "user-plus", "Messages from accounts made a short while ago."},
	rule.Names:       {"Names", "user-x", "Words in nicknames and names."},
}

// KindName is a kind of rule in words.
func KindName(kind rule.Kind) string {
	if w, ok := kinds[kind]; ok {
		return w.name
	}
	return string(kind)
}

// ModeName is a mode in words.
func ModeName(mode rule.Mode) string {
	switch mode {
	case rule.Enforce:
		return "Enforced"
	case rule.Shadow:
		return "Shadow mode"
	case rule.Off:
		return "Off"
	}
	return string(mode)
}

func modeMark(mode rule.Mode) ui.Badge {
	switch mode {
	case rule.Enforce:
		return ui.Badge{Label: ModeName(mode), Icon: "gavel", Tone: ui.Good}
	case rule.Shadow:
		return ui.Badge{Label: ModeName(mode), Icon: "moon", Tone: ui.Info}
	}
	return ui.Badge{Label: ModeName(mode), Icon: "circle", Tone: ui.Neutral}
}

var modeAbout = map[rule.Mode]string{
	rule.Enforce: "It acts.",
	rule.Shadow:  "It records what it would have done, and does nothing.",
	rule.Off:     "It reads nothing.",
}

func responseName(r rule.Response) string {
	switch r {
	case rule.RespondLadder:
		return "The next step of the ladder"
	case rule.RespondNothing:
		return "Nothing"
	case rule.RespondWarn:
		return "A warning"
	case rule.RespondTimeout:
		return "A timeout"
	case rule.RespondKick:
		return "A kick"
	case rule.RespondBan:
		return "A ban"
	}
	return string(r)
}

// Follows is what a broken rule leads to: "message deleted, next step of the ladder".
func Follows(r *rule.Rule) string {
	var parts []string
	if r.Delete {
		parts = append(parts, "message deleted")
	}
	switch r.Respond {
	case rule.RespondLadder:
		parts = append(parts, "next step of the ladder")
	case rule.RespondWarn:
		parts = append(parts, "warning")
	case rule.RespondTimeout:
		parts = append(parts, "timeout of "+ui.Span(r.Timeout))
	case rule.RespondKick:
		parts = append(parts, "kick")
	case rule.RespondBan:
		parts = append(parts, "ban")
	}
	if len(parts) == 0 {
		return "recorded, nothing else"
	}
	return strings.Join(parts, ", ")
}

// stepName is a step of a ladder: "Timeout of 10 min".
func stepName(s ladder.Step) string {
	switch s.Kind {
	case moderation.ActionWarn:
		return "Warning"
	case moderation.ActionTimeout:
		return "Timeout of " + ui.Span(s.Timeout)
	case moderation.ActionKick:
		return "Kick"
	case moderation.ActionBan:
		return "Ban"
	}
	return string(s.Kind)
}

var surfaces = []ui.Option{
	{Value: string(moderation.SurfaceContent), Label: "A message"},
	{Value: string(moderation.SurfaceName), Label: "A nickname or name"},
	{Value: string(moderation.SurfaceAttachment), Label: "The name of an attached file"},
	{Value: string(moderation.SurfaceThread), Label: "The title of a thread"},
}

// Unit is a unit of lengths of time as forms write it.
type Unit string

// The units.
const (
	Seconds Unit = "s"
	Minutes Unit = "min"
	Hours   Unit = "h"
	Days    Unit = "d"
)

// Length is the unit's own length; 0 for a name that is none.
func (u Unit) Length() time.Duration {
	return map[Unit]time.Duration{Seconds: time.Second, Minutes: time.Minute, Hours: time.Hour, Days: 24 * time.Hour}[u]
}

func units(of ...Unit) (options []ui.Option) {
	names := map[Unit]string{Seconds: "seconds", Minutes: "minutes", Hours: "hours", Days: "days"}
	for _, u := range of {
		options = append(options, ui.Option{Value: string(u), Label: names[u]})
	}
	return options
}

// otherMode is where one press takes a rule: from shadow mode and from off to being enforced, and from there to shadow
// mode.
func otherMode(mode rule.Mode) rule.Mode {
	if mode == rule.Enforce {
		return rule.Shadow
	}
	return rule.Enforce
}

func modeVerb(to rule.Mode) string {
	switch to {
	case rule.Enforce:
		return "Enforce"
	case rule.Shadow:
		return "To shadow mode"
	}
	return "Switch off"
}

func beginning(may May) string {
	if may.Update {
		return "Begin with a ready-made one."
	}
	return "Admins make them."
}
