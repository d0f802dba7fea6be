package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// MarkFalsePositive says that a rule was wrong, or (wrong false) that it was right after all. A false positive is in no
// figure but its own, and the warning that came of it does not count; both come back with the mark. What was done about
// it stays done: undoing that is a matter of its own. The same mark again changes nothing. The error is a *fault.Error:
// NotFound.
func (s *Store) MarkFalsePositive(
	ctx context.Context, grant access.Grant[access.ManageViolations], number int64, wrong bool,
) error {
	d := deedOf(ctx, grant, "violation.marked")
	return s.write(ctx, func(t *tx) error { return t.mark(d, number, wrong) })
}

func (t *tx) mark(d deed, number int64, wrong bool) error {
	row, err := t.findViolation(d.guild, number)
	if err != nil {
		return err
	}
	from, to := moderation.ViolationState(row.State), finding{shadow: row.Shadow != 0}.state()
	by := snowflake.UserID(0)
	if wrong {
		to, by = moderation.StateFalsePositive, d.actor.User()
	}
	if from == to {
		return nil
	}
	v := violationOf(&row)
	if err := t.countAs(&v, from, -1); err != nil {
		return err
	}
	if err := t.countAs(&v, to, 1); err != nil {
		return err
	}
	if err := t.recountResponse(&row, from, to); err != nil {
		return err
	}
	if err := t.SetViolationState(t.ctx, db.SetViolationStateParams{State: string(to), MarkedBy: int64(by),
		GuildID: row.GuildID, Number: number}); err != nil {
		return err
	}
	if err := t.markWarnings(d.guild, &row, by, wrong); err != nil {
		return err
	}
	d.person, d.target, d.before, d.after = v.User, violationTarget(number), from, to
	if err := t.audit(d); err != nil {
		return err
	}
	return t.violationChanged(d.guild, number, v.User, d.actor.User(), "marked")
}

// markWarnings clears the warnings that came of a violation, or lets them count again.
func (t *tx) markWarnings(guild snowflake.GuildID, row *db.Violation, by snowflake.UserID, wrong bool) error {
	if row.UserID == 0 {
		return nil
	}
	numbers, err := t.ListWarningsByViolation(t.ctx,
		db.ListWarningsByViolationParams{GuildID: row.GuildID, UserID: row.UserID, Violation: row.Number})
	if err != nil {
		return err
	}
	if wrong {
		_, err = t.clearWarnings(guild, numbers, clearing{user: by, cause: clearedAsWrong})
		return err
	}
	if err := t.countAgain(guild, numbers, clearedAsWrong); err != nil {
		return err
	}
	numbers, err = t.ListUndoneWarnings(t.ctx,
		db.ListUndoneWarningsParams{GuildID: row.GuildID, UserID: row.UserID, Violation: row.Number})
	if err == nil {
		_, err = t.clearWarnings(guild, numbers, clearing{user: by, cause: clearedByUndo})
	}
	return err
}

func (t *tx) findViolation(guild snowflake.GuildID, number int64) (db.Violation, error) {
	row, err := t.GetViolation(t.ctx, db.GetViolationParams{GuildID: int64(guild), Number: number})
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no such violation here.")
	}
	return row, err
}

func violationTarget(number int64) string { return fmt.Sprintf("violation:%d", number) }

func violationOf(row *db.Violation) moderation.Violation {
	return moderation.Violation{
		Guild: snowflake.GuildID(row.GuildID), Number: row.Number, At: timeOf(row.At),
		Source: moderation.Source(row.Source), Severity: moderation.Severity(row.Severity), Rule: row.Rule,
		RuleName: row.RuleName, User: snowflake.UserID(row.UserID), Channel: snowflake.ChannelID(row.ChannelID),
		Message: snowflake.MessageID(row.MessageID), Keyword: row.Keyword, Content: row.Content,
	}
}
