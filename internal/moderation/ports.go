package moderation

import (
	"context"
	"time"

	"guildwatch/internal/snowflake"
)

// Ledger is where the core records. Every call is one transaction; it has committed when the call returns nil. A call
// with an event that is recorded already changes nothing and answers false: Discord replays events after a reconnect.
type Ledger interface {
	// Guilds and members.
	SeeGuild(ctx context.Context, e GuildSeen) error
	LoseGuild(ctx context.Context, e GuildLost) error
	SeeRole(ctx context.Context, e RoleSeen) error
	SeeChannel(ctx context.Context, e ChannelSeen) error
	SeeMembers(ctx context.Context, guild snowflake.GuildID, members []Member) error
	ChangeMember(ctx context.Context, e MemberChanged) error
	Join(ctx context.Context, e MemberJoined) (fresh bool, err error)
	Leave(ctx context.Context, e MemberLeft) (fresh bool, err error)

	// What was done.
	RecordAudit(ctx context.Context, e AuditEntry) (fresh bool, err error)
	RecordExecution(ctx context.Context, e AutoModExecution) (fresh bool, err error)
	RecordCommand(ctx context.Context, e CommandRun) (fresh bool, err error)
	SeeNativeRule(ctx context.Context, e NativeRuleSeen) error

	// RecordGap notes a time during which events may have been missed, once it is over.
	RecordGap(ctx context.Context, gap Gap) error

	// Flush commits the counters together with the gateway's position: all events up to it are in the database then,
	// and none after it is counted. A zero position leaves the stored one alone.
	Flush(ctx context.Context, tally *Tally, at Position) error
}

// Position is a resumable place in a gateway session.
type Position struct {
	Shard     int
	Session   string // empty: no position
	Seq       int64
	ResumeURL string
	SavedAt   time.Time
}

// Gap is a time during which events may have been missed.
type Gap struct {
	Guild   snowflake.GuildID // 0: every guild
	From    time.Time
	To      time.Time
	Reason  string // plain words: "Discord ended the session", "a burst was larger than the queue"
	Dropped int64  // events known to be dropped; 0 when unknown
}
