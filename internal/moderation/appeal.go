package moderation

import (
	"context"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
)

// AppealState is what became of an appeal.
type AppealState string

// The states of an appeal.
const (
	AppealOpen      AppealState = "open"
	AppealApproved  AppealState = "approved"
	AppealDenied    AppealState = "denied"
	AppealWithdrawn AppealState = "withdrawn" // by the member
)

// AppealText and AppealAnswer are how many characters a member's appeal and a moderator's answer have at most.
const (
	AppealText   = 1000
	AppealAnswer = 1000
)

// Appeal is a member's word against what was done about them.
type Appeal struct {
	Number    int64
	Action    int64 // what it is against
	Violation int64 // the number of the violation that the action answered; 0: none
	User      snowflake.UserID
	At        time.Time
	Text      string // empty some days after the decision
	State     AppealState
	DecidedBy snowflake.UserID // 0: nobody yet; of a withdrawn one the member
	DecidedAt time.Time
	Answer    string // to the member; may be empty
}

// Decision is a moderator's word on an appeal.
type Decision struct {
	Number  int64
	Approve bool
	Answer  string // what the member is told beside it; at most AppealAnswer characters, may be empty
	Source  Source // SourceDashboard or SourceCommand
}

// Appeals is where appeals are kept. Every call is one transaction; it has committed when the call returns nil.
type Appeals interface {
	// MakeAppeal records a member's appeal against an action. It answers a *fault.Error with a sentence for the member:
	// NotFound for an action that is none of theirs, Conflict for one that was appealed already, Invalid for what cannot be.
	MakeAppeal(ctx context.Context, guild snowflake.GuildID, action int64, user snowflake.UserID, text string) (Appeal, error)
	// DecideAppeal closes an appeal. An approval lets no warning count that came of it, and plans what takes back whatever can
	// be. It answers a *fault.Error: NotFound, Forbidden for one's own, Conflict with who has decided it already.
	DecideAppeal(ctx context.Context, grant access.Grant[access.DecideAppeals], decision Decision) (Opened, error)
}
