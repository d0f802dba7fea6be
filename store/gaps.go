package store

import (
	"context"

	"guildwatch/internal/moderation"
	"guildwatch/store/internal/db"
)

// RecordGap records a time during which events may have been missed.
func (s *Store) RecordGap(ctx context.Context, gap moderation.Gap) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.InsertGap(t.ctx, gapRow(gap))
		if err != nil || n == 0 {
			return err
		}
		t.metrics(0)
		t.touched.Everywhere = t.touched.Everywhere || gap.Guild == 0
		return t.announce(gapChange(gap))
	})
}

func gapRow(gap moderation.Gap) db.InsertGapParams {
	return db.InsertGapParams{
		GuildID: int64(gap.Guild), FromAt: msOf(gap.From), ToAt: msOf(gap.To), Reason: gap.Reason, Dropped: gap.Dropped,
	}
}

func gapChange(gap moderation.Gap) moderation.Change {
	return moderation.Change{Guild: gap.Guild, At: gap.To, Kind: moderation.ChangeGap, Label: gap.Reason}
}
