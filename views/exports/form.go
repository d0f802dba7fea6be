package exports

import (
	"net/url"

	"github.com/a-h/templ"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/ui"
)

// Form is where somebody says what they want, as it was filled in. Which fields it has depends on What.
type Form struct {
	Guild    snowflake.GuildID
	What     string
	Whats    []string // that the viewer may choose from
	Format   string
	Member   string       // a name or an id
	Who      stats.Person // whom Member means; zero: nobody
	Nobody   string       // why Member means nobody
	Text     string
	Severity string
	Source   string
	Rule     string
	Channel  string
	State    string
	Action   string
	Period   string
	From     string // a day, as date fields write it
	To       string
	Dates    string // why the days make no sense; empty: they do
	Problem  string // why the form came back; empty: it did not, or a field says why

	Rules    []ui.Option
	Channels []ui.Option
	Actions  []ui.Option // of the table that is chosen
}

// set says whether anything narrows the export.
func (f Form) set() bool {
	return f.Member+f.Text+f.Severity+f.Source+f.Rule+f.Channel+f.State+f.Action+f.From+f.To != ""
}

// long says whether there are so many fields that they are better folded away.
func (f Form) long() bool { return len(f.fields()) > 3 }

// choice is a table to choose.
type choice struct {
	what, icon, name, about string
}

// choices are the tables, in the order of the page.
var choices = []choice{
	{"violations", "shield-alert", "Violations", "Each broken rule with who, where, what was written and what was done about it."},
	{"actions", "gavel", "Actions", "Each warning, timeout, kick, ban and deletion with its reason and outcome."},
	{"warnings", "triangle-alert", "Warnings", "Each mark against a member, and who cleared it and why."},
	{"health", "gauge", "Health", "The score of the last 24 hours with what each cause costs."},
	{"top-offenders", "users", "Top offenders", "Who broke most rules in a period."},
	{"rule-effectiveness", "shield-check", "Rules", "What each rule found in a period, with its false positives."},
	{"temporal-analytics", "clock", "Times", "Violations by weekday and hour in the server's time zone."},
	{"audit-log", "scroll-text", "Audit log", "What people did here, and what they were refused."},
}

func choiceOf(what string) choice {
	for _, c := range choices {
		if c.what == what {
			return c
		}
	}
	return choice{what: what, icon: "download", name: what}
}

// Name is what a table is called.
func Name(what string) string { return choiceOf(what).name }

// offered are the tables that the viewer may choose.
func (f Form) offered() (list []choice) {
	for _, what := range f.Whats {
		list = append(list, choiceOf(what))
	}
	return list
}

func (f Form) chosen() choice { return choiceOf(f.What) }

// address is the form for another table.
func (f Form) address(what string) templ.SafeURL {
	return templ.URL(URL(f.Guild) + "?what=" + url.QueryEscape(what))
}

// fields are those that narrow what is chosen.
func (f Form) fields() []ui.Field {
	switch f.What {
	case "violations":
		return []ui.Field{f.member("Member"),
			f.text("Words that were written, or parts of them from three characters on."), f.severity(), f.source(),
			f.rule(), f.channel(), f.states(), f.from(), f.to()}
	case "actions":
		return []ui.Field{f.member("Member"), f.action("Kind", "Every kind"), f.source(), f.from(), f.to()}
	case "warnings":
		return []ui.Field{f.member("Member"), f.text("In the reason."), f.warned(), f.from(), f.to()}
	case "audit-log":
		return []ui.Field{f.member("Person"), f.action("What", "Everything"), f.from(), f.to()}
	case "health":
		return nil
	}
	return []ui.Field{f.period(), f.from(), f.to()}
}

func (f Form) format() ui.Field {
	return ui.Field{Name: "format", Label: "Format", Value: f.Format, Options: []ui.Option{
		{Value: "csv", Label: "CSV, for spreadsheets"}, {Value: "json", Label: "JSON, for programs"}}}
}

func (f Form) member(label string) ui.Field {
	hint := "The beginning of a name, or a user's id."
	if f.Who != (stats.Person{}) {
		hint = ui.Visible(ui.Clip(f.Who.Name, 64)) + " alone."
	}
	return ui.Field{Name: "member", Label: label, Type: "search", Value: f.Member, Problem: f.Nobody, Hint: hint}
}

func (f Form) text(hint string) ui.Field {
	return ui.Field{Name: "text", Label: "Text", Type: "search", Value: f.Text, Hint: hint}
}

func (f Form) severity() ui.Field {
	options := []ui.Option{{Label: "Every severity"}}
	for _, s := range moderation.Severities() {
		options = append(options, ui.Option{Value: string(s), Label: ui.SeverityName(s)})
	}
	return ui.Field{Name: "severity", Label: "Severity", Value: f.Severity, Options: options}
}

// source offers what rows come from; what another bot kept are actions alone.
func (f Form) source() ui.Field {
	options, sources := []ui.Option{{Label: "Every source"}}, moderation.Sources()
	if f.What == "actions" {
		sources = append(sources, moderation.SourceImport)
	}
	for _, s := range sources {
		options = append(options, ui.Option{Value: string(s), Label: ui.SourceName(s)})
	}
	return ui.Field{Name: "source", Label: "Source", Value: f.Source, Options: options}
}

func (f Form) rule() ui.Field {
	return ui.Field{Name: "rule", Label: "Rule", Value: f.Rule,
		Options: append([]ui.Option{{Label: "Every rule"}}, f.Rules...)}
}

func (f Form) channel() ui.Field {
	return ui.Field{Name: "channel", Label: "Channel", Value: f.Channel,
		Options: append([]ui.Option{{Label: "Every channel"}}, f.Channels...)}
}

func (f Form) states() ui.Field {
	return ui.Field{Name: "state", Label: "State", Value: f.State, Options: []ui.Option{{Label: "Every state"},
		{Value: string(moderation.StateCounted), Label: "Counted"},
		{Value: string(moderation.StateShadow), Label: "Shadow mode"},
		{Value: string(moderation.StateFalsePositive), Label: "False positives"}}}
}

func (f Form) warned() ui.Field {
	return ui.Field{Name: "state", Label: "State", Value: f.State, Options: []ui.Option{{Label: "All"},
		{Value: "counting", Label: "Counting"}, {Value: "cleared", Label: "Cleared"}}}
}

func (f Form) action(label, all string) ui.Field {
	return ui.Field{Name: "action", Label: label, Value: f.Action,
		Options: append([]ui.Option{{Label: all}}, f.Actions...)}
}

func (f Form) period() ui.Field {
	options := []ui.Option{{Label: "The days below, or the last day"}}
	for _, p := range stats.Periods() {
		options = append(options, ui.Option{Value: string(p), Label: "The last " + string(p)})
	}
	return ui.Field{Name: "period", Label: "Period", Value: f.Period, Options: options}
}

func (f Form) from() ui.Field {
	return ui.Field{Name: "from", Label: "From", Type: "date", Value: f.From, Problem: f.Dates}
}

func (f Form) to() ui.Field {
	return ui.Field{Name: "to", Label: "To, day included", Type: "date", Value: f.To}
}
