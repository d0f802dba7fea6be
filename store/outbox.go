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

const (
	// errandLease is how long whoever took an errand has to settle it before it is given out again: all attempts of a
	// worker take ten minutes, so it ends when the settlement itself could not be written.
	errandLease = 15 * time.Minute
	// crowd is how many times as many due errands are looked at as are wanted, so that one guild's are not all of them.
	crowd = 4
)

// TakeDue gives errands that are due; see moderation.Docket. Of the same severity each guild's oldest come before any
// guild's second: a raid in one does not make the others wait. Asking in vain writes nothing.
func (s *Store) TakeDue(
	ctx context.Context, now time.Time, most int, without []snowflake.GuildID,
) (errands []moderation.Errand, err error) {
	due, err := listDue(ctx, s.reads, now, most, without)
	if err != nil || len(due) == 0 {
		return nil, unreadable(err)
	}
	err = s.write(ctx, func(t *tx) error { errands, err = t.takeDue(now, most, without); return err })
	return errands, err
}

func (t *tx) takeDue(now time.Time, most int, without []snowflake.GuildID) ([]moderation.Errand, error) {
	due, err := listDue(t.ctx, t.Queries, now, most, without)
	if err != nil {
		return nil, err
	}
	errands := make([]moderation.Errand, 0, len(due))
	for _, one := range due {
		row, err := t.GetErrand(t.ctx, db.GetErrandParams{GuildID: one.GuildID, ActionID: one.ActionID})
		if err != nil {
			return nil, err
		}
		if err := t.SetErrandDue(t.ctx, db.SetErrandDueParams{DueAt: msOf(now.Add(errandLease)), Attempts: row.Attempts,
			GuildID: one.GuildID, ActionID: one.ActionID}); err != nil {
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

// listDue chooses at most so many of what is due: gravest first, then each guild's oldest, its second, and so on.
func listDue(
	ctx context.Context, q *db.Queries, now time.Time, most int, without []snowflake.GuildID,
) (chosen []db.ListDueRow, err error) {
	ids := jsonIDs(without)
	for priority := int64(orderPriority); priority >= 0 && len(chosen) < most; priority-- {
		rows, err := q.ListDue(ctx, db.ListDueParams{Priority: priority, Now: msOf(now), Without: ids,
			Max: int64(crowd * most)})
		if err != nil {
			return nil, err
		}
		turn, turns := make([]int, len(rows)), map[int64]int{}
		order := make([]int, len(rows))
		for i, row := range rows {
			turn[i], order[i] = turns[row.GuildID], i
			turns[row.GuildID]++
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(turn[a], turn[b]) })
		for _, i := range order[:min(len(order), most-len(chosen))] {
			chosen = append(chosen, rows[i])
		}
	}
	return chosen, nil
}

// Recover makes everything due that an earlier process had under way, or had put off; see moderation.Docket.
func (s *Store) Recover(ctx context.Context) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.SetAllDue(t.ctx, msOf(t.writer.clock()))
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
