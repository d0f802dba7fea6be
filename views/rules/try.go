package rules

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/views/ui"

	"github.com/a-h/templ"
)

// Try is the box in which a message is tried out on all rules.
type Try struct {
	Guild    snowflake.GuildID
	Text     string
	Surface  string
	Channel  string // id; empty: one that no rule exempts
	New      bool   // the writer's account was made today
	Channels []ui.Option
	Problem  string
	Verdict  *rule.Verdict // nil: nothing was tried yet
	Ladder   Ladder
}

// TryURL is where a message is tried out.
func TryURL(guild snowflake.GuildID) string { return URL(guild) + "/try" }

func (t Try) text() ui.Field {
	return ui.Field{Name: "text", Label: "Message", Value: t.Text, Problem: t.Problem,
		Hint: "Nothing is counted, recorded or done.",
		More: templ.Attributes{"rows": "3", "maxlength": "4000", "required": true}}
}

func (t Try) surface() ui.Field {
	return ui.Field{Name: "surface", Label: "It is", Value: t.Surface, Options: surfaces}
}

func (t Try) channel() ui.Field {
	return ui.Field{Name: "channel", Label: "In", Value: t.Channel,
		Options: append([]ui.Option{{Label: "Any channel"}}, t.Channels...)}
}

func (t Try) fresh() ui.Field {
	return ui.Field{Name: "new_account", Label: "From an account made today"}
}

// outcome is what would follow from a verdict, as a sentence.
func outcome(v *rule.Verdict, l Ladder) string {
	switch {
	case len(v.Hits) == 0:
		return "No rule matches. Nothing would follow."
	case v.Decides == nil:
		return "Rules in shadow mode match. It would be recorded, and nothing done."
	}
	text := "The message would stay. "
	if v.Delete {
		text = "The message would be deleted. "
	}
	switch v.Decides.Respond {
	case rule.RespondNothing:
		return text + "Nothing more would follow."
	case rule.RespondLadder:
		return text + "The member would take the next step of the ladder: without an earlier violation, " +
			inSentence(stepName(l.Steps.Next(0, false))) + "."
	case rule.RespondTimeout:
		return text + "The member would get a timeout of " + ui.Span(v.Decides.Timeout) + "."
	case rule.RespondWarn:
		return text + "The member would get a warning."
	case rule.RespondKick:
		return text + "The member would be kicked."
	}
	return text + "The member would be banned."
}

func verdictTone(v *rule.Verdict) ui.Tone {
	switch {
	case len(v.Hits) == 0:
		return ui.Good
	case v.Decides == nil:
		return ui.Info
	}
	return ui.Warn
}

func surfaceName(s moderation.Surface) string {
	switch s {
	case moderation.SurfaceContent:
		return "the message"
	case moderation.SurfaceName:
		return "the name"
	case moderation.SurfaceAttachment:
		return "the file's name"
	case moderation.SurfaceThread:
		return "the title"
	}
	return "the " + string(s)
}
