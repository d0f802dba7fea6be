package moderation

import (
	"time"

	"guildwatch/internal/snowflake"
)

// ActionKind is what was done about a member or a message.
type ActionKind string

// The kinds of action.
const (
	ActionDelete    ActionKind = "delete"
	ActionWarn      ActionKind = "warn"
	ActionTimeout   ActionKind = "timeout"
	ActionUntimeout ActionKind = "untimeout"
	ActionKick      ActionKind = "kick"
	ActionBan       ActionKind = "ban"
	ActionUnban     ActionKind = "unban"
	ActionNote      ActionKind = "note"
)

// ActionKinds lists every kind, mildest first: the order of charts and legends.
func ActionKinds() []ActionKind {
	return []ActionKind{ActionNote, ActionDelete, ActionWarn, ActionTimeout, ActionUntimeout, ActionKick, ActionBan, ActionUnban}
}

// Source is where an action or a violation came from.
type Source string

// The sources of the one feed.
const (
	SourceRule      Source = "rule"      // guildwatch's own rules
	SourceAutoMod   Source = "automod"   // Discord AutoMod
	SourceAudit     Source = "audit"     // moderators and other bots, in Discord's own screens
	SourceDashboard Source = "dashboard" // guildwatch's dashboard
	SourceCommand   Source = "command"   // guildwatch's slash commands
	// SourceImport is what another bot kept, taken over later: it is in lists and on cards, and in no figure.
	SourceImport Source = "import"
)

// Sources lists every source of what is counted, in the order of charts and legends.
func Sources() []Source {
	return []Source{SourceRule, SourceAutoMod, SourceAudit, SourceDashboard, SourceCommand}
}

// Severity is how bad a violation is.
type Severity string

// The severities, mildest first.
const (
	SeverityLow      Severity = "low"
	SeverityMedium   Severity = "medium"
	SeverityHigh     Severity = "high"
	SeverityCritical Severity = "critical"
)

// Severities lists every severity, mildest first.
func Severities() []Severity {
	return []Severity{SeverityLow, SeverityMedium, SeverityHigh, SeverityCritical}
}

// Outcome is how far an action got.
type Outcome string

// The outcomes; what Discord or others did arrives as done.
const (
	OutcomePlanned Outcome = "planned"
	OutcomeSent    Outcome = "sent"
	OutcomeDone    Outcome = "done"
	OutcomeFailed  Outcome = "failed"
	OutcomeUndone  Outcome = "undone"
	// OutcomeImported is that of a deed of the past: whether it stands today nobody knows.
	OutcomeImported Outcome = "imported"
)

// Trigger is what a native AutoMod rule looks for, by Discord's number.
type Trigger int

// Discord's trigger types.
const (
	TriggerKeyword       Trigger = 1
	TriggerSpam          Trigger = 3
	TriggerKeywordPreset Trigger = 4
	TriggerMentionSpam   Trigger = 5
	TriggerMemberProfile Trigger = 6
)

// Severity is the default severity of a hit of a rule of which nothing else is known.
func (t Trigger) Severity() Severity { return DefaultSeverities().Of(CatchOf(t, nil)) }

// String is the trigger's name for people.
func (t Trigger) String() string {
	switch t {
	case TriggerKeyword:
		return "Keyword"
	case TriggerSpam:
		return "Spam"
	case TriggerKeywordPreset:
		return "Preset word list"
	case TriggerMentionSpam:
		return "Mention spam"
	case TriggerMemberProfile:
		return "Member profile"
	default:
		return "Other"
	}
}

// Action is what was done about a member or a message, by whom, and how it went.
type Action struct {
	Kind    ActionKind
	Source  Source
	Target  snowflake.UserID    // whom it was done to; 0 when Discord does not say
	Actor   snowflake.UserID    // who did it; 0: Discord itself
	Channel snowflake.ChannelID // 0 when it concerns none
	Reason  string
	Until   time.Time // end of a timeout; zero otherwise
	Count   int       // messages deleted; 1 otherwise
	Outcome Outcome
}

// ChangeKind is the kind of one line of the feed.
type ChangeKind string

// The kinds of change. Each is one row of the changes table and, on the wire, one numbered frame.
const (
	ChangeViolation ChangeKind = "violation"
	ChangeAction    ChangeKind = "action"
	ChangeCommand   ChangeKind = "command"
	ChangeJoin      ChangeKind = "join"
	ChangeLeave     ChangeKind = "leave"
	ChangeGuild     ChangeKind = "guild" // the bot joined or left, or Discord lost the guild; Label says which
	ChangeGap       ChangeKind = "gap"
	ChangeConfig    ChangeKind = "config"
	// ChangeAppeal is an appeal that was made, decided or withdrawn; Label is its state. Actor decided it.
	ChangeAppeal ChangeKind = "appeal"
	// ChangeViolationChanged is no line of the feed: a violation that has one was marked, claimed or noted, or an action
	// about it or its member was planned or settled; pages that show them ask again. Label says which.
	ChangeViolationChanged ChangeKind = "violation_changed"
)

// The labels of a guild's changes.
const (
	GuildJoined = "joined" // the bot was added
	GuildLeft   = "left"   // the bot was removed
	GuildOutage = "outage" // Discord cannot reach the guild
	GuildBack   = "back"   // Discord can again
)

// Change is one committed change: one line of the feed. Seq orders all changes of all guilds and is the only cursor.
type Change struct {
	Seq      int64
	Guild    snowflake.GuildID // 0: the whole instance
	At       time.Time
	Kind     ChangeKind
	Source   Source     // violation and action; else empty
	Severity Severity   // violation; else empty
	Action   ActionKind // action; else empty
	Outcome  Outcome    // action and command; else empty
	Ref      int64      // the violation's or appeal's number, the action's id; else 0
	User     snowflake.UserID
	Actor    snowflake.UserID
	Channel  snowflake.ChannelID
	Label    string // rule name, command name, one of the guild labels above, the changed field of a config change
	Detail   string // reason or keyword: text of users
}

// Violation is a rule broken by a member.
type Violation struct {
	Guild    snowflake.GuildID
	Number   int64 // within the guild, from 1
	At       time.Time
	Source   Source
	Severity Severity
	Rule     string // stable id of the rule within its source: "automod:123"
	RuleName string
	User     snowflake.UserID
	Channel  snowflake.ChannelID
	Message  snowflake.MessageID
	Keyword  string
	Content  string
}
