package rules

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/views/ui"
)

// Form is a rule as somebody has filled it in, with what there is to choose from.
type Form struct {
	Number  int64 // 0: a new rule
	Version int64 // that the form was made from
	Kind    rule.Kind

	Name, Severity, Mode, Respond string
	Timeout                       Span
	Delete, Raw                   bool

	Words, Pattern, Deny, Allow, Endings string // lists: one to a line
	Scams, Masked, Linked                bool
	Most, Share, Letters                 string
	Within, Age                          Span

	ExemptChannels, ExemptRoles []string // ids
	Note                        string   // why it was changed; may be empty
	Sample                      string   // a message to try the rule on, unsaved

	Channels, Roles []ui.Option
	Problem         string                // about the whole of it
	Problems        map[rule.Field]string // beside the fields
}

// Span is a length of time as it was filled in.
type Span struct {
	Count string
	Unit  Unit
}

// SpanOf writes a length of time in the largest unit that it is whole in.
func SpanOf(d time.Duration) Span {
	for _, unit := range []Unit{Days, Hours, Minutes} {
		if d > 0 && d%unit.Length() == 0 {
			return Span{strconv.FormatInt(int64(d/unit.Length()), 10), unit}
		}
	}
	return Span{strconv.FormatInt(int64(d/time.Second), 10), Seconds}
}

// Fill is the form for a rule as it is saved.
func Fill(r rule.Rule) Form {
	s := &r.Spec
	f := Form{
		Number: r.Number, Version: r.Version, Kind: r.Kind, Name: r.Name, Severity: string(r.Severity), Mode: string(r.Mode),
		Respond: string(r.Respond), Timeout: SpanOf(r.Timeout), Delete: r.Delete, Raw: r.Raw,
		Words: strings.Join(s.Words, "\n"), Pattern: s.Pattern, Deny: strings.Join(s.Deny, "\n"),
		Allow: strings.Join(s.Allow, "\n"), Endings: strings.Join(s.Endings, " "), Scams: s.Scams, Masked: s.Masked, Linked: s.Linked,
		Most: number(s.Most), Share: number(s.Share), Letters: number(s.Letters),
		Within: SpanOf(s.Within), Age: SpanOf(s.Age),
	}
	if r.Timeout == 0 {
		f.Timeout = Span{"10", Minutes}
	}
	for _, id := range r.ExemptChannels {
		f.ExemptChannels = append(f.ExemptChannels, snowflake.String(id))
	}
	for _, id := range r.ExemptRoles {
		f.ExemptRoles = append(f.ExemptRoles, snowflake.String(id))
	}
	return f
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (f Form) field(field rule.Field, label, value, hint string) ui.Field {
	return ui.Field{Name: string(field), Label: label, Value: value, Hint: hint, Type: "text", Problem: f.Problems[field],
		More: templ.Attributes{"autocomplete": "off"}}
}

func (f Form) numeral(field rule.Field, label, value, hint string) ui.Field {
	it := f.field(field, label, value, hint)
	it.Type, it.More = "number", templ.Attributes{"min": "0", "inputmode": "numeric"}
	return it
}

func (f Form) list(field rule.Field, label, value, hint string) ui.Field {
	it := f.field(field, label, value, hint)
	it.More = templ.Attributes{"rows": "5", "spellcheck": "false", "autocapitalize": "none"}
	return it
}

func (f Form) name() ui.Field {
	return f.field(rule.FieldName, "Name", f.Name, "Members read it when the rule acts on them.")
}

func (f Form) severity() ui.Field {
	it := f.field(rule.FieldSeverity, "Severity", f.Severity, "")
	for _, s := range moderation.Severities() {
		it.Options = append(it.Options, ui.Option{Value: string(s), Label: ui.SeverityName(s)})
	}
	return it
}

func (f Form) respond() ui.Field {
	it := f.field(rule.FieldRespond, "What follows for the member", f.Respond, "")
	for _, r := range rule.Responses() {
		it.Options = append(it.Options, ui.Option{Value: string(r), Label: responseName(r)})
	}
	return it
}

func (f Form) timeout() ui.Field {
	return f.field(rule.FieldTimeout, "Length of a timeout", f.Timeout.Count, "From one minute to 28 days.")
}

func (f Form) within() ui.Field {
	hint := "0 counts within one message alone."
	if f.Kind == rule.Flood {
		hint = "At most one hour."
	}
	return f.field(rule.FieldWithin, "Within", f.Within.Count, hint)
}

func (f Form) most() ui.Field {
	label := map[rule.Kind]string{rule.Mentions: "Mentions that are still fine",
		rule.Repeated: "Repetitions that are still fine", rule.Flood: "Messages that are still fine"}[f.Kind]
	return f.numeral(rule.FieldMost, label, f.Most, "One more breaks the rule.")
}

// channels are the exempt channels to choose from; one that is gone stays among them while it is chosen.
func (f Form) channels() ui.Field {
	return ui.Field{Name: "exempt_channels", Label: "Channels where it does not hold",
		Options: withGone(f.Channels, f.ExemptChannels, "Deleted channel #")}
}

func (f Form) roles() ui.Field {
	return ui.Field{Name: "exempt_roles", Label: "Discord roles for which it does not hold",
		Options: withGone(f.Roles, f.ExemptRoles, "Deleted role #")}
}

func withGone(options []ui.Option, chosen []string, label string) []ui.Option {
	known := map[string]bool{}
	for _, o := range options {
		known[o.Value] = true
	}
	for _, id := range chosen {
		if !known[id] {
			options = append(options, ui.Option{Value: id, Label: label + id[max(0, len(id)-6):], Group: "No longer there"})
		}
	}
	return options
}

func (f Form) note() ui.Field {
	return ui.Field{Name: "note", Label: "Why", Type: "text", Value: f.Note, Problem: f.Problems["note"],
		Hint: "For the list of versions; may be empty.", More: templ.Attributes{"maxlength": "200", "autocomplete": "off"}}
}

func (f Form) sample() ui.Field {
	return ui.Field{Name: "sample", Label: "Try it before you save it", Value: f.Sample, Problem: f.Problems["sample"],
		Hint: "A message. Nothing is saved, counted or done.", More: templ.Attributes{"rows": "2", "maxlength": "4000"}}
}

// reads says whether the kind reads texts, undisguised or as written.
func (f Form) reads() bool { return f.Kind == rule.Words || f.Kind == rule.Regex }

func (f Form) chosenMode(m rule.Mode) bool { return f.Mode == string(m) }
