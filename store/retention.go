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

const (
	// mostKeepText is the longest that a guild may keep what members wrote: evidence of a year ago decides no appeal.
	mostKeepText = 365
	// leastKeepRows is the shortest that a guild may keep rows: the windows of offenders reach back 30 days, and what is
	// usual is told from eight weeks.
	leastKeepRows = 90
	mostKeepRows  = 3650
)

// Retention is how long a guild keeps what it knows of single members. Counts are kept for ever.
type Retention struct {
	Text int       // what members wrote, in days: 0 (only a hash) to 365
	Rows int       // violations, actions, warnings, appeals, commands, in days: 90 to 3650; 0: for ever
	From time.Time // rows from before have been deleted; zero: none were
}

// SetRetention sets for how long a guild keeps text and rows; From is not looked at. What is older goes with the next
// Prune and the next DropOldRows. It answers a *fault.Error: Invalid, or NotFound when the bot has left the guild.
func (s *Store) SetRetention(ctx context.Context, grant access.Grant[access.UpdateSettings], keep Retention) error {
	d := deedOf(ctx, grant, "retention.changed")
	switch {
	case keep.Text < 0 || keep.Text > mostKeepText:
		return fault.New(fault.Invalid, "Message text is kept for 0 to %d days.", mostKeepText)
	case keep.Rows != 0 && (keep.Rows < leastKeepRows || keep.Rows > mostKeepRows):
		return fault.New(fault.Invalid, "Rows are kept for %d to %d days, or for ever with 0.", leastKeepRows, mostKeepRows)
	case keep.Rows != 0 && keep.Rows < keep.Text:
		return fault.New(fault.Invalid, "Text cannot be kept longer than the rows that it stands in.")
	}
	return s.write(ctx, func(t *tx) error { return t.setRetention(d, keep) })
}

func (t *tx) setRetention(d deed, keep Retention) error {
	old, err := readRetention(t.ctx, t.Queries, d.guild)
	if err != nil || old.Text == keep.Text && old.Rows == keep.Rows {
		return err
	}
	n, err := t.Queries.SetRetention(t.ctx,
		db.SetRetentionParams{TextDays: int64(keep.Text), RowsDays: int64(keep.Rows), GuildID: int64(d.guild)})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "There is no such server here, or you have no access to it.")
	}
	t.config(d.guild)
	days := func(r Retention) map[string]int { return map[string]int{"text_days": r.Text, "rows_days": r.Rows} }
	d.before, d.after = days(old), days(keep)
	if err := t.audit(d); err != nil {
		return err
	}
	return t.announce(moderation.Change{Guild: d.guild, At: t.writer.clock(), Kind: moderation.ChangeConfig,
		Label: "retention", Actor: d.actor.User()})
}

// Retention is for how long a guild keeps text and rows.
func (s *Snapshot) Retention(guild snowflake.GuildID) Retention {
	if s.err != nil {
		return Retention{}
	}
	keep, err := readRetention(s.ctx, s.q, guild)
	s.ok("retention", err)
	return keep
}

func readRetention(ctx context.Context, q *db.Queries, guild snowflake.GuildID) (Retention, error) {
	row, err := q.GetRetention(ctx, int64(guild))
	if errors.Is(err, sql.ErrNoRows) {
		return Retention{Text: defaultKeepText}, nil
	}
	return Retention{int(row.KeepTextDays), int(row.KeepRowsDays), timeOf(row.RowsFrom)}, err
}

// DropOldRows deletes what is older than its guild keeps it, in small jobs, and says how many rows that were; and files
// that somebody wanted to take over and did not, within a day. Once a day
// is enough: it looks at every kick and ban, which stay.
func (s *Store) DropOldRows(ctx context.Context, now time.Time) (deleted int64, err error) {
	guilds, err := s.reads.ListGuildIDs(ctx)
	if err != nil {
		return 0, unreadable(err)
	}
	for _, guild := range guilds {
		if err := s.write(ctx, func(t *tx) error {
			_, err := t.DropOldDrafts(t.ctx, db.DropOldDraftsParams{GuildID: guild, Before: msOf(now) - day.Milliseconds()})
			return err
		}); err != nil {
			return deleted, err
		}
		keep, err := readRetention(ctx, s.reads, snowflake.GuildID(guild))
		if err != nil {
			return deleted, unreadable(err)
		}
		if keep.Rows == 0 {
			continue
		}
		n, err := s.dropRows(ctx, guild, dayOf(msOf(now)-int64(keep.Rows)*day.Milliseconds()))
		if deleted += n; err != nil {
			return deleted, err
		}
	}
	return deleted, nil
}

// dropRows deletes a guild's rows from before a time, the start of a day.
func (s *Store) dropRows(ctx context.Context, guild, before int64) (sum int64, err error) {
	// First of all: from here on nobody counts these rows.
	if err := s.write(ctx, func(t *tx) error {
		return t.SetRowsFrom(t.ctx, db.SetRowsFromParams{Since: before, GuildID: guild})
	}); err != nil {
		return 0, err
	}
	for _, drop := range []func(*tx) (int64, error){
		func(t *tx) (int64, error) {
			if err := t.DropOldNotes(t.ctx, db.DropOldNotesParams{GuildID: guild, Before: before, Max: pruneBatch}); err != nil {
				return 0, err
			}
			return t.DropOldViolations(t.ctx, db.DropOldViolationsParams{GuildID: guild, Before: before, Max: pruneBatch})
		},
		func(t *tx) (int64, error) {
			return t.DropOldActions(t.ctx, db.DropOldActionsParams{GuildID: guild, Before: before, Max: pruneBatch})
		},
		func(t *tx) (int64, error) {
			return t.EmptyOldActions(t.ctx, db.EmptyOldActionsParams{GuildID: guild, Before: before, Max: pruneBatch})
		},
		func(t *tx) (int64, error) {
			if err := t.DropOldClears(t.ctx, db.DropOldClearsParams{GuildID: guild, Before: before, Max: pruneBatch}); err != nil {
				return 0, err
			}
			return t.DropOldWarnings(t.ctx, db.DropOldWarningsParams{GuildID: guild, Before: before, Max: pruneBatch})
		},
		func(t *tx) (int64, error) {
			return t.DropOldAppeals(t.ctx, db.DropOldAppealsParams{GuildID: guild, Before: before, Max: pruneBatch})
		},
		func(t *tx) (int64, error) {
			return t.DropOldRuns(t.ctx, db.DropOldRunsParams{GuildID: guild, Before: before, Max: pruneBatch})
		},
	} {
		n, err := s.inBatches(ctx, drop)
		if sum += n; err != nil {
			return sum, err
		}
	}
	err = s.write(ctx, func(t *tx) error {
		notices, err := t.DropOldNotices(t.ctx, db.DropOldNoticesParams{GuildID: guild, Before: before})
		if err != nil {
			return err
		}
		members, err := t.DropOldRaidMembers(t.ctx, db.DropOldRaidMembersParams{GuildID: guild, Before: before})
		if err != nil {
			return err
		}
		months, err := t.DropOldMonths(t.ctx, db.DropOldMonthsParams{Month: monthOf(before), GuildID: guild})
		if sum += notices + members + months; sum > 0 {
			for _, matter := range []Matter{MatterLines, MatterAppeals, MatterRules} {
				t.changed(matter, snowflake.GuildID(guild))
			}
		}
		return err
	})
	return sum, err
}
