package rules

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/native"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// NativeEditor is the page of one of Discord's own rules.
type NativeEditor struct {
	Page      layout.Page
	Place     Place
	Now       Native // as it is; without an id for a new one
	Form      *NativeForm
	Names     Names
	Trial     *native.Trial     // of the form's sample; nil: none was tried
	Newer     []Change          // somebody was faster: from what holds now to what the form has
	Own       *rule.Rule        // guildwatch's rule that this one is, or was, made from; nil: none
	Promotion *native.Promotion // what of it is carried over; nil: it is not about to be
}

// NativeForm is one of Discord's own rules as somebody has filled it in.
type NativeForm struct {
	ID      snowflake.RuleID // 0: a new rule
	Trigger moderation.Trigger
	Seen    string // the mark of the rule that the form was made from
	Own     int64  // the number of guildwatch's rule that it is made from; 0: none

	Name                      string
	Enabled                   bool
	Keywords, Patterns, Allow string   // one to a line
	Presets                   []string // numbers
	Mentions                  string
	Raids                     bool

	Block, Mute, TimesOut bool
	Message               string // what a member is told whose message is blocked
	Alert                 string // a channel's id; empty: none is told
	Timeout               Span

	ExemptRoles, ExemptChannels []string // ids
	Sample                      string

	Channels, Roles []ui.Option
	Problem         string
	Problems        map[native.Field]string
}

// FillNative is the form for a rule as it is.
func FillNative(r *moderation.NativeRule) NativeForm {
	s := &r.Spec
	f := NativeForm{ID: r.ID, Trigger: r.Trigger, Seen: native.Mark(r), Name: r.Name, Enabled: r.Enabled,
		Keywords: strings.Join(s.Keywords, "\n"), Patterns: strings.Join(s.Patterns, "\n"), Allow: strings.Join(s.Allow, "\n"),
		Mentions: number(s.Mentions), Raids: s.Raids, Timeout: Span{"10", Minutes}, Problems: map[native.Field]string{}}
	for _, preset := range s.Presets {
		f.Presets = append(f.Presets, strconv.Itoa(int(preset)))
	}
	for _, a := range s.Actions {
		switch a.Kind {
		case moderation.NativeBlock:
			f.Block, f.Message = true, a.Message
		case moderation.NativeMute:
			f.Mute = true
		case moderation.NativeAlert:
			f.Alert = snowflake.String(a.Channel)
		case moderation.NativeTimeout:
			f.TimesOut, f.Timeout = true, SpanOf(a.Timeout)
		}
	}
	for _, id := range s.ExemptRoles {
		f.ExemptRoles = append(f.ExemptRoles, snowflake.String(id))
	}
	for _, id := range s.ExemptChannels {
		f.ExemptChannels = append(f.ExemptChannels, snowflake.String(id))
	}
	return f
}

func (e NativeEditor) page() layout.Page {
	switch {
	case e.Promotion != nil:
		return e.Page.Part("Promote to AutoMod")
	case e.Now.Rule.ID == 0:
		return e.Page.Part("New AutoMod rule")
	}
	return e.Page.Part(e.Now.Rule.Name)
}

func (e NativeEditor) title() string {
	if e.Now.Rule.ID == 0 {
		return "New AutoMod rule: " + e.Form.Trigger.String()
	}
	return "Change it in Discord"
}

// facts are all parts of the rule as it is.
func (e NativeEditor) facts() []fact { return nativeFacts(&e.Now.Rule, e.Names) }

// limits is how full the lists of the rule are, in words.
func (e NativeEditor) limits() string {
	var parts []string
	for _, l := range native.Limits(&e.Now.Rule) {
		parts = append(parts, l.Name+" "+room(l))
	}
	return strings.Join(parts, ", ")
}

func (f *NativeForm) does(kind moderation.NativeActionKind) bool {
	return slices.Contains(native.Does(f.Trigger), kind)
}

func (f *NativeForm) field(field native.Field, label, value, hint string) ui.Field {
	return ui.Field{Name: string(field), Label: label, Value: value, Hint: hint, Type: "text", Problem: f.Problems[field],
		More: templ.Attributes{"autocomplete": "off"}}
}

func (f *NativeForm) list(field native.Field, label, value, hint string) ui.Field {
	it := f.field(field, label, value, hint)
	it.More = templ.Attributes{"rows": "5", "spellcheck": "false", "autocapitalize": "none"}
	return it
}

func (f *NativeForm) words() bool {
	return f.Trigger == moderation.TriggerKeyword || f.Trigger == moderation.TriggerMemberProfile
}

func (f *NativeForm) spares() bool { return f.words() || f.Trigger == moderation.TriggerKeywordPreset }

func (f *NativeForm) keywords() ui.Field {
	return f.list(native.FieldKeywords, "Keywords", f.Keywords, "One to a line, at most 1000 of 60 characters. cat finds the whole "+
		"word, cat* what begins with it, *cat what ends with it, *cat* both.")
}

func (f *NativeForm) patterns() ui.Field {
	return f.list(native.FieldPatterns, "Regular expressions", f.Patterns, "One to a line, at most 10 of 260 characters, in Rust's dialect.")
}

func (f *NativeForm) allow() ui.Field {
	hint := "One to a line, written like keywords, at most 100 of 60 characters."
	if f.Trigger == moderation.TriggerKeywordPreset {
		hint = "One to a line, written like cat, cat* or *cat*, at most 1000 of 60 characters."
	}
	return f.list(native.FieldAllow, "Exceptions", f.Allow, hint)
}

func (f *NativeForm) mentions() ui.Field {
	it := f.field(native.FieldMentions, "Mentions that are still fine", f.Mentions, "Different people and roles in one message: 1 to 50.")
	it.Type, it.More = "number", templ.Attributes{"min": "1", "max": "50", "inputmode": "numeric"}
	return it
}

func (f *NativeForm) message() ui.Field {
	it := f.field(native.FieldMessage, "What the member is told", f.Message, "At most 150 characters; empty: Discord's own words.")
	it.More = templ.Attributes{"maxlength": "150", "autocomplete": "off"}
	return it
}

func (f *NativeForm) alert() ui.Field {
	options := append([]ui.Option{{Label: "No channel is told"}}, f.Channels...)
	if f.Alert != "" {
		options = withGone(options, []string{f.Alert}, "Deleted channel #")
	}
	it := f.field(native.FieldAlert, "Channel that is told", f.Alert, "")
	it.Options = options
	return it
}

func (f *NativeForm) roles() ui.Field {
	it := f.field(native.FieldRoles, "Discord roles for which it does not hold", "", "")
	it.Options = withGone(f.Roles, f.ExemptRoles, "Deleted role #")
	return it
}

func (f *NativeForm) channels() ui.Field {
	it := f.field(native.FieldChannels, "Channels where it does not hold", "", "")
	it.Options = withGone(f.Channels, f.ExemptChannels, "Deleted channel #")
	return it
}

// tries says whether guildwatch can say what the rule would find.
func (f *NativeForm) tries() bool { return f.words() || f.Trigger == moderation.TriggerMentionSpam }

func (f *NativeForm) sample() ui.Field {
	return ui.Field{Name: "sample", Label: "Try it before you save it", Value: f.Sample, Problem: f.Problems["sample"],
		Hint: "A message. Read as Discord documents it; nothing is saved or done.",
		More: templ.Attributes{"rows": "2", "maxlength": "4000"}}
}
