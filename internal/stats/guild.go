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

// Guild is a guild's dashboard at one moment, over one window. A period's ends with the running bucket.
type Guild struct {
	At     time.Time
	Seq    int64 // the last committed change it includes
	Window Window

	Profile  moderation.Guild
	TimeZone string
	Outage   time.Time // zero: Discord can reach the guild

	Figures
	Active  Figure // distinct members active this calendar month, whatever the window; change from the whole last month
	Latency Figure // milliseconds, of the gateway, over the window

	FoundByKind []Share    // violations by the kind of rule, see KindOf
	Offenders   []Offender // the 10 members who broke most rules
	Targets     []Target   // the 10 members most acted on

	// Unknown says why nothing is known of a chosen time, NoRows why it is not known who did what in it, TooMany why it is not
	// counted to whom most was done. Empty: it is.
	Unknown, NoRows, TooMany string
	// RowsFrom is from when on rows are kept, where they do not reach back to the beginning of a chosen time. Zero: they do.
	RowsFrom time.Time

	Health    Health  // of the last 24 hours, whatever the window
	Activity  []Hour  // the last 24 hours, oldest first, whatever the window
	Recent    []Line  // at most 50, newest first
	Gaps      []Gap   // overlapping the window, or the last 24 hours with a period's, newest first, at most 20
	Checklist []Check // what a new guild still needs; empty once all is done
}

// Check is one step of setting up a guild.
type Check struct {
	Key  string // "permissions", "intents", "log_channel", "first_rule", "team"
	Name string
	Done bool
	Fix  string // what to do, in plain words
}
