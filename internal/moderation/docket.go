package moderation

import (
	"context"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
)

// Docket is where cases are kept, and what Discord has still to be asked for. Every call is one transaction; it has
// committed when the call returns nil.
type Docket interface {
	// OpenAll records broken rules, in their order, and plans what follows: all of them, or none. A case that is known
	// already (the same guild, source, subject, rule and evidence) changes nothing and plans nothing: Fresh is false.
	OpenAll(ctx context.Context, cases []Case) ([]Opened, error)
	// Order plans what a person asked for. It answers a *fault.Error: Conflict when the same was done to the member
	// within the last seconds, with who did it.
	Order(ctx context.Context, grant access.Grant[access.ActOnMembers], order Order) (Opened, error)
	// Undo plans what takes an action back. It answers a *fault.Error: NotFound, Invalid for what cannot be taken back,
	// Conflict for what was.
	Undo(ctx context.Context, grant access.Grant[access.ActOnMembers], action int64, source Source) (Opened, error)

	// TakeDue gives at most so many errands that are due and marks them as sent, gravest and oldest first, nothing that is
	// busy. Each is given to one caller; Recover gives all that are unsettled once more.
	TakeDue(ctx context.Context, now time.Time, most int, busy Busy) ([]Errand, error)
	// Settle records how an errand went: done, failed for good, or due again later.
	Settle(ctx context.Context, errand Errand, result Result) error
	// Recover makes everything due that an earlier process had under way.
	Recover(ctx context.Context) error
}

// Opened is what became of a case or an order.
type Opened struct {
	Violation int64   // its number; 0: the order answers none
	Fresh     bool    // false: it was known
	Actions   []int64 // ids of what was planned
}

// Enforcer asks Discord. The same errand twice must end as it does once.
type Enforcer interface {
	Enforce(ctx context.Context, errand Errand) Result
}

// Busy is what a worker does not want of a docket now.
type Busy struct {
	Guilds  []snowflake.GuildID // they have their share of the places
	Actions []int64             // they are on their way; a clock that was set would make them due again
}
