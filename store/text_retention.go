package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// defaultKeepText is for how many days members' words are kept in a guild that nothing is known of yet.
const defaultKeepText = 7

// forgetText empties what members wrote in violations older than their guild keeps it, and in the lines of the feed that
// repeat it, in small jobs, and says how many rows that were.
func (s *Store) forgetText(ctx context.Context, now time.Time, guild int64) (emptied int64, err error) {
	days, err := keepText(ctx, s.reads, snowflake.GuildID(guild))
	if err != nil {
		return 0, unreadable(err)
	}
	before := msOf(now) - days*day.Milliseconds()
	if emptied, err = s.forgetRaidText(ctx, guild, before); err != nil {
		return emptied, err
	}
	old, err := s.reads.HasOldText(ctx, db.HasOldTextParams{GuildID: guild, Before: before})
	if err != nil || old == 0 {
		return emptied, unreadable(err)
	}
	rows, err := s.inBatches(ctx, func(t *tx) (int64, error) {
		return t.ForgetText(t.ctx, db.ForgetTextParams{GuildID: guild, Before: before, Max: pruneBatch})
	})
	emptied += rows
	if err != nil {
		return emptied, err
	}
	lines, err := s.inBatches(ctx, func(t *tx) (int64, error) {
		return t.ForgetLines(t.ctx, db.ForgetLinesParams{GuildID: guild, Before: before, Max: pruneBatch})
	})
	return emptied + lines, err
}

// inBatches runs one job after the other until one has less than pruneBatch rows to do.
func (s *Store) inBatches(ctx context.Context, run func(*tx) (int64, error)) (sum int64, err error) {
	for {
		var n int64
		if err = s.write(ctx, func(t *tx) error { n, err = run(t); return err }); err != nil {
			return sum, err
		}
		if sum += n; n < pruneBatch {
			return sum, nil
		}
	}
}

// keepsText says whether a guild keeps what members wrote at all.
func (t *tx) keepsText(guild snowflake.GuildID) (bool, error) {
	days, err := keepText(t.ctx, t.Queries, guild)
	return days > 0, err
}

func keepText(ctx context.Context, q *db.Queries, guild snowflake.GuildID) (days int64, err error) {
	days, err = q.GetKeepText(ctx, int64(guild))
	if errors.Is(err, sql.ErrNoRows) {
		return defaultKeepText, nil
	}
	return days, err
}
