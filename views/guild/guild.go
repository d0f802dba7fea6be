// Package guild is a guild's dashboard.
package guild

import (
	"strings"

	"github.com/a-h/templ"

	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/analytics"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// StreamedPeriod is the period whose figures live frames carry. A page that shows another one fetches its panels itself
// when a frame says that they changed.
const StreamedPeriod = stats.PeriodDay

// View is the page.
type View struct {
	Page   layout.Page // Sections are filled in
	Guild  stats.Guild
	Failed string // a plain sentence that stands in every panel instead of figures; empty: all is well
}

func (v View) region(name frame.Name) templ.Component {
	if v.Failed != "" {
		return ui.Failed(ui.Failure{Region: name, Title: titles[name], Message: v.Failed, Page: v.Page.Path})
	}
	return Region(name, v.Guild)
}

// dated are the regions whose figures belong to a period; the others are the same for all.
var dated = map[frame.Name]bool{
	frame.PanelCards: true, frame.PanelSources: true, frame.PanelKinds: true, frame.PanelTargets: true,
	frame.PanelGaps: true, frame.PanelFound: true, frame.PanelSeverity: true, frame.PanelOffenders: true,
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
		{ID: "health", Label: "Health", Icon: "shield-check"},
		{ID: "activity", Label: "Activity", Icon: "activity"},
		{ID: "violations", Label: "Violations", Icon: "shield-alert"},
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
	return strings.ToUpper(last[:1]) + last[1:] + ", compared with " + before(v.Guild.Period) + ". Times in " +
		ui.Zone(v.Guild.TimeZone).String() + "."
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
	return append(out, analytics.Custom(v.Page.Current, false))
}
