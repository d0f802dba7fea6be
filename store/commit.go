package store

import (
	"maps"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// Matter is a kind of thing that pages show and commits change.
type Matter int

// The matters. Those by bucket or month are told with the time that changed, the others without.
const (
	MatterCounters      Matter = iota // messages, commands, joins and leaves, by bucket
	MatterActions                     // how many of each kind and source, by bucket
	MatterViolations                  // how many of each severity, by bucket
	MatterBeats                       // the gateway's latency, by bucket: Everywhere's alone
	MatterMonths                      // how many were active in a month
	MatterPresences                   // how many users were last active in a bucket: Everywhere's alone
	MatterTargets                     // whom actions were done to
	MatterOffenders                   // who broke rules
	MatterLines                       // lines of the feed
	MatterGaps                        // gaps in coverage; under Everywhere those that all guilds share
	MatterRuns                        // runs of commands: Everywhere's alone
	MatterConfig                      // a guild's name, members, settings and native rules
	MatterStays                       // in which guilds the bot is, and was
	MatterTeam                        // who may have which role in a guild, and why
	MatterRules                       // a guild's own rules
	MatterModerators                  // what moderators did, and when they wrote
	MatterAppeals                     // a guild's appeals
	MatterRaids                       // a guild's raids
	MatterNotifications               // what a guild's people are told
	matters
)

// Commit says what one commit has changed, so that caches drop it before anybody hears of the commit.
type Commit struct {
	Seq int64 // of the newest change, whether this commit made it or an earlier one
	// Changed has the guilds for which a matter changed, Everywhere among them where the sum of all did, each with the
	// end, in ms, of the oldest bucket or month that did; 0 for a matter without time.
	Changed [matters]map[snowflake.GuildID]int64
	Users   map[snowflake.UserID]struct{} // users whose name or avatar may have changed
	// Rights has whoever may be allowed more or less than before; with user 0 everybody in the guild.
	Rights map[moderation.Presence]struct{}
}

// touch notes that a matter has changed.
func (c *Commit) touch(matter Matter, guild snowflake.GuildID, until int64) {
	changed := &c.Changed[matter]
	if *changed == nil {
		*changed = map[snowflake.GuildID]int64{}
	}
	if oldest, known := (*changed)[guild]; !known || until < oldest {
		(*changed)[guild] = until
	}
}

func (c *Commit) merge(other Commit) {
	if c.Rights == nil {
		c.Rights = other.Rights
	} else {
		maps.Copy(c.Rights, other.Rights)
	}
	for matter, guilds := range other.Changed {
		for guild, until := range guilds {
			c.touch(Matter(matter), guild, until)
		}
	}
	if c.Users == nil {
		c.Users = other.Users
		return
	}
	maps.Copy(c.Users, other.Users)
}

func (t *tx) changed(matter Matter, guild snowflake.GuildID) { t.touched.touch(matter, guild, 0) }

// config notes that a guild's name, members or settings have changed.
func (t *tx) config(guild snowflake.GuildID) { t.changed(MatterConfig, guild) }

// changedIn notes that a matter has changed in a bucket.
func (t *tx) changedIn(matter Matter, guild snowflake.GuildID, bucket int64) {
	t.touched.touch(matter, guild, bucket+moderation.Bucket.Milliseconds())
}

func (t *tx) user(user snowflake.UserID) {
	if t.touched.Users == nil {
		t.touched.Users = map[snowflake.UserID]struct{}{}
	}
	t.touched.Users[user] = struct{}{}
}

// Told is how many commits every cache has heard of. What was acknowledged before is among them.
func (s *Store) Told() uint64 { return s.writer.told.Load() }
