package store

import (
	"context"
	"database/sql"
	"errors"

	"guildwatch/internal/moderation"
	"guildwatch/store/internal/db"
)

// RecordGap records a time during which events may have been missed.
func (s *Store) RecordGap(ctx context.Context, gap moderation.Gap) error {
	return s.write(ctx, func(t *tx) error { return t.recordGap(gap) })
}

// Lose commits what a session brought, that it is gone since lost.From, the gap that begins there, and the gaps that
// are over. Said again before the next session's first flush, it forgets what that session planned to read.
func (s *Store) Lose(
	ctx context.Context, tally *moderation.Tally, lost moderation.Gap, over ...moderation.Gap,
) error {
	return s.write(ctx, func(t *tx) error {
		if err := t.flush(tally, over, s.now()); err != nil {
			return err
		}
		return t.lose(lost, int64(tally.Newest))
	})
}

// lose opens the gap, unless it is open already.
func (t *tx) lose(lost moderation.Gap, newest int64) error {
	at, err := t.GetPosition(t.ctx, 0)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if at.SessionID == "" && at.GapID != 0 {
		// The process died between two sessions, or before the first flush of the second: that one's plans hold no
		// longer, and nothing of them was read.
		if gap, err := t.GetGapOfSession(t.ctx, 0); err != nil {
			return err
		} else if gap.ToAt == 0 {
			return t.ForgetReadings(t.ctx, gap.GapID)
		}
	}
	row := db.PutLossParams{SavedAt: msOf(lost.From), Newest: max(at.Newest, newest)}
	row.GapID, err = t.OpenGap(t.ctx, db.OpenGapParams{FromAt: row.SavedAt, Reason: lost.Reason, AfterID: row.Newest})
	if err != nil {
		return err
	}
	t.changed(MatterGaps, 0)
	return t.PutLoss(t.ctx, row)
}

// recordGap ends the open gap that began then, or inserts one.
func (t *tx) recordGap(gap moderation.Gap) error {
	var known int64
	var err error
	if gap.Guild == 0 {
		known, err = t.CloseGap(t.ctx, db.CloseGapParams{ToAt: msOf(gap.To), Reason: gap.Reason, FromAt: msOf(gap.From)})
	}
	if err == nil && known == 0 {
		known, err = t.InsertGap(t.ctx, gapRow(gap))
	}
	if err != nil || known == 0 {
		return err
	}
	t.changed(MatterGaps, gap.Guild)
	return t.announce(gapChange(gap))
}

func gapRow(gap moderation.Gap) db.InsertGapParams {
	return db.InsertGapParams{
		GuildID: int64(gap.Guild), FromAt: msOf(gap.From), ToAt: msOf(gap.To), Reason: gap.Reason, Dropped: gap.Dropped,
	}
}

func gapChange(gap moderation.Gap) moderation.Change {
	return moderation.Change{Guild: gap.Guild, At: gap.To, Kind: moderation.ChangeGap, Label: gap.Reason}
}
