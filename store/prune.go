package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

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
)

// Prune deletes what no page and no replay needs any more, and what members wrote longer ago than their guild keeps it,
// in small jobs, and says how many rows that were.
func (s *Store) Prune(ctx context.Context, now time.Time) (deleted int64, err error) {
	guilds, err := s.reads.ListGuildIDs(ctx)
	if err != nil {
		return 0, err
	}
	for _, guild := range guilds {
		n, err := s.forgetText(ctx, now, guild)
		if err == nil {
			deleted += n
			n, err = s.forgetAppeals(ctx, now, guild)
		}
		deleted += n
		if err != nil {
			return deleted, err
		}
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
