package guild

import (
	"time"

	"github.com/a-h/templ"

	"guildwatch/internal/frame"
	"guildwatch/internal/stats"
	"guildwatch/views/event"
	"guildwatch/views/ui"
)

// Regions lists the regions of the page, in its order.
func Regions() []frame.Name {
	return []frame.Name{
		frame.PanelChecklist, frame.PanelHealth, frame.PanelCards, frame.PanelActivity, frame.PanelFound,
		frame.PanelSeverity, frame.PanelOffenders, frame.PanelSources, frame.PanelKinds, frame.PanelTargets,
		frame.PanelGaps, event.Region,
	}
}

// Region is the component of one region; nil for a name that is none of this page's.
func Region(name frame.Name, d stats.Guild) templ.Component {
	switch name {
	case frame.PanelCards:
		return Cards(d)
	case frame.PanelHealth:
		return Health(d)
	case frame.PanelFound:
		return Found(d)
	case frame.PanelSeverity:
		return Severity(d)
	case frame.PanelOffenders:
		return Offenders(d)
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
	frame.PanelHealth: "Health", frame.PanelFound: "Violations by source and kind", frame.PanelSeverity: "Violations by severity",
	frame.PanelOffenders: "Top offenders", frame.PanelChecklist: "Set up guildwatch", event.Region: "Recent events",
}

func panel(d stats.Guild, name frame.Name, icon, note string) ui.Panel {
	return ui.Panel{Region: name, Title: titles[name], Icon: icon, Note: note, Seq: d.Seq, Moment: moment(d, d.At)}
}

func moment(d stats.Guild, at time.Time) ui.Moment {
	return ui.Moment{At: at, Now: d.At, Zone: ui.Zone(d.TimeZone)}
}

// bare is a panel without a surface of its own.
func bare(p ui.Panel) ui.Panel { p.Bare = true; return p }

func feed(d stats.Guild) event.List {
	return event.List{
		Lines: d.Recent, Seq: d.Seq, Now: d.At, Zone: ui.Zone(d.TimeZone),
		What: "Joins, commands, rule hits and what moderators do in Discord will appear here by themselves.",
	}
}
