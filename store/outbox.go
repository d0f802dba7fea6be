package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// errandLease is how long whoever took an errand has to settle it before it is given out again: all attempts of a worker
// take ten minutes, so it ends when the settlement itself could not be written.
const errandLease = 15 * time.Minute

// TakeDue gives errands that are due; see moderation.Docket. Of the same severity each guild's oldest comes before any
// guild's second, so a raid in one does not make the others wait. Asking in vain writes nothing.
func (s *Store) TakeDue(
	ctx context.Context, now time.Time, most int, busy moderation.Busy,
) (errands []moderation.Errand, err error) {
	due, err := s.listDue(ctx, now, most, busy)
	if err != nil || len(due) == 0 {
		return nil, unreadable(err)
	}
	err = s.write(ctx, func(t *tx) error { errands, err = t.take(now, due); return err })
	return errands, err
}

// take marks what nobody else has taken meanwhile.
func (t *tx) take(now time.Time, due []db.ListDueRow) (errands []moderation.Errand, err error) {
	for _, one := range due {
		n, err := t.TakeErrand(t.ctx, db.TakeErrandParams{Until: msOf(now.Add(errandLease)), GuildID: one.GuildID,
			ActionID: one.ActionID, Now: msOf(now)})
		if err != nil {
			return nil, err
		}
		if n == 0 {
			continue
		}
		row, err := t.GetErrand(t.ctx, db.GetErrandParams{GuildID: one.GuildID, ActionID: one.ActionID})
		if err != nil {
			return nil, err
		}
		if err := t.SetActionSent(t.ctx,
			db.SetActionSentParams{GuildID: one.GuildID, ActionID: one.ActionID}); err != nil {
			return nil, err
		}
		errands = append(errands, errandOf(snowflake.GuildID(one.GuildID), one.ActionID, &row))
	}
	return errands, nil
}

// listDue chooses at most so many of what is due. It asks guild by guild, two queries each: a list of all by age would be
// that of the guild with the raid.
func (s *Store) listDue(
	ctx context.Context, now time.Time, most int, busy moderation.Busy,
) (due []db.ListDueRow, err error) {
	turn := map[int64]int{} // of an action within its guild and priority
	guild, err := s.reads.NextOutboxGuild(ctx, 0)
	for ; guild != 0 && err == nil; guild, err = s.reads.NextOutboxGuild(ctx, guild) {
		if slices.Contains(busy.Guilds, snowflake.GuildID(guild)) {
			continue
		}
		rows, err := s.reads.ListDue(ctx,
			db.ListDueParams{GuildID: guild, Now: msOf(now), Max: int64(most + len(busy.Actions))})
		if err != nil {
			return nil, err
		}
		rows = slices.DeleteFunc(rows, func(row db.ListDueRow) bool { return slices.Contains(busy.Actions, row.ActionID) })
		for i, row := range rows {
			if i > 0 && row.Priority == rows[i-1].Priority {
				turn[row.ActionID] = turn[rows[i-1].ActionID] + 1
			}
		}
		due = append(due, rows...)
	}
	slices.SortStableFunc(due, func(a, b db.ListDueRow) int {
		return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(turn[a.ActionID], turn[b.ActionID]),
			cmp.Compare(a.DueAt, b.DueAt), cmp.Compare(a.ActionID, b.ActionID))
	})
	return due[:min(most, len(due))], err
}

// Recover makes everything due that an earlier process had under way, or had put off; see moderation.Docket.
func (s *Store) Recover(ctx context.Context) error {
	return s.write(ctx, func(t *tx) error {
		now := msOf(t.writer.clock())
		guild, err := t.NextOutboxGuild(t.ctx, 0)
		for ; guild != 0 && err == nil; guild, err = t.NextOutboxGuild(t.ctx, guild) {
			if err := t.SetAllDue(t.ctx, db.SetAllDueParams{Now: now, GuildID: guild}); err != nil {
				return err
			}
		}
		return err
	})
}

func errandOf(guild snowflake.GuildID, action int64, row *db.GetErrandRow) moderation.Errand {
	reason := "guildwatch: " + row.Reason
	if row.Violation != 0 {
		reason = fmt.Sprintf("guildwatch #%d: %s", row.Violation, row.Reason)
	}
	detected := row.DetectedAt
	if row.ActorID != 0 || detected == 0 {
		detected = row.At
	}
	return moderation.Errand{
		Action: action, Guild: guild, Kind: moderation.ActionKind(row.Kind), Target: snowflake.UserID(row.TargetID),
		Channel: snowflake.ChannelID(row.ChannelID), Message: snowflake.MessageID(row.MessageID),
		Until: timeOf(row.Until), Reason: reason, Severity: severityOf(row.Priority), Detected: timeOf(detected),
		Attempts: int(row.Attempts),
	}
}

func (t *tx) findAction(guild snowflake.GuildID, action int64) (row db.Action, known bool, err error) {
	row, err = t.GetAction(t.ctx, db.GetActionParams{GuildID: int64(guild), ActionID: action})
	if errors.Is(err, sql.ErrNoRows) {
		return row, false, nil
	}
	return row, err == nil, err
}
