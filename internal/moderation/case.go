package moderation

import (
	"time"

	"guildwatch/internal/snowflake"
)

// ViolationState is what became of a violation. Only counted ones are in the figures of section 5 of the product.
type ViolationState string

// The states.
const (
	StateCounted       ViolationState = "counted"
	StateShadow        ViolationState = "shadow"         // a rule in shadow mode: nothing was done
	StateFalsePositive ViolationState = "false_positive" // a moderator says that the rule was wrong
)

// Case is a broken rule of guildwatch's own with what is to follow. The ledger opens it in one transaction.
type Case struct {
	Violation Violation // without a number, which the ledger gives
	Version   int64     // of the rule
	Shadow    bool      // record it, and do nothing
	Surface   Surface
	Evidence  string // hash of what was matched: with guild, source, subject and rule it makes a violation unique
	Detected  time.Time
	Response  Response
}

// Response is what follows from a broken rule.
type Response struct {
	Delete  bool          // the message
	Ladder  bool          // the member's next step; Kind is not looked at
	Kind    ActionKind    // ActionWarn, ActionTimeout, ActionKick, ActionBan; empty: nothing
	Timeout time.Duration // of ActionTimeout
}

// Order is what a person asks to be done about a member or a message.
type Order struct {
	Kind      ActionKind
	Target    snowflake.UserID
	Channel   snowflake.ChannelID // of a delete
	Message   snowflake.MessageID // of a delete
	Timeout   time.Duration       // of a timeout: from one minute to 28 days
	Reason    string              // at most 400 characters
	Violation int64               // the number that it answers; 0: none
	Source    Source              // SourceDashboard or SourceCommand
}

// Errand is an action that Discord has still to be asked for.
type Errand struct {
	Action   int64 // the action's id
	Guild    snowflake.GuildID
	Kind     ActionKind
	Target   snowflake.UserID
	Channel  snowflake.ChannelID
	Message  snowflake.MessageID
	Until    time.Time // end of a timeout, absolute: asking twice changes nothing
	Reason   string    // for Discord's audit log
	Severity Severity
	Detected time.Time
	Attempts int
}

// Result is how an errand went. Exactly one of the three holds: it is done, it is refused for good, or it is to be tried again.
type Result struct {
	Done    bool   // also when there was nothing left to do: the message is gone already
	Refused string // a sentence with the permission or role that is missing; Discord would refuse again
	Again   time.Duration
	Before  string // JSON: what an undo has to put back; empty: nothing
}

// Warning is a mark against a member.
type Warning struct {
	Number    int64
	User      snowflake.UserID
	At        time.Time
	By        snowflake.UserID // 0: a rule
	Source    Source
	Violation int64
	Reason    string
	Cleared   time.Time // zero: it counts
	ClearedBy snowflake.UserID
}
