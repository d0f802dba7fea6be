// Package guild is a guild's dashboard.
package guild

import (
	"fmt"
	"strings"
	"time"

	"github.com/a-h/templ"

	"guildwatch/internal/frame"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/chart"
	"guildwatch/views/event"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// StreamedPeriod is the period whose figures live frames carry. A page that shows another one fetches its panels itself when a
// frame says that they changed.
const StreamedPeriod = stats.PeriodDay

// View is the page.
type View struct {
	Page   layout.Page // Sections are filled in
	Guild  stats.Guild
	Failed string // a plain sentence that stands in every panel instead of figures; empty: all is well
}

// Regions lists the regions of the page, in its order.
func Regions() []frame.Name {
	return []frame.Name{
		frame.PanelChecklist, frame.PanelCards, frame.PanelActivity, frame.PanelSources, frame.PanelKinds, frame.PanelTargets,
		frame.PanelGaps, event.Region,
	}
}

// Region is the component of one region; nil for a name that is none of this page's.
func Region(name frame.Name, d stats.Guild) templ.Component {
	switch name {
	case frame.PanelCards:
		return Cards(d)
	case frame.PanelActivity:
		return Activity(d)
	case frame.PanelSources:
		return Sources(d)
	case frame.PanelKinds:
		return Kinds(d)
	case frame.PanelTargets:
		return Targets(d)
	case frame.PanelGaps:
		return Gaps(d)
	case frame.PanelChecklist:
		return Checklist(d)
	case event.Region:
		return Events(d)
	}
	return nil
}

var titles = map[frame.Name]string{
	frame.PanelCards: "Key figures", frame.PanelActivity: "Activity", frame.PanelSources: "Actions by source",
	frame.PanelKinds: "Actions by kind", frame.PanelTargets: "Most acted on", frame.PanelGaps: "Coverage",
	frame.PanelChecklist: "Set up guildwatch", event.Region: "Recent events",
}

func (v View) region(name frame.Name) templ.Component {
	if v.Failed != "" {
		return ui.Failed(ui.Failure{Region: name, Title: titles[name], Message: v.Failed, Page: v.Page.Path})
	}
	return Region(name, v.Guild)
}

// dated are the regions whose figures belong to a period; the others are the same for all.
var dated = map[frame.Name]bool{
	frame.PanelCards: true, frame.PanelSources: true, frame.PanelKinds: true, frame.PanelTargets: true, frame.PanelGaps: true,
}

func (v View) slot(name frame.Name, section string) ui.Slot {
	return ui.Slot{
		Region: name, Section: section, Class: "at-" + strings.TrimPrefix(string(name), "panel-"), Page: v.Page.Path,
		Refetch: dated[name] && v.Guild.Period != StreamedPeriod,
	}
}

func (v View) page() layout.Page {
	v.Page.About = v.about()
	v.Page.Sections = []layout.Section{
		{ID: "figures", Label: "Figures", Icon: "gauge"},
		{ID: "activity", Label: "Activity", Icon: "activity"},
		{ID: "actions", Label: "Actions", Icon: "gavel"},
		{ID: "members", Label: "Members", Icon: "users"},
		{ID: "feed", Label: "Events", Icon: "list-checks"},
	}
	return v.Page
}

// about is the line below the guild's name.
func (v View) about() string {
	if v.Failed != "" {
		return ""
	}
	about := ui.Count(int64(v.Guild.Profile.Members)) + " members"
	if !v.Guild.Profile.JoinedAt.IsZero() {
		about += " · watched since " + v.Guild.Profile.JoinedAt.In(ui.Zone(v.Guild.TimeZone)).Format("2 January 2006")
	}
	return about
}

// frame says which time the figures are of.
func (v View) frame() string {
	if v.Failed != "" {
		return ""
	}
	last := over(v.Guild.Period)
	return strings.ToUpper(last[:1]) + last[1:] + ", compared with " + before(v.Guild.Period) + ". Times in " + ui.Zone(v.Guild.TimeZone).String() + "."
}

// periods are the links of the period switch.
func (v View) periods() []ui.Choice {
	var out []ui.Choice
	for _, p := range stats.Periods() {
		out = append(out, ui.Choice{
			Label: strings.ToUpper(string(p[:1])) + string(p[1:]), On: p == v.Guild.Period,
			URL: "/g/" + snowflake.String(v.Page.Current) + "?period=" + string(p),
		})
	}
	return out
}

func panel(d stats.Guild, name frame.Name, icon, note string) ui.Panel {
	return ui.Panel{Region: name, Title: titles[name], Icon: icon, Note: note, Seq: d.Seq, Moment: moment(d, d.At)}
}

func moment(d stats.Guild, at time.Time) ui.Moment {
	return ui.Moment{At: at, Now: d.At, Zone: ui.Zone(d.TimeZone)}
}

// over is the period in words: "last 24 hours".
func over(p stats.Period) string {
	switch p {
	case stats.PeriodHour:
		return "last hour"
	case stats.PeriodWeek:
		return "last 7 days"
	case stats.PeriodMonth:
		return "last 30 days"
	}
	return "last 24 hours"
}

// before is the time that figures are compared with.
func before(p stats.Period) string {
	switch p {
	case stats.PeriodHour:
		return "the hour before"
	case stats.PeriodWeek:
		return "the week before"
	case stats.PeriodMonth:
		return "the 30 days before"
	}
	return "the day before"
}

// bare is a panel without a surface of its own.
func bare(p ui.Panel) ui.Panel { p.Bare = true; return p }

func cards(d stats.Guild) []ui.Card {
	against := before(d.Period)
	list := []ui.Card{
		{Label: "Messages", Icon: "message-square", Figure: d.Messages, Against: against, Series: "messages", Spark: spark(d, chart.Messages)},
		{Label: "Active members", Icon: "users", Figure: d.Active, Against: "the whole last month", Note: "this calendar month"},
		{Label: "Violations", Icon: "shield-alert", Figure: d.Violations, Against: against, Rising: ui.Unwelcome, Series: "violations", Spark: spark(d, chart.Violations)},
		{Label: "Actions", Icon: "gavel", Figure: d.Actions, Against: against, Series: "actions", Spark: spark(d, chart.Actions)},
		{Label: "Joined", Icon: "user-plus", Figure: d.Joins, Against: against, Series: "members", Spark: spark(d, joins)},
		{Label: "Left", Icon: "user-minus", Figure: d.Leaves, Against: against, Series: "other", Spark: spark(d, leaves)},
		{Label: "Commands", Icon: "terminal", Figure: d.Commands, Against: against, Series: "commands", Spark: spark(d, chart.Commands)},
		{Label: "Gateway latency", Icon: "timer", Figure: d.Latency, Unit: "ms", Against: against, Delta: true, Rising: ui.Unwelcome},
	}
	return list
}

var (
	joins  = chart.Lane{Name: "Joins", Series: "members", Of: func(h stats.Hour) int64 { return h.Joins }}
	leaves = chart.Lane{Name: "Leaves", Series: "other", Of: func(h stats.Hour) int64 { return h.Leaves }}
)

// spark is the shape beside a figure: only where the figure is of the same 24 hours.
func spark(d stats.Guild, lane chart.Lane) []int64 {
	if d.Period != stats.PeriodDay {
		return nil
	}
	out := make([]int64, len(d.Activity))
	for i, h := range d.Activity {
		out[i] = lane.Of(h)
	}
	return out
}

func day(d stats.Guild) chart.Day {
	return chart.Day{
		ID: "day", Title: "Messages, actions, violations and commands of the last 24 hours, by hour", Hours: d.Activity,
		Lanes: []chart.Lane{chart.Messages, chart.Actions, chart.Violations, chart.Commands}, Zone: ui.Zone(d.TimeZone),
	}
}

func sources(d stats.Guild) []chart.Bar {
	var out []chart.Bar
	for _, s := range d.BySource {
		source := moderation.Source(s.Key)
		out = append(out, chart.Bar{Label: ui.SourceName(source), Icon: ui.SourceIcon(source), Count: s.Count, Part: s.Part, Class: "tone-accent"})
	}
	return out
}

func kinds(d stats.Guild) []chart.Bar {
	var out []chart.Bar
	for _, s := range d.ByKind {
		kind := moderation.ActionKind(s.Key)
		out = append(out, chart.Bar{Label: ui.KindName(kind), Icon: ui.KindIcon(kind), Count: s.Count, Part: s.Part, Class: "tone-" + string(ui.KindTone(kind))})
	}
	return out
}

// some says whether there is one at all: a list of zeros is shown as nothing yet.
func some(shares []stats.Share) bool {
	for _, s := range shares {
		if s.Count > 0 {
			return true
		}
	}
	return false
}

// part is a target's bar: against the member most acted on.
func part(d stats.Guild, t stats.Target) float64 {
	top := int64(1)
	for _, other := range d.Targets {
		top = max(top, other.Actions)
	}
	return float64(t.Actions) / float64(top)
}

func times(n int64) string {
	if n == 1 {
		return "1 action"
	}
	return ui.Count(n) + " actions"
}

// lost is what a gap may have cost.
func lost(g stats.Gap) string {
	if g.Dropped > 0 {
		return fmt.Sprintf("%s · %s events dropped", g.Reason, ui.Count(g.Dropped))
	}
	return g.Reason
}

func doneOf(checks []stats.Check) string {
	done := 0
	for _, c := range checks {
		if c.Done {
			done++
		}
	}
	return fmt.Sprintf("%d of %d done", done, len(checks))
}

func progress(checks []stats.Check) float64 {
	done := 0
	for _, c := range checks {
		if c.Done {
			done++
		}
	}
	return float64(done) / float64(max(1, len(checks)))
}

func feed(d stats.Guild) event.List {
	return event.List{
		Lines: d.Recent, Seq: d.Seq, Now: d.At, Zone: ui.Zone(d.TimeZone),
		What: "Joins, commands, rule hits and what moderators do in Discord will appear here by themselves.",
	}
}
