// Package period says which time a page's figures are of, and lets a visitor choose another: a period that ends now, or any
// time.
package period

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"guildwatch/internal/moderation"
	"guildwatch/internal/stats"
	"guildwatch/views/ui"
)

// View is the time of a page's figures.
type View struct {
	URL    string // the page's path
	Window stats.Window
	At     time.Time // when the figures were computed
	Zone   *time.Location
	Chosen Chosen
	Dated  bool // the page says of a period, too, from when to when it is; not where it changes by itself
	Failed bool // there are no figures
}

// Chosen is a time as the form was filled in.
type Chosen struct {
	From, To string
	Asked    bool   // the form was asked for
	Problem  string // why it makes no sense; empty: it does
}

// Set says whether anything was chosen.
func (c Chosen) Set() bool { return c.From+c.To != "" }

// Over is a window in words, as it was counted at a moment: "last 24 hours".
func Over(w stats.Window, at time.Time, zone *time.Location) string {
	switch w.Period {
	case stats.PeriodHour:
		return "last hour"
	case stats.PeriodDay:
		return "last 24 hours"
	case stats.PeriodWeek:
		return "last 7 days"
	case stats.PeriodMonth:
		return "last 30 days"
	}
	until := w.Span.Until
	if until.After(at) { // the running quarter of an hour is counted so far
		until = at
	}
	return Between(w.Span.From, until, zone)
}

// Before is the time in words that figures of a window are compared with.
func Before(w stats.Window) string {
	switch w.Period {
	case stats.PeriodHour:
		return "the hour before"
	case stats.PeriodDay:
		return "the day before"
	case stats.PeriodWeek:
		return "the week before"
	case stats.PeriodMonth:
		return "the 30 days before"
	}
	return "the time before"
}

// Between is a span in words: "2 Jan 2026, 00:00 to 9 Jan 2026, 12:15".
func Between(from, until time.Time, zone *time.Location) string {
	const layout = "2 Jan 2006, 15:04"
	return shown(from, zone, layout) + " to " + shown(until, zone, layout)
}

// shown is a moment on the guild's clock, with the zone's name where the clock shows it twice.
func shown(at time.Time, zone *time.Location, layout string) string {
	if at = at.In(zone); moderation.ShownTwice(at) {
		layout += " MST"
	}
	return at.Format(layout)
}

// Nothing is what stands where there is nothing, or why that is not known; empty: it is.
func Nothing(why string, otherwise ui.Nothing) ui.Nothing {
	if why == "" {
		return otherwise
	}
	return ui.Nothing{Icon: "history", Title: "Not known", Tone: ui.Neutral,
		Text: "There is nothing to count in this time: " + why + "."}
}

// sentence says which time the figures are of.
func (v View) sentence() string {
	if v.Failed {
		return ""
	}
	text, against := Over(v.Window, v.At, v.Zone), Before(v.Window)
	if chosen := v.Window.Period == stats.PeriodCustom; chosen || v.Dated {
		against = "the time before, as long"
		if !chosen {
			text += ", " + Between(v.Window.Span.From, v.At, v.Zone)
		}
	}
	text = strings.ToUpper(text[:1]) + text[1:] + ", compared with " + against + ". Times in " + v.Zone.String() + "."
	if v.Window.Period == stats.PeriodCustom && v.Window.Rounded() {
		text += " Counted by the quarter of an hour: " + v.rounded() + "."
	}
	return text
}

// rounded says how the window differs from what was asked for.
func (v View) rounded() string {
	clock := func(at time.Time) string { return shown(at, v.Zone, "15:04") }
	asked, span := v.Window.Asked, v.Window.Span
	var changed []string
	if !asked.From.Equal(span.From) {
		changed = append(changed, "it begins at "+clock(span.From)+" instead of "+clock(asked.From))
	}
	if !asked.Until.Equal(span.Until) {
		changed = append(changed, "it ends at "+clock(span.Until)+" instead of "+clock(asked.Until))
	}
	return strings.Join(changed, ", ")
}

// choices are the links of the period switch.
func (v View) choices() []ui.Choice {
	var out []ui.Choice
	for _, p := range append(stats.Periods(), stats.PeriodCustom) {
		on := p == v.Window.Period
		if p != stats.PeriodCustom {
			on = on && v.Chosen.Problem == ""
		}
		out = append(out, ui.Choice{Label: strings.ToUpper(string(p[:1])) + string(p[1:]), On: on,
			URL: v.URL + "?period=" + string(p)})
	}
	return out
}

// Open says whether the form stands open: a time is chosen, or about to be.
func (v View) Open() bool { return v.Chosen.Asked || v.Chosen.Set() }

// from and to are the fields of a chosen time, filled in with the window that is shown.
func (v View) from() ui.Field {
	return ui.Field{Name: "from", Label: "From", Type: "datetime-local", Problem: v.Chosen.Problem,
		Value: v.field(v.Chosen.From, v.Window.Span.From), More: templ.Attributes{"required": true}}
}

func (v View) to() ui.Field {
	return ui.Field{Name: "to", Label: "To", Type: "datetime-local", Value: v.field(v.Chosen.To, v.Window.Span.Until)}
}

// field is a moment as the browser's field writes it: as the form was filled in, or of the window.
func (v View) field(chosen string, at time.Time) string {
	if v.Chosen.Problem != "" || v.Failed {
		return chosen
	}
	return at.In(v.Zone).Format("2006-01-02T15:04")
}
