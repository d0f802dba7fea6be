// Package frame lists the names of what a live stream carries. The set is closed: templates, the announcer, the hub and
// the page's script all take their names from here.
package frame

// Name is the event name of one frame on the wire, as a page's addEventListener or sse-swap writes it.
type Name string

// Numbered frames: each is one change row, carries its seq as id and is replayed after a reconnect.
const (
	Event        Name = "event"         // a line of the feed: HTML on pages, JSON in /api/stats/realtime
	Violation    Name = "violation"     // JSON; on pages, a list that shows violations refetches itself
	Action       Name = "action"        // JSON
	ConfigUpdate Name = "config_update" // JSON: field, updated_by
	Raid         Name = "raid"          // JSON; on pages whether raid mode is on, and pages of raids refetch themselves
	Appeal       Name = "appeal"        // JSON; on pages how many are open, for the menu, and lists refetch themselves
	Export       Name = "export"        // JSON: state, by; pages that list exports refetch themselves
)

// Personal frames are for one user alone: between the others, without a number, and never replayed. What was missed is
// sent when a stream of the user's joins.
const (
	Notification Name = "notification" // JSON: number, kind, at, message, tone, href
)

// Panels: the latest of each is sent on joining and none is replayed. The id of the region they replace is the name
// itself.
const (
	PanelCards     Name = "panel-cards"     // the key figures
	PanelActivity  Name = "panel-activity"  // activity of the last 24 hours
	PanelSources   Name = "panel-sources"   // actions by source
	PanelKinds     Name = "panel-kinds"     // actions by kind
	PanelTargets   Name = "panel-targets"   // members most acted on
	PanelGaps      Name = "panel-gaps"      // gaps in coverage
	PanelHealth    Name = "panel-health"    // a guild's score and its penalties
	PanelFound     Name = "panel-found"     // violations by source and kind
	PanelSeverity  Name = "panel-severity"  // violations by severity
	PanelOffenders Name = "panel-offenders" // members who broke most rules
	PanelServers   Name = "panel-servers"   // the operator's list of guilds
	PanelGateway   Name = "panel-gateway"   // the connection to Discord
	PanelChecklist Name = "panel-checklist" // what a new guild still needs
	Stats          Name = "stats"           // JSON: the whole of /api/stats
	MetricsUpdate  Name = "metrics_update"  // JSON: a guild's figures
	HealthUpdate   Name = "health_update"   // JSON: a guild's health
)

// Control frames carry no state of a guild; all carry a JSON object, on HTML streams too.
const (
	Heartbeat Name = "heartbeat" // {"at":"2026-11-20T07:00:00Z"} every 20 s, in UTC
	Resync    Name = "resync"    // {"reason":"…"}: changes were missed that nobody can replay; fetch all regions again
	Refetch   Name = "refetch"   // {"name":"violation"}: that frame was over 16 KB; fetch what listens to the name again
	End       Name = "end"       // {"code":4001,"reason":"…"}: nothing follows
)

// Class is how a stream treats frames of a name.
type Class uint8

// The classes. Unknown is every name outside the set.
const (
	Unknown  Class = iota
	Numbered       // a change: numbered, in order, replayed
	Personal       // for one user alone
	Panel          // only the latest counts
	Control        // made by the stream itself
)

// set is the closed set, in the order of Names.
var set = []struct {
	name  Name
	class Class
}{
	{Event, Numbered}, {Violation, Numbered}, {Action, Numbered}, {ConfigUpdate, Numbered}, {Raid, Numbered}, {Appeal, Numbered}, {Export, Numbered},
	{Notification, Personal},
	{PanelCards, Panel}, {PanelActivity, Panel}, {PanelSources, Panel}, {PanelKinds, Panel}, {PanelTargets, Panel},
	{PanelGaps, Panel}, {PanelServers, Panel}, {PanelGateway, Panel}, {PanelChecklist, Panel},
	{PanelHealth, Panel}, {PanelFound, Panel}, {PanelSeverity, Panel}, {PanelOffenders, Panel},
	{Stats, Panel}, {MetricsUpdate, Panel}, {HealthUpdate, Panel},
	{Heartbeat, Control}, {Resync, Control}, {Refetch, Control}, {End, Control},
}

var classes = func() map[Name]Class {
	of := make(map[Name]Class, len(set))
	for _, member := range set {
		of[member.name] = member.class
	}
	return of
}()

// Names lists the whole set: changes first, then what is personal, then panels, then control frames.
func Names() []Name {
	names := make([]Name, len(set))
	for i, member := range set {
		names[i] = member.name
	}
	return names
}

// Class says how a stream treats frames of this name.
func (n Name) Class() Class { return classes[n] }
