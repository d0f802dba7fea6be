// Package stats computes each figure once, over the store: pages, JSON, exports and reports ask here, so that no two of
// them can disagree. Every value that cannot be known yet says why instead of pretending to be zero.
package stats

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// Figure is a number and its change from a previous time.
type Figure struct {
	Value  float64
	Known  bool   // false: there is no value yet; Why says why
	Why    string // plain words: "no heartbeat in the last hour"
	Change Change
}

// Change compares a figure with an earlier one.
type Change struct {
	Known    bool // false: Why says why, for example "needs a month of history"
	Why      string
	New      bool    // the earlier value was 0 and this one is not: a percentage has no meaning
	Percent  float64 // (current - previous) / previous x 100; 0 when New
	Delta    float64 // current - previous
	Previous float64
}

// Compare is the change from previous to current.
func Compare(current, previous float64) Change {
	c := Change{Known: true, Delta: current - previous, Previous: previous}
	switch {
	case previous != 0:
		c.Percent = (current - previous) / previous * 100
	case current != 0:
		c.New = true
	}
	return c
}

// Unknown is a change that cannot be told yet, and why.
func Unknown(why string) Change { return Change{Why: why} }

// Hour is one hour of activity. Gap is true when events may have been missed in it.
type Hour struct {
	Start                          time.Time // UTC, on the hour
	Messages, Commands, Violations int64
	Joins, Leaves, Actions         int64
	Gap                            bool
}

// Share is one slice of a whole: how many actions were of one kind, or came from one source.
type Share struct {
	Key   string // the word of the domain: "ban", "automod"
	Count int64
	Part  float64 // 0 to 1; 0 when the whole is 0
}

// Person is a user as a page shows one.
type Person struct {
	ID     snowflake.UserID
	Name   string // display name; "Deleted User #123456" when Gone; "User #123456" while unknown
	Avatar string // Discord's hash; may be empty
	Bot    bool
	Gone   bool
	Known  bool // false: the name has not been learned yet
}

// Line is one line of the feed: a change, with the names of those in it.
type Line struct {
	moderation.Change
	GuildName string
	TimeZone  string // of the guild
	Target    Person // Change.User; zero when there is none
	By        Person // Change.Actor; zero when there is none
}

// Anonymous is the line without anybody in it, nor what anybody wrote: for the operator, who has no right in any guild.
func (l Line) Anonymous() Line {
	l.User, l.Actor, l.Channel, l.Detail = 0, 0, 0, ""
	l.Target, l.By = Person{}, Person{}
	return l
}

// Target is a member and how often somebody acted on them.
type Target struct {
	Person
	Actions int64
	Last    time.Time
}

// Gap is a time during which events may have been missed.
type Gap = moderation.Gap
