package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"guildwatch/internal/moderation/ladder"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// warn gives a member the warning that comes with an action.
func (t *tx) warn(p plan, action int64, at time.Time) error {
	number, err := t.NextWarningNumber(t.ctx, int64(p.guild))
	if err != nil {
		return err
	}
	return t.InsertWarning(t.ctx, db.InsertWarningParams{
		GuildID: int64(p.guild), Number: number, UserID: int64(p.target), At: msOf(at), GivenBy: int64(p.actor),
		Source: string(p.source), Violation: p.violation, ActionID: action, Reason: p.reason,
	})
}

// levelOf is how high a member stands on the ladder: it follows from the warnings that count and from the clock. A clock
// that was set back does not lower it: nothing is earlier than the newest warning.
func levelOf(
	ctx context.Context, q *db.Queries, guild snowflake.GuildID, user snowflake.UserID, now time.Time,
) (int, error) {
	times, err := q.ListWarningTimes(ctx, db.ListWarningTimesParams{GuildID: int64(guild), UserID: int64(user)})
	if err != nil {
		return 0, err
	}
	warned := make([]time.Time, len(times))
	var last int64
	for i, at := range times {
		last = max(last, at)
		warned[i] = timeOf(last)
	}
	return ladder.Level(warned, timeOf(max(last, msOf(now)))), nil
}

// wasKicked says whether a member was ever kicked, by whomever. That never decays, and clearing warnings leaves it.
func wasKicked(ctx context.Context, q *db.Queries, guild snowflake.GuildID, user snowflake.UserID) (bool, error) {
	_, err := q.FindKick(ctx, db.FindKickParams{GuildID: int64(guild), TargetID: int64(user)})
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// clearWarnings clears warnings for a cause and says how many had counted until then. Restoring the cause's opposite is
// countAgain.
func (t *tx) clearWarnings(guild snowflake.GuildID, numbers []int64, by clearing) (cleared int64, err error) {
	at := msOf(t.writer.clock())
	for _, number := range numbers {
		n, err := t.InsertWarningClear(t.ctx, db.InsertWarningClearParams{GuildID: int64(guild), Number: number, At: at,
			ClearedBy: int64(by.user), Cause: by.cause, Reason: by.reason})
		if err != nil {
			return cleared, err
		}
		cleared += n
	}
	return cleared, nil
}

// countAgain takes back what clearWarnings did for a cause.
func (t *tx) countAgain(guild snowflake.GuildID, numbers []int64, cause string) error {
	for _, number := range numbers {
		if err := t.DeleteWarningClear(t.ctx,
			db.DeleteWarningClearParams{GuildID: int64(guild), Number: number, Cause: cause}); err != nil {
			return err
		}
	}
	return nil
}

// clearing is why warnings are cleared, and by whom.
type clearing struct {
	user   snowflake.UserID
	cause  string
	reason string
}

// The causes of a clearing.
const (
	clearedByPerson = "person"
	clearedAsWrong  = "false_positive"
	clearedByUndo   = "undone"
	clearedByAppeal = "appeal"
)
