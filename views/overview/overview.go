// Package overview is the operator's page: all guilds in aggregates, live.
package overview

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"guildwatch/internal/frame"
	"guildwatch/internal/stats"
	"guildwatch/views/chart"
	"guildwatch/views/event"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// View is the page.
type View struct {
	Page     layout.Page // Sections are filled in
	Overview stats.Overview
	Failed   string // a plain sentence that stands in every panel instead of figures; empty: all is well
}

// Regions lists the regions of the page, in its order.
func Regions() []frame.Name {
	return []frame.Name{frame.PanelCards, frame.PanelActivity, frame.PanelServers, frame.PanelGateway, event.Region}
}

// Region is the component of one region; nil for a name that is none of this page's.
func Region(name frame.Name, o stats.Overview) templ.Component {
	switch name {
	case frame.PanelCards:
		return Cards(o)
	case frame.PanelActivity:
		return Activity(o)
	case frame.PanelServers:
		return Servers(o)
	case frame.PanelGateway:
		return Gateway(o)
	case event.Region:
		return Events(o)
	}
	return nil
}

// maxServers is how many servers the list shows: an instance may have 2 500.
const maxServers = 100

// titles name the panels where they have no content to do so.
var titles = map[frame.Name]string{
	frame.PanelCards: "Key figures", frame.PanelActivity: "Activity", frame.PanelServers: "Servers",
	frame.PanelGateway: "Connection to Discord", event.Region: "Recent events",
}

// region is a panel, or what stands in its place when the figures could not be had.
func (v View) region(name frame.Name) templ.Component {
	if v.Failed != "" {
		return ui.Failed(ui.Failure{Region: name, Title: titles[name], Message: v.Failed, Page: v.Page.Path})
	}
	return Region(name, v.Overview)
}

func (v View) slot(name frame.Name, section string) ui.Slot {
	return ui.Slot{Region: name, Section: section, Class: "at-" + strings.TrimPrefix(string(name), "panel-"),
		Page: v.Page.Path}
}

func (v View) page() layout.Page {
	v.Page.About = "every server that guildwatch looks after"
	v.Page.Sections = []layout.Section{
		{ID: "figures", Label: "Figures", Icon: "gauge"},
		{ID: "activity", Label: "Activity", Icon: "activity"},
		{ID: "servers", Label: "Servers", Icon: "server"},
		{ID: "feed", Label: "Events", Icon: "list-checks"},
	}
	return v.Page
}

func panel(o stats.Overview, name frame.Name, icon, note string) ui.Panel {
	return ui.Panel{
		Region: name, Title: titles[name], Icon: icon, Note: note, Seq: o.Seq, Moment: ui.Moment{At: o.At, Now: o.At},
	}
}

// bare is a panel without a surface of its own.
func bare(p ui.Panel) ui.Panel { p.Bare = true; return p }

func cards(o stats.Overview) []ui.Card {
	return []ui.Card{
		{Label: "Servers", Icon: "server", Figure: o.Guilds, Against: "last month", Delta: true},
		{Label: "Active members", Icon: "users", Figure: o.Users, Against: "last month", Note: "seen within 30 days"},
		{
			Label: "Commands in 24 h", Icon: "terminal", Figure: o.Commands, Against: "last month's daily average",
			Note: commandNote(o), Spark: series(o.Activity, chart.Commands), Series: "commands",
		},
		{
			Label: "Gateway latency", Icon: "timer", Figure: o.Latency, Unit: "ms", Against: "the hour before",
			Delta:  true,
			Rising: ui.Unwelcome, Note: "average of the last hour",
		},
	}
}

func commandNote(o stats.Overview) string {
	note := ui.Count(int64(o.Registered)) + " registered"
	if o.LastCommand.IsZero() {
		return note + ", none run yet"
	}
	return note + ", last run " + ui.Span(o.At.Sub(o.LastCommand)) + " ago"
}

func series(hours []stats.Hour, lane chart.Lane) []int64 {
	out := make([]int64, len(hours))
	for i, h := range hours {
		out[i] = lane.Of(h)
	}
	return out
}

func day(o stats.Overview) chart.Day {
	return chart.Day{
		ID: "day", Title: "Messages, commands and violations of the last 24 hours, by hour", Hours: o.Activity,
		Lanes: []chart.Lane{chart.Messages, chart.Commands, chart.Violations},
	}
}

func feed(o stats.Overview) event.List {
	return event.List{
		Lines: o.Recent, Seq: o.Seq, Now: o.At,
		What: "Joins, commands, rule hits and what moderators do will appear here by themselves, from every server.",
	}
}

// link is the state of the gateway in words.
func link(g stats.Gateway) ui.Badge {
	switch g.State {
	case "connected":
		return ui.Badge{Label: "Connected", Icon: "plug", Tone: ui.Good}
	case "resuming":
		return ui.Badge{Label: "Resuming", Icon: "refresh-cw", Tone: ui.Warn}
	case "connecting":
		return ui.Badge{Label: "Connecting", Icon: "refresh-cw", Tone: ui.Warn}
	}
	return ui.Badge{Label: "Stopped", Icon: "unplug", Tone: ui.Bad}
}

func since(g stats.Gateway, now time.Time) string {
	if g.Since.IsZero() {
		return ""
	}
	return "for " + ui.Span(now.Sub(g.Since))
}
