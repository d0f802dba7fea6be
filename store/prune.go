package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

const (
	// keepChanges is how long a change row is kept beyond the newest of its guild: no replay reaches back further.
	keepChanges = 7 * day
	// keepNewest is how many of a guild's changes are kept however old they are: the page of a quiet guild shows them.
	keepNewest = 200
	// keepIdentifies is how long an IDENTIFY is remembered; Discord counts them by the day.
	keepIdentifies = 3 * day
	// pruneBatch is how many rows one job deletes: some 5 ms, so that nobody waits for pruning.
	pruneBatch = 500
	// sweepStep is how far one job moves the edge of a window.
	sweepStep = time.Hour
)

// Prune deletes what no page and no replay needs any more, in small jobs, and says how many rows that were.
func (s *Store) Prune(ctx context.Context, now time.Time) (deleted int64, err error) {
	guilds, err := s.reads.ListGuildIDs(ctx)
	if err != nil {
		return 0, err
	}
	for _, guild := range append(guilds, 0) {
		for {
			n, err := s.pruneChanges(ctx, guild, msOf(now.Add(-keepChanges)))
			deleted += n
			if err != nil {
				return deleted, err
			}
			if n < pruneBatch {
				break
			}
		}
	}
	err = s.write(ctx, func(t *tx) error {
		n, err := t.DeleteIdentifies(t.ctx, msOf(now.Add(-keepIdentifies)))
		deleted += n
		return err
	})
	return deleted, err
}

// pruneChanges deletes at most pruneBatch changes of a guild from before a time.
func (s *Store) pruneChanges(ctx context.Context, guild, before int64) (deleted int64, err error) {
	err = s.write(ctx, func(t *tx) error {
		newest, err := t.GetChangeFromTop(t.ctx, db.GetChangeFromTopParams{GuildID: guild, N: keepNewest - 1})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		oldest, err := t.ListOldestChanges(t.ctx, db.ListOldestChangesParams{GuildID: guild, Max: pruneBatch})
		if err != nil {
			return err
		}
		var upTo int64
		for _, change := range oldest {
			if change.At >= before || change.Seq >= newest {
				break
			}
			upTo = change.Seq + 1
		}
		deleted, err = t.DeleteChangesBefore(t.ctx, db.DeleteChangesBeforeParams{GuildID: guild, Seq: upTo})
		return err
	})
	return deleted, err
}

// SweepWindows moves the windows of 7 and 30 days up to now: actions that have grown too old are subtracted from the counts of whom
// they were done to. Once a minute is often enough.
func (s *Store) SweepWindows(ctx context.Context, now time.Time) error {
	for _, days := range []int64{weekDays, monthDays} {
		edge := msOf(now) - days*day.Milliseconds()
		for {
			moved := false
			err := s.write(ctx, func(t *tx) (err error) { moved, err = t.sweep(days, edge); return err })
			if err != nil {
				return err
			}
			if !moved {
				break
			}
		}
	}
	return nil
}

// sweep moves one window's edge by at most sweepStep, and says whether it has moved.
func (t *tx) sweep(days, edge int64) (bool, error) {
	kept := &t.writer.memory.weekEdge
	if days == monthDays {
		kept = &t.writer.memory.monthEdge
	}
	from := *kept
	if edge <= from {
		return false, nil
	}
	until := min(edge, from+sweepStep.Milliseconds())
	guilds, err := t.ListGuildIDs(t.ctx)
	if err != nil {
		return false, err
	}
	for _, guild := range guilds {
		if err := t.subtractTargets(guild, days, from, until); err != nil {
			return false, err
		}
	}
	// Later jobs of the same batch count by the new edge already.
	*kept = until
	t.undo = append(t.undo, func() { *kept = from })
	return true, t.PutEdge(t.ctx, db.PutEdgeParams{Days: days, At: until})
}

// subtractTargets takes a guild's actions between two times out of a window.
func (t *tx) subtractTargets(guild, days, from, until int64) error {
	targets, err := t.ListTargetsBetween(t.ctx, db.ListTargetsBetweenParams{GuildID: guild, Since: from, Until: until})
	if err != nil || len(targets) == 0 {
		return err
	}
	t.metrics(snowflake.GuildID(guild))
	for _, target := range targets {
		key := moderation.Presence{Guild: snowflake.GuildID(guild), User: snowflake.UserID(target)}
		row := db.AddTargetParams{GuildID: int64(key.Guild), UserID: int64(key.User), Week: -1}
		if days == monthDays {
			row.Week, row.Month = 0, -1
		}
		if err := t.AddTarget(t.ctx, row); err != nil {
			return err
		}
		if days == monthDays {
			if err := t.DeleteIdleTarget(t.ctx, db.DeleteIdleTargetParams{GuildID: row.GuildID, UserID: row.UserID}); err != nil {
				return err
			}
		}
	}
	return nil
}
