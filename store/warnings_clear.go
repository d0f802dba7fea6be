package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// clearReason is how many characters the reason of a clearing has at most.
const clearReason = 400

// ClearWarning clears one warning. It stays listed, with who cleared it and why. It answers a *fault.Error: NotFound, and
// Conflict with who was faster.
func (s *Store) ClearWarning(
	ctx context.Context, grant access.Grant[access.ManageViolations], number int64, reason string,
) error {
	d := deedOf(ctx, grant, "warning.cleared")
	if err := checkClearReason(&reason); err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		row, err := t.GetWarning(t.ctx, db.GetWarningParams{GuildID: int64(d.guild), Number: number})
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "There is no such warning here.")
		} else if err != nil {
			return err
		}
		if row.ClearedAt != 0 {
			who, err := t.nameOf(snowflake.UserID(row.ClearedBy))
			if err != nil {
				return err
			}
			return fault.New(fault.Conflict, "%s has cleared this warning already.", who)
		}
		d.person, d.target = snowflake.UserID(row.UserID), fmt.Sprintf("warning:%d", number)
		_, err = t.clearByPerson(d, []int64{number}, reason, row.Violation)
		return err
	})
}

// ClearWarnings clears all warnings of a member and says how many had counted. That they were ever kicked stays.
func (s *Store) ClearWarnings(
	ctx context.Context, grant access.Grant[access.ManageViolations], user snowflake.UserID, reason string,
) (cleared int64, err error) {
	d := deedOf(ctx, grant, "warnings.cleared")
	if err := checkClearReason(&reason); err != nil {
		return 0, err
	}
	err = s.write(ctx, func(t *tx) error {
		numbers, err := t.ListWarningNumbersOf(t.ctx,
			db.ListWarningNumbersOfParams{GuildID: int64(d.guild), UserID: int64(user)})
		if err == nil {
			d.person = user
			cleared, err = t.clearByPerson(d, numbers, reason, 0)
		}
		return err
	})
	return cleared, err
}

// ClearWarningsBefore clears every member's warnings from before a time, some hundred at once, and says how many had
// counted.
func (s *Store) ClearWarningsBefore(
	ctx context.Context, grant access.Grant[access.ManageViolations], before time.Time, reason string,
) (cleared int64, err error) {
	d := deedOf(ctx, grant, "warnings.cleared")
	if err := checkClearReason(&reason); err != nil {
		return 0, err
	}
	d.target = "before:" + before.UTC().Format(time.RFC3339)
	var after int64
	n, err := s.inBatches(ctx, func(t *tx) (int64, error) {
		numbers, err := t.ListWarningNumbersBefore(t.ctx, db.ListWarningNumbersBeforeParams{GuildID: int64(d.guild),
			After: after, Before: msOf(before), Max: pruneBatch})
		if err != nil || len(numbers) == 0 {
			return 0, err
		}
		after = numbers[len(numbers)-1]
		return t.clearByPerson(d, numbers, reason, 0)
	})
	return n, err
}

// clearByPerson clears warnings, and notes it once for all of them.
func (t *tx) clearByPerson(d deed, numbers []int64, reason string, violation int64) (cleared int64, err error) {
	cleared, err = t.clearWarnings(d.guild, numbers, clearing{user: d.actor.User(), cause: clearedByPerson, reason: reason})
	if err != nil || cleared == 0 {
		return cleared, err
	}
	d.after = map[string]int64{"cleared": cleared}
	if err := t.audit(d); err != nil {
		return cleared, err
	}
	return cleared, t.violationChanged(d.guild, violation, d.person, d.actor.User(), "warning")
}

func checkClearReason(reason *string) error {
	*reason = strings.TrimSpace(*reason)
	if utf8.RuneCountInString(*reason) > clearReason {
		return fault.New(fault.Invalid, "A reason has at most %d characters.", clearReason)
	}
	return nil
}

// newest is a number beyond any: a list that begins with its newest row.
const newest = math.MaxInt64
