package violations

import (
	"slices"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/ui"
)

// Filter is the form that narrows the list, as it was filled in.
type Filter struct {
	Guild    snowflake.GuildID
	Severity string
	Source   string
	Rule     string
	State    string
	Member   string       // a name or an id
	Who      stats.Person // whom Member means; zero: nobody
	Problem  string       // why Member means nobody
	Channel  string
	From     string // a day, as date fields write it: "2026-11-20"
	To       string
	Dates    string // why the days make no sense; empty: they do
	Text     string
	Words    string // why Text finds nothing; empty: it can

	Rules    []ui.Option // that there are to choose from
	Channels []ui.Option
}

// Set says whether anything is filled in.
func (f Filter) Set() bool {
	return f.Severity+f.Source+f.Rule+f.State+f.Member+f.Channel+f.From+f.To+f.Text != ""
}

func (f Filter) severity() ui.Field {
	options := []ui.Option{{Label: "Every severity"}}
	for _, s := range moderation.Severities() {
		options = append(options, ui.Option{Value: string(s), Label: ui.SeverityName(s)})
	}
	return ui.Field{Name: "severity", Label: "Severity", Value: f.Severity, Options: options}
}

func (f Filter) source() ui.Field {
	options := []ui.Option{{Label: "Every source"}}
	for _, s := range moderation.Sources() {
		options = append(options, ui.Option{Value: string(s), Label: ui.SourceName(s)})
	}
	return ui.Field{Name: "source", Label: "Source", Value: f.Source, Options: options}
}

func (f Filter) state() ui.Field {
	return ui.Field{Name: "state", Label: "State", Value: f.State, Options: []ui.Option{{Label: "Every state"},
		{Value: string(moderation.StateCounted), Label: "Counted"},
		{Value: string(moderation.StateShadow), Label: "Shadow mode"},
		{Value: string(moderation.StateFalsePositive), Label: "False positives"}}}
}

func (f Filter) rule() ui.Field {
	return ui.Field{Name: "rule", Label: "Rule", Value: f.Rule, Options: choices("Every rule", f.Rules, f.Rule,
		"A deleted rule")}
}

func (f Filter) channel() ui.Field {
	return ui.Field{Name: "channel", Label: "Channel", Value: f.Channel,
		Options: choices("Every channel", f.Channels, f.Channel, "A thread or deleted channel")}
}

// choices begins with the one for all, and says what an old link asks for though it is not offered any more.
func choices(all string, options []ui.Option, chosen, gone string) []ui.Option {
	list := append([]ui.Option{{Label: all}}, options...)
	if chosen != "" && !slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == chosen }) {
		list = append(list, ui.Option{Value: chosen, Label: gone})
	}
	return list
}

func (f Filter) member() ui.Field {
	hint := "The beginning of a name, or a user's id."
	if f.Who != (stats.Person{}) {
		hint = "Violations of " + ui.Visible(ui.Clip(f.Who.Name, 64)) + "."
	}
	return ui.Field{Name: "member", Label: "Member", Type: "search", Value: f.Member, Problem: f.Problem, Hint: hint}
}

func (f Filter) text() ui.Field {
	return ui.Field{Name: "text", Label: "Text", Type: "search", Value: f.Text, Problem: f.Words,
		Hint: "Words that were written, or parts of them from three characters on."}
}

func (f Filter) from() ui.Field {
	return ui.Field{Name: "from", Label: "From", Type: "date", Value: f.From, Problem: f.Dates}
}

func (f Filter) to() ui.Field {
	return ui.Field{Name: "to", Label: "To, day included", Type: "date", Value: f.To}
}
