package raid

import (
	"fmt"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// State is how far a raid's raid mode is.
type State string

// The states, in order. A sign of the raid while it is being restored makes it planned again.
const (
	Planned   State = "planned"   // it was switched on; Discord has still to be asked
	Raised    State = "raised"    // it holds
	Restoring State = "restoring" // what it changed is being put back
	Over      State = "over"
)

// Why a raid ended.
const (
	EndedCalm     = "calm"     // no sign for Calm
	EndedByPerson = "person"   // somebody switched raid mode off
	EndedExpected = "expected" // it never began: a wave of newcomers was expected
)

// Raid is one raid of a guild, and what its raid mode changed.
type Raid struct {
	Guild    snowflake.GuildID
	Number   int64 // within the guild, from 1
	Trigger  Trigger
	NewJoins int // when it was triggered
	AllJoins int
	Started  time.Time
	By       snowflake.UserID // who switched it on; 0: guildwatch
	LastSign time.Time
	State    State
	Ended    time.Time // when it was switched off; zero: it is on
	EndedBy  snowflake.UserID
	EndedWhy string // EndedCalm, EndedByPerson or EndedExpected; empty: it is on

	Invites      Lever  // until when invites are paused, in Unix seconds
	Verification Lever  // the level, 0 to 4
	Problem      string // why something could not be put back yet; it is tried again
	ToldOn       bool   // the log channel has heard of it, or there is none
	ToldOff      bool
	Attempts     int
}

// Work is a raid for which there is something to do.
type Work struct {
	Raid
	Channel snowflake.ChannelID // where guildwatch reports; 0: nowhere
	Sweep   time.Time           // since when its bans wait to be asked for together; zero: none do
	Due     time.Time
}

// Order is what a person asks to be done about members of a raid.
type Order struct {
	Raid   int64
	Kind   moderation.ActionKind // ActionKick or ActionBan
	Users  []snowflake.UserID    // of those that the raid has
	Source moderation.Source
}

// Doors are what raid mode changes, as they stand in Discord.
type Doors struct {
	InvitesUntil time.Time // invites are paused until then; zero or past: they are not
	Level        int       // of verification, 0 to 4
}

// On says whether raid mode is on or about to be.
func (r *Raid) On() bool { return r.State == Planned || r.State == Raised }

// Until is when raid mode ends by itself if nothing more is seen.
func (r *Raid) Until() time.Time { return r.LastSign.Add(Calm) }

// Cause says in words what was noticed, as it stands behind a colon.
func (r *Raid) Cause() string { return Cause(r.Trigger, r.NewJoins, r.AllJoins) }

// Cause is Raid.Cause of its parts.
func Cause(trigger Trigger, fresh, all int) string {
	switch trigger {
	case ByNewJoins:
		return fmt.Sprintf("%d new accounts joined within a minute", fresh)
	case ByJoins:
		if fresh == all {
			return fmt.Sprintf("%d new accounts joined within a minute", all)
		}
		return fmt.Sprintf("%d members joined within a minute, %d of them with new accounts", all, fresh)
	case ByMessages:
		return "similar messages from many members within 30 seconds"
	}
	return "somebody switched it on"
}
