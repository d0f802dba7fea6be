package live

// Name is the event name of a frame, as a page's addEventListener or sse-swap writes it. The set is closed: the constants
// below are all there are, and Publish drops any other.
type Name string

// Changes are rows: their frames carry the change's seq as id and are replayed to whoever missed them.
const (
	Event        Name = "event"         // a row of the activity feed
	Violation    Name = "violation"     // a violation was recorded or settled
	Action       Name = "action"        // a moderation action was planned, done or failed
	ConfigUpdate Name = "config_update" // JSON: field, updated_by
	Raid         Name = "raid"          // a raid began, went on or ended
	Notification Name = "notification"  // something for the reader's bell; to one user by Tell, to scripts by Publish
)

// Panels are regions of a page: the latest frame of each is kept and sent on joining, none is replayed.
const (
	PanelStats     Name = "panel-stats"     // the numbers at the top
	PanelActivity  Name = "panel-activity"  // the 24-hour chart
	PanelHealth    Name = "panel-health"    // the health score and its parts
	PanelStatus    Name = "panel-status"    // is the bot connected, since when
	PanelMetrics   Name = "panel-metrics"   // messages, commands, joins
	PanelSources   Name = "panel-sources"   // actions by source
	PanelKinds     Name = "panel-kinds"     // actions by kind
	PanelTargets   Name = "panel-targets"   // who was acted upon most
	PanelLatency   Name = "panel-latency"   // how long commands and the gateway take
	PanelChecklist Name = "panel-checklist" // what is left to set up
	PanelGaps      Name = "panel-gaps"      // when the bot saw nothing
	PanelGuilds    Name = "panel-guilds"    // the overview's table of guilds
	PanelEvents    Name = "panel-events"    // recent events as one region
	PanelBell      Name = "panel-bell"      // the unread count; to one user, by Tell

	StatsUpdate   Name = "stats"          // JSON: aggregates of all guilds
	MetricsUpdate Name = "metrics_update" // JSON: a guild's figures
	HealthUpdate  Name = "health_update"  // JSON: a guild's health
)

// Control frames come from this package alone; all carry a JSON object, on HTML topics too.
const (
	Heartbeat Name = "heartbeat" // {"at":"2026-11-20T07:00:00Z"} every 20 s, in UTC
	Resync    Name = "resync"    // {"reason":"…"}: changes were missed that nobody can replay; fetch all regions again
	Refetch   Name = "refetch"   // {"name":"violation"}: that frame was over 16 KB; fetch what listens to name again
	End       Name = "end"       // {"code":4001,"reason":"…"}: the last frame; see Code
)

type class uint8

const (
	unknown class = iota
	change
	panel
	control
)

// classes is the closed set, in the order of Names.
var classes = []struct {
	name  Name
	class class
}{
	{Event, change}, {Violation, change}, {Action, change}, {ConfigUpdate, change}, {Raid, change}, {Notification, change},
	{PanelStats, panel}, {PanelActivity, panel}, {PanelHealth, panel}, {PanelStatus, panel}, {PanelMetrics, panel},
	{PanelSources, panel}, {PanelKinds, panel}, {PanelTargets, panel}, {PanelLatency, panel}, {PanelChecklist, panel},
	{PanelGaps, panel}, {PanelGuilds, panel}, {PanelEvents, panel}, {PanelBell, panel},
	{StatsUpdate, panel}, {MetricsUpdate, panel}, {HealthUpdate, panel},
	{Heartbeat, control}, {Resync, control}, {Refetch, control}, {End, control},
}

var classOf = func() map[Name]class {
	of := make(map[Name]class, len(classes))
	for _, c := range classes {
		of[c.name] = c.class
	}
	return of
}()

// Names lists every event name that a stream can carry, changes first, then panels, then control frames.
func Names() []Name {
	names := make([]Name, len(classes))
	for i, c := range classes {
		names[i] = c.name
	}
	return names
}

// Replayed says whether frames of this name are changes: numbered, ordered, replayed after a lost connection.
func (n Name) Replayed() bool { return classOf[n] == change }

// Panel says whether only the latest frame of this name counts.
func (n Name) Panel() bool { return classOf[n] == panel }
