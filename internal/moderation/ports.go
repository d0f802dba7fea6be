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
	// KeepMembers notes that whoever else was in the guild has left, nobody knows when: no leave is counted.
	KeepMembers(ctx context.Context, e MembersComplete) error
	ChangeMember(ctx context.Context, e MemberChanged) error
	Join(ctx context.Context, e MemberJoined) (fresh bool, err error)
	Leave(ctx context.Context, e MemberLeft) (fresh bool, err error)
	// LoseMember notes that somebody is not in the guild, as of a time; what was told of them since stands.
	LoseMember(ctx context.Context, guild snowflake.GuildID, user snowflake.UserID, asOf time.Time) error

	// What was done.
	RecordAudit(ctx context.Context, e AuditEntry) (fresh bool, err error)
	RecordExecution(ctx context.Context, e AutoModExecution) (fresh bool, err error)
	RecordCommand(ctx context.Context, e CommandRun) (fresh bool, err error)
	SeeNativeRule(ctx context.Context, e NativeRuleSeen) error
	KeepNativeRules(ctx context.Context, e NativeRulesListed) error

	// Flush commits the counters together with the gateway's position and the gaps that are over: all events up to the
	// position are in the database then, and none after it is counted. A zero position leaves the stored one alone.
	Flush(ctx context.Context, tally *Tally, at Position, over ...Gap) error
	// Lose commits what a session brought, that it is gone since lost.From, and the gaps that are over. The gap that
	// begins then is open: the Flush that brings the next session's position ends it, by a gap with the same From.
	Lose(ctx context.Context, tally *Tally, lost Gap, over ...Gap) error

	// PlanReadings notes what is to be read back in a guild, once after each lost session; Readings lists what is still
	// to be read, and what was asked of Discord so far after the gap of each; LeaveReadings gives up what is left.
	PlanReadings(ctx context.Context, e ChannelsSeen) error
	Readings(ctx context.Context) ([]OpenReading, error)
	LeaveReadings(ctx context.Context, gap int64) error
}

// Position is a resumable place in a gateway session.
type Position struct {
	Shard     int
	Session   string // empty: no position
	Seq       int64
	ResumeURL string
	SavedAt   time.Time // with an empty Session not zero: since when the session is gone
}

// Gap is a time during which events may have been missed.
type Gap struct {
	Guild   snowflake.GuildID // 0: every guild
	From    time.Time
	To      time.Time
	Reason  string // plain words: "Discord ended the session", "a burst was larger than the queue"
	Dropped int64  // events known to be dropped; 0 when unknown
	Read    ReadBack
}
