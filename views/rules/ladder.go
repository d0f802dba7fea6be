package rules

import (
	"strings"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// LadderView is the page on which a ladder is changed.
type LadderView struct {
	Page   layout.Page
	Place  Place
	Ladder Ladder
	Form   *LadderForm // nil: the viewer may look alone
}

// LadderForm is a ladder as somebody has filled it in.
type LadderForm struct {
	Steps   []StepForm
	Was     string // the ladder that the form was made from, as the handler writes it
	Problem string
}

// StepForm is one step of it; without a kind it is left out.
type StepForm struct {
	Kind   string
	Length Span
}

// FillLadder is the form for a ladder, with room for two steps more, up to the ten that there may be.
func FillLadder(steps ladder.Ladder) (form LadderForm) {
	for _, s := range steps {
		step := StepForm{string(s.Kind), Span{"10", Minutes}}
		if s.Timeout > 0 {
			step.Length = SpanOf(s.Timeout)
		}
		form.Steps = append(form.Steps, step)
	}
	for range min(2, 10-len(steps)) {
		form.Steps = append(form.Steps, StepForm{"", Span{"10", Minutes}})
	}
	return form
}

func (v LadderView) page() layout.Page { return v.Page.Part("Ladder") }

func stepKinds() []ui.Option {
	options := []ui.Option{{Label: "No step"}}
	for _, kind := range []moderation.ActionKind{moderation.ActionWarn, moderation.ActionTimeout, moderation.ActionKick,
		moderation.ActionBan} {
		label := "Timeout"
		if kind != moderation.ActionTimeout {
			label = stepName(ladder.Step{Kind: kind})
		}
		options = append(options, ui.Option{Value: string(kind), Label: label})
	}
	return options
}

// inSentence begins with a small letter what begins a line elsewhere.
func inSentence(text string) string {
	if text == "" {
		return ""
	}
	return "a " + strings.ToLower(text[:1]) + text[1:]
}
