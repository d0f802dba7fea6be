// Package analytics is the page of what a guild's moderation did over a period, or a time that the visitor chose.
package analytics

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// View is the page.
type View struct {
	Page      layout.Page // Sections are filled in
	Analytics *stats.Analytics
	Chosen    Chosen
	Failed    string // a plain sentence that stands in every panel instead of figures; empty: all is well
}

// Chosen is a time as the form was filled in.
type Chosen struct {
	From, To string
	Asked    bool   // the form was asked for
	Problem  string // why it makes no sense; empty: it does
}

// Set says whether anything was chosen.
func (c Chosen) Set() bool { return c.From+c.To != "" }

// Custom is the choice of any other time: where it is chosen.
func Custom(guild snowflake.GuildID, on bool) ui.Choice {
	return ui.Choice{Label: "Custom", On: on, URL: URL(guild) + "?period=" + string(stats.PeriodCustom)}
}

// URL is the page of a guild.
func URL(guild snowflake.GuildID) string { return "/g/" + snowflake.String(guild) + "/analytics" }

// The regions of the page.
const (
	regionSeries   frame.Name = "analytics-series"
	regionWeek     frame.Name = "analytics-week"
	regionRules    frame.Name = "analytics-rules"
	regionKinds    frame.Name = "analytics-kinds"
	regionTimeline frame.Name = "analytics-timeline"
	regionMembers  frame.Name = "analytics-members"
	regionWork     frame.Name = "analytics-work"
)

// part is one region: where it stands, what it is called, and how it looks.
type part struct {
	region  frame.Name
	section string // id of the section that begins with it; may be empty
	title   string
	icon    string
	show    func(a *stats.Analytics) templ.Component
}

// parts are the regions in the order of the page.
func parts() []part {
	return []part{
		{regionSeries, "when", "Violations over time", "activity", Series},
		{regionWeek, "week", "Hours of the week", "clock", Week},
		{regionRules, "rules", "What each rule found", "shield-check", Rules},
		{regionKinds, "", "Violations by kind", "shield-alert", Kinds},
		{regionTimeline, "events", "Events of note", "history", Timeline},
		{regionMembers, "members", "Members who broke rules", "user-x", Members},
		{regionWork, "work", "Moderators' work", "gavel", Workload},
	}
}

// Regions lists the regions of the page, in its order.
func Regions() (names []frame.Name) {
	for _, p := range parts() {
		names = append(names, p.region)
	}
	return names
}

// Region is the component of one region; nil for a name that is none of this page's.
func Region(name frame.Name, a *stats.Analytics) templ.Component {
	for _, p := range parts() {
		if p.region == name {
			return p.show(a)
		}
	}
	return nil
}

func (v View) part(p part) templ.Component {
	if v.Failed != "" {
		return ui.Failed(ui.Failure{Region: p.region, Title: p.title, Message: v.Failed, Page: v.Page.Path})
	}
	return p.show(v.Analytics)
}

func panel(a *stats.Analytics, region frame.Name, note string) ui.Panel {
	p := ui.Panel{Region: region, Note: note, Seq: a.Seq, Moment: moment(a, a.At)}
	for _, one := range parts() {
		if one.region == region {
			p.Title, p.Icon = one.title, one.icon
		}
	}
	return p
}

func moment(a *stats.Analytics, at time.Time) ui.Moment {
	return ui.Moment{At: at, Now: a.At, Zone: zone(a)}
}

func zone(a *stats.Analytics) *time.Location { return ui.Zone(a.TimeZone) }

func (v View) page() layout.Page {
	page := v.Page.Part("Analytics")
	icons := map[string]layout.Section{
		"when":    {ID: "when", Label: "Time", Icon: "activity"},
		"week":    {ID: "week", Label: "Week", Icon: "clock"},
		"rules":   {ID: "rules", Label: "Rules", Icon: "shield-check"},
		"events":  {ID: "events", Label: "Events", Icon: "history"},
		"members": {ID: "members", Label: "Members", Icon: "user-x"},
		"work":    {ID: "work", Label: "Work", Icon: "gavel"},
	}
	for _, p := range parts() {
		if section, ok := icons[p.section]; ok {
			page.Sections = append(page.Sections, section)
		}
	}
	return page
}

// frame says which time the figures are of.
func (v View) frame() string {
	if v.Failed != "" {
		return ""
	}
	text, w := over(v.Analytics), v.Analytics.Window
	if w.Period != stats.PeriodCustom {
		text += ", " + between(v.Analytics, w.Span.From, v.Analytics.At)
	}
	text = strings.ToUpper(text[:1]) + text[1:] + ", compared with the time before, as long. Times in " +
		zone(v.Analytics).String() + "."
	if w.Period == stats.PeriodCustom && w.Rounded() {
		text += " Counted by the quarter of an hour: " + rounded(v.Analytics) + "."
	}
	return text
}

// over is the window in words: "last 24 hours".
func over(a *stats.Analytics) string {
	switch a.Window.Period {
	case stats.PeriodHour:
		return "last hour"
	case stats.PeriodDay:
		return "last 24 hours"
	case stats.PeriodWeek:
		return "last 7 days"
	case stats.PeriodMonth:
		return "last 30 days"
	}
	return between(a, a.Window.Span.From, a.Window.Span.Until)
}

// rounded says how the window differs from what was asked for.
func rounded(a *stats.Analytics) string {
	w := a.Window
	var changed []string
	if !w.Asked.From.Equal(w.Span.From) {
		changed = append(changed, "it begins at "+clock(a, w.Span.From)+" instead of "+clock(a, w.Asked.From))
	}
	if !w.Asked.Until.Equal(w.Span.Until) {
		changed = append(changed, "it ends at "+clock(a, w.Span.Until)+" instead of "+clock(a, w.Asked.Until))
	}
	return strings.Join(changed, ", ")
}

func clock(a *stats.Analytics, at time.Time) string { return at.In(zone(a)).Format("15:04") }

// between is a span in words: "2 Jan 2026, 00:00 to 9 Jan 2026, 12:15".
func between(a *stats.Analytics, from, until time.Time) string {
	const layout = "2 Jan 2006, 15:04"
	return from.In(zone(a)).Format(layout) + " to " + until.In(zone(a)).Format(layout)
}

// periods are the links of the period switch.
func (v View) periods() []ui.Choice {
	var out []ui.Choice
	for _, p := range stats.Periods() {
		out = append(out, ui.Choice{Label: strings.ToUpper(string(p[:1])) + string(p[1:]),
			On:  p == v.Analytics.Window.Period && v.Chosen.Problem == "",
			URL: URL(v.Page.Current) + "?period=" + string(p)})
	}
	return append(out, Custom(v.Page.Current, v.Analytics.Window.Period == stats.PeriodCustom))
}

// from and to are the fields of a chosen time, filled in with the window that is shown.
func (v View) from() ui.Field {
	return ui.Field{Name: "from", Label: "From", Type: "datetime-local", Problem: v.Chosen.Problem,
		Value: v.field(v.Chosen.From, v.Analytics.Window.Span.From), More: templ.Attributes{"required": true}}
}

func (v View) to() ui.Field {
	return ui.Field{Name: "to", Label: "To", Type: "datetime-local",
		Value: v.field(v.Chosen.To, v.Analytics.Window.Span.Until)}
}

// field is a moment as the browser's field writes it: as the form was filled in, or of the window.
func (v View) field(chosen string, at time.Time) string {
	const layout = "2006-01-02T15:04"
	if v.Chosen.Problem != "" || v.Failed != "" {
		return chosen
	}
	return at.In(zone(v.Analytics)).Format(layout)
}
