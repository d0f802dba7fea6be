package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// defaultKeepText is for how many days members' words are kept in a guild that nothing is known of yet.
const defaultKeepText = 7

// mostKeepText is the longest that a guild may choose: evidence of a year ago decides no appeal.
const mostKeepText = 365

// SetTextRetention sets for how many days a guild keeps what members wrote in violations: 0 for not at all, where only a
// hash is kept, to 365. What is older is emptied by the next Prune.
func (s *Store) SetTextRetention(ctx context.Context, grant access.Grant[access.UpdateSettings], days int) error {
	d := deedOf(ctx, grant, "retention.changed")
	if days < 0 || days > mostKeepText {
		return fault.New(fault.Invalid, "Message text is kept for 0 to %d days.", mostKeepText)
	}
	return s.write(ctx, func(t *tx) error {
		old, err := keepText(t.ctx, t.Queries, d.guild)
		if err != nil || old == int64(days) {
			return err
		}
		n, err := t.SetKeepText(t.ctx, db.SetKeepTextParams{Days: int64(days), GuildID: int64(d.guild)})
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "There is no such server here, or you have no access to it.")
		}
		t.config(d.guild)
		d.before, d.after = old, days
		if err := t.audit(d); err != nil {
			return err
		}
		return t.announce(moderation.Change{Guild: d.guild, At: t.writer.clock(), Kind: moderation.ChangeConfig,
			Label: "text_retention", Actor: d.actor.User()})
	})
}

// TextRetention is for how many days a guild keeps what members wrote in violations; 0: not at all.
func (s *Snapshot) TextRetention(guild snowflake.GuildID) int {
	if s.err != nil {
		return 0
	}
	days, err := keepText(s.ctx, s.q, guild)
	s.ok("text retention", err)
	return int(days)
}

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
