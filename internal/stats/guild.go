package stats

import (
	"time"

	"guildwatch/internal/moderation"
)

// Period is the length of time that a dashboard looks back.
type Period string

// The periods of a dashboard.
const (
	PeriodHour  Period = "hour"
	PeriodDay   Period = "day"
	PeriodWeek  Period = "week"
	PeriodMonth Period = "month"
)

// Periods lists every period, shortest first.
func Periods() []Period { return []Period{PeriodHour, PeriodDay, PeriodWeek, PeriodMonth} }

// Length is how long the period is; a month is 30 days. Unknown periods are 0.
func (p Period) Length() time.Duration {
	switch p {
	case PeriodHour:
		return time.Hour
	case PeriodDay:
		return 24 * time.Hour
	case PeriodWeek:
		return 7 * 24 * time.Hour
	case PeriodMonth:
		return 30 * 24 * time.Hour
	}
	return 0
}

// Guild is a guild's dashboard at one moment, for one period. The period ends with the running bucket.
type Guild struct {
	At     time.Time
	Seq    int64 // the last committed change it includes
	Period Period
	Since  time.Time // start of the period, on a bucket

	Profile  moderation.Guild
	TimeZone string
	Outage   time.Time // zero: Discord can reach the guild

	Messages   Figure
	Commands   Figure
	Joins      Figure
	Leaves     Figure
	Actions    Figure
	Violations Figure
	Active     Figure // distinct members active this calendar month; change from the whole last month
	Latency    Figure // milliseconds, of the gateway, over the period

	Health         Health   // of the last 24 hours, whatever the period
	Rate           Figure   // violations per 1000 messages
	ResponseMedian Figure   // milliseconds from detection to the first action done, of guildwatch's own rules
	ResponseP95    Figure   // milliseconds
	Endings        []Ending // warn, timeout, kick and ban, in this order
	Repeat         Repeat

	Activity []Hour  // the last 24 hours, oldest first
	BySource []Share // actions
	ByKind   []Share // actions
	Severity []Share // violations
	// FoundBySource are the violations by where they came from.
	FoundBySource []Share
	FoundByKind   []Share    // violations by the kind of rule, see KindOf
	Offenders     []Offender // the 10 members who broke most rules
	Targets       []Target   // the 10 members most acted on
	Recent        []Line     // at most 50, newest first
	Gaps          []Gap      // overlapping the last 24 hours or the period, newest first, at most 20
	Checklist     []Check    // what a new guild still needs; empty once all is done
}

// Check is one step of setting up a guild.
type Check struct {
	Key  string // "permissions", "intents", "log_channel", "first_rule", "team"
	Name string
	Done bool
	Fix  string // what to do, in plain words
}
