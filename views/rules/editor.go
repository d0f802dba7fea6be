package rules

import (
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/ui"

	"time"
)

// Editor is the page of one rule.
type Editor struct {
	Page    layout.Page
	Place   Place
	Row     Row   // the rule as it is; without a number for a new one
	Form    *Form // nil: the viewer may look alone
	Names   Names
	Verdict *rule.Verdict // of the form's sample; nil: none was tried
	Ladder  Ladder
	Newer   *Newer // somebody was faster; nil: nobody was
}

// Newer is what somebody else saved while the form was filled in.
type Newer struct {
	By      stats.Person
	At      time.Time
	Changes []Change // from what they saved to what the form has
}

func (e Editor) page() layout.Page {
	switch {
	case e.Row.Rule.Number == 0:
		return e.Page.Part("New rule")
	default:
		return e.Page.Part(e.Row.Rule.Name)
	}
}

func (e Editor) title() string {
	if e.Row.Rule.Number == 0 {
		return "New rule: " + KindName(e.Form.Kind)
	}
	return "Change the rule"
}

// tabs are the pages of one rule.
func tabs(p Place, number int64, on string) []ui.Choice {
	at := p.rule(number)
	return []ui.Choice{{Label: "Rule", URL: at, On: on == ""},
		{Label: "Shadow mode", URL: at + "/shadow", On: on == "shadow"},
		{Label: "Versions", URL: at + "/versions", On: on == "versions"}}
}
