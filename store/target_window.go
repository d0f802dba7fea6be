package store

import (
	"context"
	"time"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// sweepStep is how far one job moves the edge of a window.
const sweepStep = time.Hour

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
	if edge <= from || from == 0 {
		return false, nil
	}
	until := min(edge, from+sweepStep.Milliseconds())
	guild, err := t.NextTargetGuild(t.ctx, 0)
	for ; guild != 0 && err == nil; guild, err = t.NextTargetGuild(t.ctx, guild) {
		if err := t.subtractTargets(guild, days, from, until); err != nil {
			return false, err
		}
	}
	if err != nil {
		return false, err
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
		row := db.AddTargetParams{GuildID: guild, UserID: target, Week: -1}
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

// openWindows begins the windows of 7 and 30 days, seen from the first action.
func (t *tx) openWindows(at int64) error {
	m := &t.writer.memory
	m.weekEdge, m.monthEdge = at-weekDays*day.Milliseconds(), at-monthDays*day.Milliseconds()
	t.undo = append(t.undo, func() { m.weekEdge, m.monthEdge = 0, 0 })
	if err := t.PutEdge(t.ctx, db.PutEdgeParams{Days: weekDays, At: m.weekEdge}); err != nil {
		return err
	}
	return t.PutEdge(t.ctx, db.PutEdgeParams{Days: monthDays, At: m.monthEdge})
}
