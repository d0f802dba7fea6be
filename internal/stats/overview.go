package stats

import (
	"time"

	"guildwatch/internal/snowflake"
)

// Overview is the operator's page and /api/stats: aggregates of all guilds at one moment.
type Overview struct {
	At    time.Time // when it was computed
	Seq   int64     // the last committed change it includes
	Since time.Time // start of "the last 24 hours" of cards and servers, on a bucket

	Guilds   Figure // servers the bot is in; change from the end of last month
	Users    Figure // active members; change from last month
	Commands Figure // runs in the last 24 hours; change from last month's daily average
	Latency  Figure // gateway heartbeat, milliseconds, average of the last hour; change from the hour before

	Registered  int       // commands registered with Discord
	LastCommand time.Time // zero: none has run yet

	Activity []Hour // 24 points, oldest first, the last one the running hour
	Recent   []Line // at most 50, newest first
	Servers  []GuildSummary
	Gateway  Gateway
}

// GuildSummary is one guild in a list.
type GuildSummary struct {
	ID          snowflake.GuildID
	Name        string
	Icon        string
	Members     int
	Messages24h int64
	Actions24h  int64
	Outage      bool
}

// Gateway is the state of the connection to Discord.
type Gateway struct {
	State   string    // "connected", "connecting", "resuming", "stopped"
	Since   time.Time // of that state
	Problem string    // plain words and the remedy; empty when there is none
	Missing []string  // what does not work in reduced mode: "message content", "member list"
}
