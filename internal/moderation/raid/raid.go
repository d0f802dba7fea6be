// Package raid notices raids and decides what raid mode does about one. It is pure: it knows no clock, no database and
// no Discord; times come with what it is told.
//
//	joins, messages -> Watch: bounded memory, no query -> Report: what was noticed since the last one
//	Report + Settings -> Sets: does it switch raid mode on
//	Lever: one thing that raid mode changes in a guild, from what it found there to the way back
package raid

import (
	"time"

	"guildwatch/internal/snowflake"
)

// Preset is how easily raid mode switches itself on in a guild.
type Preset string

// The presets.
const (
	Off       Preset = "off"
	Balanced  Preset = "balanced" // the default
	Sensitive Preset = "sensitive"
)

// Presets lists every preset, the calmest first.
func Presets() []Preset { return []Preset{Off, Balanced, Sensitive} }

// Known says whether p is one of the presets.
func (p Preset) Known() bool { return p == Off || p == Balanced || p == Sensitive }

const (
	// NewAccount is how young an account is at most that counts as new.
	NewAccount = 7 * 24 * time.Hour
	// joinWindow is the time in which joins are counted, messageWindow that of similar messages.
	joinWindow    = time.Minute
	messageWindow = 30 * time.Second

	sensitiveJoins  = 6  // new accounts: more than 5
	balancedJoins   = 10 // of any age
	balancedShare   = 70 // percent of them new
	similarMessages = 10
	similarMembers  = 5

	// Calm is how long after the last sign of a raid its raid mode ends.
	Calm = 10 * time.Minute
)

// Trigger is what was noticed, gravest last.
type Trigger string

// The triggers.
const (
	ByPerson   Trigger = "person"   // somebody switched raid mode on
	ByNewJoins Trigger = "joins_6"  // more than 5 new accounts within a minute
	ByJoins    Trigger = "joins_10" // 10 members within a minute, 70 % of them new accounts
	ByMessages Trigger = "messages" // 10 similar messages within 30 s from 5 members
)

// Settings are what a guild has chosen.
type Settings struct {
	Preset   Preset
	Expected time.Time // until then a wave of newcomers is expected: triggers are noted and do nothing. Zero: none is
}

// Sets gives the trigger that switches raid mode on under a preset; false where none of those noticed does.
func (s Settings) Sets(noticed []Trigger) (Trigger, bool) {
	for i := len(noticed) - 1; i >= 0; i-- {
		switch t := noticed[i]; {
		case t == ByNewJoins && s.Preset == Sensitive, t != ByNewJoins && s.Preset != Off:
			return t, true
		}
	}
	return "", false
}

// Join is somebody who came in.
type Join struct {
	User snowflake.UserID
	At   time.Time
}

// New says whether the account was new when it came in.
func (j Join) New() bool { return j.At.Sub(snowflake.Time(j.User)) < NewAccount }

// Wrote is how many of a cluster's messages a member wrote.
type Wrote struct {
	User     snowflake.UserID
	Messages int
}

// Cluster is a number of similar messages.
type Cluster struct {
	Key         int64  // names the cluster within its guild
	Text        string // of the first one, as its member wrote it, at most 300 bytes
	First, Last time.Time
	By          []Wrote
}

// Report is what was noticed in a guild since the last report. Joins and clusters are told from the trigger on, with
// those that set it off, and while raid mode is on.
type Report struct {
	Guild    snowflake.GuildID
	At       time.Time // of the newest sign
	Triggers []Trigger // none: there is only more of what is known
	Joins    []Join
	Clusters []Cluster
	NewJoins int // new accounts within the minute before At
	AllJoins int // members of any age in that minute
}
