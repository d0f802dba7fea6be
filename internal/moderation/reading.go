package moderation

import (
	"time"

	"guildwatch/internal/snowflake"
)

// Reading names one place that is read back after a session with Discord was lost: a channel, or with Channel 0 the
// guild's audit log.
type Reading struct {
	Gap     int64 // the ledger's number of the gap
	Guild   snowflake.GuildID
	Channel snowflake.ChannelID
}

// OpenReading is a Reading that has not come to its end.
type OpenReading struct {
	Reading
	From         time.Time // the start of the gap
	After, Until int64     // ids of messages or entries: from the one behind After up to Until
	Spent        int       // requests made of Discord so far, for all readings of the gap
}

// ReadState is how a Reading stands. A later one is never replaced by an earlier.
type ReadState int

// The states, in the order in which one may replace another.
const (
	ReadOpen    ReadState = iota
	ReadDone              // to the end
	ReadRefused           // Discord does not let the bot read there
	ReadLeft              // the limit of requests was reached
)

// Progress is how far a Reading came since the last flush.
type Progress struct {
	Upto     int64 // the id up to which all is counted; 0: no further than before
	Requests int64
	Found    int64 // messages or entries
	State    ReadState
}

func (p *Progress) add(more Progress) {
	p.Upto, p.State = max(p.Upto, more.Upto), max(p.State, more.State)
	p.Requests += more.Requests
	p.Found += more.Found
}

// ReadBack is what became of a gap afterwards, in one guild.
type ReadBack struct {
	Channels, Messages, Entries int64 // read to their end; counted; entries of the audit log recorded
	Open, Refused, Left         int64 // places: still being read; without access; left for the limit
}

// The events of reading back.
type (
	// ChannelsSeen is the newest message of each channel and thread of a guild at the moment when a session begins to
	// hear of the guild: what is older comes by no event, what is newer does.
	ChannelsSeen struct {
		Origin
		JoinedAt time.Time // the bot
		Newest   map[snowflake.ChannelID]snowflake.MessageID
	}
	// HistoryRead is the end of one page of a reading. It comes behind what stood on the page.
	HistoryRead struct {
		Origin
		Reading  Reading
		Progress Progress
	}
)
