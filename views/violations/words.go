package violations

import (
	"strings"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/views/ui"
)

// trimSource is a rule's id within its source: "12" of "rule:12".
func trimSource(rule string) string {
	_, id, _ := strings.Cut(rule, ":")
	return id
}

// tone colours a row's icon.
func (r Row) tone() ui.Tone {
	switch {
	case r.State != moderation.StateCounted:
		return ui.Neutral
	case r.Severity == moderation.SeverityHigh || r.Severity == moderation.SeverityCritical:
		return ui.Bad
	}
	return ui.Warn
}

// state is the badge of what does not count; ok is false for what does.
func (r Row) state() (badge ui.Badge, ok bool) {
	switch r.State {
	case moderation.StateShadow:
		return ui.Badge{Label: "Shadow", Icon: "info", Tone: ui.Info}, true
	case moderation.StateFalsePositive:
		return ui.Badge{Label: "False positive", Icon: "circle-x", Tone: ui.Neutral}, true
	}
	return ui.Badge{}, false
}

// said is what a row shows of the evidence.
func (r Row) said() string {
	if r.Content != "" {
		return r.Content
	}
	return r.Keyword
}

// answered is how fast the first action was done; empty: none was.
func answered(took time.Duration) string {
	switch {
	case took < 0:
		return ""
	case took < time.Second:
		return ui.Count(took.Milliseconds()) + " ms"
	case took < time.Minute:
		return ui.Number(took.Seconds()) + " s"
	}
	return ui.Span(took)
}

// surfaces say where somebody wrote.
var surfaces = map[moderation.Surface]string{
	moderation.SurfaceContent: "a message", moderation.SurfaceForward: "a forwarded message",
	moderation.SurfaceEmbed: "an embed", moderation.SurfacePoll: "a poll",
	moderation.SurfaceAttachment: "the name of a file",
	moderation.SurfaceSticker:    "a sticker", moderation.SurfaceComponent: "a button or menu",
	moderation.SurfaceThread: "the title of a thread", moderation.SurfaceName: "a name",
}

// deeds are kinds of action as buttons and lines name them.
var deeds = map[moderation.ActionKind]string{
	moderation.ActionDelete: "Delete message", moderation.ActionWarn: "Warn", moderation.ActionTimeout: "Time out",
	moderation.ActionUntimeout: "End timeout", moderation.ActionKick: "Kick", moderation.ActionBan: "Ban",
	moderation.ActionUnban: "Unban", moderation.ActionNote: "Note",
}

func deed(kind moderation.ActionKind) string {
	if name, ok := deeds[kind]; ok {
		return name
	}
	return string(kind)
}

// outcome is how an action went, in a badge.
func (a Action) outcome() ui.Badge {
	switch a.Outcome {
	case moderation.OutcomePlanned:
		return ui.Badge{Label: "Planned", Icon: "clock", Tone: ui.Info}
	case moderation.OutcomeSent:
		return ui.Badge{Label: "Sent", Icon: "clock", Tone: ui.Info}
	case moderation.OutcomeFailed:
		return ui.Badge{Label: "Failed", Icon: "circle-x", Tone: ui.Bad}
	case moderation.OutcomeUndone:
		return ui.Badge{Label: "Undone", Icon: "undo-2", Tone: ui.Neutral}
	case moderation.OutcomeImported:
		return ui.Badge{Label: "Imported", Icon: "log-in", Tone: ui.Neutral}
	}
	if a.Undone {
		return ui.Badge{Label: "Being undone", Icon: "clock", Tone: ui.Info}
	}
	return ui.Badge{Label: "Done", Icon: "circle-check", Tone: ui.Good}
}

// mark is an action as a badge in a row: its kind, and its outcome where it is not simply done.
func (a Action) mark() ui.Badge {
	badge := ui.Badge{Label: deed(a.Kind), Icon: ui.KindIcon(a.Kind), Tone: ui.Neutral}
	if a.Outcome != moderation.OutcomeDone {
		badge.Label += ": " + strings.ToLower(a.outcome().Label)
		badge.Tone = a.outcome().Tone
	}
	return badge
}

// doer is who acted where no person did.
func (a Action) doer() string {
	switch a.Source {
	case moderation.SourceAutoMod:
		return "Discord AutoMod"
	case moderation.SourceAudit:
		return "Discord"
	case moderation.SourceRule:
		return "guildwatch"
	}
	return "Somebody"
}

// Happened says how an action went, for whoever has just asked for it.
func (a Action) Happened() string {
	name := strings.ToLower(deed(a.Kind))
	switch {
	case a.Outcome == moderation.OutcomeFailed:
		return "Not done: " + name + ". " + a.Problem
	case a.Kind == moderation.ActionNote:
		return "Taken back."
	case a.Outcome == moderation.OutcomeDone:
		return "Done: " + name + "."
	}
	return "On its way to Discord: " + name + "."
}

func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return ui.Count(n) + " " + many
}

// Costs is a step of the ladder in a sentence: "a timeout of 10 min".
func Costs(s ladder.Step) string {
	switch s.Kind {
	case moderation.ActionWarn:
		return "a warning"
	case moderation.ActionTimeout:
		return "a timeout of " + ui.Span(s.Timeout)
	case moderation.ActionKick:
		return "a kick"
	case moderation.ActionBan:
		return "a ban"
	}
	return string(s.Kind)
}
