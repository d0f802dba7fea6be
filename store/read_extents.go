package store

import (
	"database/sql"
	"errors"
	"time"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// extentPiece is how many entries of an index one piece of a survey goes through: 4000 take 0.8 ms.
const extentPiece = 4000

// Extent is how far rows reach: how many there are, and the lowest and the highest of their numbers or ids; zero for
// none.
type Extent struct{ Entries, Lowest, Highest int64 }

// With is both extents together.
func (e Extent) With(other Extent) Extent {
	switch {
	case e.Entries == 0:
		return other
	case other.Entries == 0:
		return e
	}
	return Extent{e.Entries + other.Entries, min(e.Lowest, other.Lowest), max(e.Highest, other.Highest)}
}

// ViolationExtent is how far a guild's violations reach between two times, which may be zero for no bound: all of the
// days in which these lie. Their numbers have no holes.
func (s *Snapshot) ViolationExtent(guild snowflake.GuildID, from, to time.Time) Extent {
	if s.err != nil {
		return Extent{}
	}
	first, before, err := s.violationRange(guild, &ViolationFilter{From: from, To: to})
	if !s.ok("days of violations", err) || first >= before {
		return Extent{}
	}
	if before == newest {
		before = s.LastRows(guild).Violations + 1
	}
	return Extent{max(0, before-first), first, before - 1}
}

// ActionExtent measures a piece of the actions that a filter may choose, up to an id: from where the piece before it
// ended, 0 for the first. next is where the next one begins; 0 when this was the last. Of a filter the member and the
// time count.
func (s *Snapshot) ActionExtent(guild snowflake.GuildID, f ActionFilter, last, from int64) (piece Extent, next int64) {
	if s.err != nil {
		return piece, 0
	}
	since, until := max(msOf(f.From), from), int64(newest)
	if !f.To.IsZero() {
		until = msOf(f.To)
	}
	switch {
	case f.Target != 0:
		row, err := s.q.CountTargetActions(s.ctx, db.CountTargetActionsParams{GuildID: int64(guild),
			TargetID: int64(f.Target), Since: msOf(f.From), Until: until, Highest: last})
		s.ok("actions about a member", err)
		return Extent(row), 0
	case !f.From.IsZero() || !f.To.IsZero():
		next = s.after(s.q.SkipActionTimes(s.ctx, db.SkipActionTimesParams{GuildID: int64(guild), Since: since, Until: until,
			N: extentPiece}))
		if next > 0 && next == since {
			next++ // so many at one moment are one piece
		}
		if next > 0 {
			until = next
		}
		row, err := s.q.CountActionTimes(s.ctx, db.CountActionTimesParams{GuildID: int64(guild), Since: since, Until: until,
			Highest: last})
		s.ok("actions of a time", err)
		return Extent(row), next
	}
	next = s.after(s.q.SkipActions(s.ctx, db.SkipActionsParams{GuildID: int64(guild), Lowest: from, Highest: last, N: extentPiece}))
	if next > 0 {
		last = next - 1
	}
	row, err := s.q.CountActions(s.ctx, db.CountActionsParams{GuildID: int64(guild), Lowest: from, Highest: last})
	s.ok("actions", err)
	return Extent(row), next
}

// AuditExtent is ActionExtent for a guild's audit rows up to a number, whatever they are about.
func (s *Snapshot) AuditExtent(guild snowflake.GuildID, last, from int64) (piece Extent, next int64) {
	if s.err != nil {
		return piece, 0
	}
	next = s.after(s.q.SkipAudit(s.ctx, db.SkipAuditParams{GuildID: int64(guild), Lowest: from, Highest: last, N: extentPiece}))
	if next > 0 {
		last = next - 1
	}
	row, err := s.q.CountAudit(s.ctx, db.CountAuditParams{GuildID: int64(guild), Lowest: from, Highest: last})
	s.ok("audit rows", err)
	return Extent(row), next
}

// after is what follows on rows that were skipped; 0 for nothing.
func (s *Snapshot) after(next int64, err error) int64 {
	if errors.Is(err, sql.ErrNoRows) {
		return 0
	}
	s.ok("what follows", err)
	return next
}

// ActionsBack gives an id of a guild's actions so that between it and the one before which the reading goes on lie at
// most so many, down to a first one.
func (s *Snapshot) ActionsBack(guild snowflake.GuildID, before, first int64, many int) int64 {
	if s.err != nil {
		return first
	}
	id := s.after(s.q.SkipActionsBack(s.ctx, db.SkipActionsBackParams{GuildID: int64(guild), Before: before, Lowest: first,
		N: int64(many)}))
	return max(id, first)
}
