// Package analytics is the page of what a guild's moderation did over a period, or a time that the visitor chose.
package analytics

import (
	"time"

	"github.com/a-h/templ"

	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/period"
	"guildwatch/views/ui"
)

// View is the page.
type View struct {
	Page      layout.Page // Sections are filled in
	Analytics *stats.Analytics
	Chosen    period.Chosen
	Failed    string // a plain sentence that stands in every panel instead of figures; empty: all is well
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

// period is the time of the page's figures.
func (v View) period() period.View {
	return period.View{URL: URL(v.Page.Current), Window: v.Analytics.Window, At: v.Analytics.At, Zone: zone(v.Analytics),
		Chosen: v.Chosen, Dated: true, Failed: v.Failed != ""}
}

// over is the window in words: "last 24 hours".
func over(a *stats.Analytics) string { return period.Over(a.Window, a.At, zone(a)) }
