// Package frame lists the names of what a live stream carries. The set is closed: templates, the announcer, the hub and the page's
// script all take their names from here.
package frame

// Name is the event name of one frame on the wire.
type Name string

// Numbered frames: each is one change row, carries its seq as id and is replayed after a reconnect.
const (
	Event        Name = "event"         // a line of the feed: HTML on pages, JSON in /api/stats/realtime
	Violation    Name = "violation"     // JSON; on pages, a list that shows violations refetches itself
	Action       Name = "action"        // JSON
	ConfigUpdate Name = "config_update" // JSON: field, updated_by
	Raid         Name = "raid"          // JSON
	Notification Name = "notification"  // JSON; on pages the unread count of one user
)

// Panels: the latest of each is sent on joining and none is replayed. The id of the region they replace is the name itself.
const (
	PanelCards     Name = "panel-cards"     // the key figures
	PanelActivity  Name = "panel-activity"  // activity of the last 24 hours
	PanelSources   Name = "panel-sources"   // actions by source
	PanelKinds     Name = "panel-kinds"     // actions by kind
	PanelTargets   Name = "panel-targets"   // members most acted on
	PanelGaps      Name = "panel-gaps"      // gaps in coverage
	PanelServers   Name = "panel-servers"   // the operator's list of guilds
	PanelGateway   Name = "panel-gateway"   // the connection to Discord
	PanelChecklist Name = "panel-checklist" // what a new guild still needs
	Stats          Name = "stats"           // JSON: the whole of /api/stats
	MetricsUpdate  Name = "metrics_update"  // JSON
	HealthUpdate   Name = "health_update"   // JSON
)

// Control frames carry no state of a guild.
const (
	Heartbeat Name = "heartbeat" // every 20 s
	Resync    Name = "resync"    // what the page missed is older than the server kept: it refetches its regions
	Refetch   Name = "refetch"   // data: the name of one region, too large for a frame, that the page refetches
	End       Name = "end"       // JSON: code, reason; nothing follows
)

// Names lists the whole set.
func Names() []Name {
	return append(append(Numbered(), Panels()...), Heartbeat, Resync, Refetch, End)
}

// Numbered lists the names of change frames.
func Numbered() []Name { return []Name{Event, Violation, Action, ConfigUpdate, Raid, Notification} }

// Panels lists the names of panel frames.
func Panels() []Name {
	return []Name{PanelCards, PanelActivity, PanelSources, PanelKinds, PanelTargets, PanelGaps, PanelServers, PanelGateway,
		PanelChecklist, Stats, MetricsUpdate, HealthUpdate}
}
