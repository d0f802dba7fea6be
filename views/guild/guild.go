// Package guild is a guild's dashboard.
package guild

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/period"
	"guildwatch/views/ui"
)

// StreamedPeriod is the period whose figures live frames carry. A page that shows another one fetches its panels itself
// when a frame says that they changed.
const StreamedPeriod = stats.PeriodDay

// View is the page.
type View struct {
	Page   layout.Page // Sections are filled in
	Guild  stats.Guild
	Chosen period.Chosen
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
		Refetch: v.every(name),
	}
}

func (v View) page() layout.Page {
	v.Page.About = v.about()
	counted := []layout.Section{
		{ID: "violations", Label: "Violations", Icon: "shield-alert"},
		{ID: "actions", Label: "Actions", Icon: "gavel"},
		{ID: "members", Label: "Members", Icon: "users"},
	}
	if v.chosen() {
		v.Page.Sections = append([]layout.Section{{ID: "figures", Label: "Figures", Icon: "gauge"}}, counted...)
		return v.Page
	}
	v.Page.Sections = append([]layout.Section{
		{ID: "health", Label: "Health", Icon: "shield-check"},
		{ID: "activity", Label: "Activity", Icon: "activity"},
	}, append(counted, layout.Section{ID: "feed", Label: "Events", Icon: "list-checks"})...)
	return v.Page
}

// chosen says whether the page is of a time that was chosen. What is of now is left out of it: health, the last 24 hours, the
// feed and the checklist.
func (v View) chosen() bool { return v.Guild.Window.Period == stats.PeriodCustom }

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

// period is the time of the page's figures.
func (v View) period() period.View {
	return period.View{URL: "/g/" + snowflake.String(v.Page.Current), Window: v.Guild.Window, At: v.Guild.At,
		Zone: ui.Zone(v.Guild.TimeZone), Chosen: v.Chosen, Failed: v.Failed != ""}
}

// every is how often a region fetches its own figures while frames carry others. Those of a chosen time are computed for
// the page alone.
func (v View) every(name frame.Name) time.Duration {
	switch {
	case !dated[name] || v.Guild.Window.Period == StreamedPeriod:
		return 0
	case v.chosen():
		return 15 * time.Second
	}
	return 5 * time.Second
}
