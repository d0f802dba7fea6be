package store

import (
	"context"
	"time"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

const (
	// sweepStep is how far an edge moves at a time: the rows of an hour fit into memory even in a raid.
	sweepStep = time.Hour
	// sweepWork is how many guilds one job looks into, and actions it subtracts: some 10 ms, so that nobody waits for
	// the sweep.
	sweepWork = 1000
)

// SweepWindows moves the windows of 7 and 30 days up to now: actions that have grown too old are subtracted from the
// counts of whom they were done to. A window begins with the bucket in which a moment so long ago lies, as periods of
// counters do, so that who broke rules adds up to how many were broken. Once a minute is often enough.
func (s *Store) SweepWindows(ctx context.Context, now time.Time) error {
	for _, days := range []int64{weekDays, monthDays} {
		edge := edgeOf(msOf(now), days)
		for done := false; !done; {
			if err := s.write(ctx, func(t *tx) (err error) {
				done,
					err = t.sweep(days, edge)
				return err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// edgeOf is where a window of so many days begins.
func edgeOf(now, days int64) int64 { return bucketOf(now) - days*day.Milliseconds() }

// sweep moves one window's edge towards where it shall be, and says whether it is there.
func (t *tx) sweep(days, edge int64) (done bool, err error) {
	kept := &t.writer.memory.weekEdge
	if days == monthDays {
		kept = &t.writer.memory.monthEdge
	}
	from := *kept
	if edge <= from || from == 0 {
		return true, nil
	}
	at := from
	for work := 0; at < edge && work < sweepWork; {
		until := min(edge, at+sweepStep.Milliseconds())
		n, err := t.subtract(days, at, until)
		if err != nil {
			return false, err
		}
		more, err := t.subtractOffenders(days, at, until)
		if err != nil {
			return false, err
		}
		if n += more; n == 0 {
			until = edge
		}
		at, work = until, work+n
	}
	// Later jobs of the same batch count by the new edge already.
	*kept = at
	t.undo = append(t.undo, func() { *kept = from })
	return at == edge, t.PutEdge(t.ctx, db.PutEdgeParams{Days: days, At: at})
}

// subtract takes the actions between two times out of a window, and says in how many guilds it looked and how many
// actions it subtracted: 0 when nobody is in the windows at all.
func (t *tx) subtract(days, from, until int64) (work int, err error) {
	guild, err := t.NextTargetGuild(t.ctx, 0)
	for ; guild != 0 && err == nil; guild, err = t.NextTargetGuild(t.ctx, guild) {
		targets, err := t.ListTargetsBetween(t.ctx,
			db.ListTargetsBetweenParams{GuildID: guild, Since: from, Until: until})
		if err != nil {
			return 0, err
		}
		for _, target := range targets {
			if err := t.subtractTarget(guild, target, days); err != nil {
				return 0, err
			}
		}
		if len(targets) > 0 {
			t.changed(MatterTargets, snowflake.GuildID(guild))
		}
		work += 1 + len(targets)
	}
	return work, err
}

func (t *tx) subtractTarget(guild, target, days int64) error {
	if days == weekDays {
		return t.AddTarget(t.ctx, db.AddTargetParams{GuildID: guild, UserID: target, Week: -1})
	}
	if err := t.AddTarget(t.ctx, db.AddTargetParams{GuildID: guild, UserID: target, Month: -1}); err != nil {
		return err
	}
	return t.DeleteIdleTarget(t.ctx, db.DeleteIdleTargetParams{GuildID: guild, UserID: target})
}

// openWindows begins the windows of 7 and 30 days, seen from the first action.
func (t *tx) openWindows(at int64) error {
	m := &t.writer.memory
	m.weekEdge, m.monthEdge = edgeOf(at, weekDays), edgeOf(at, monthDays)
	t.undo = append(t.undo, func() { m.weekEdge, m.monthEdge = 0, 0 })
	if err := t.PutEdge(t.ctx, db.PutEdgeParams{Days: weekDays, At: m.weekEdge}); err != nil {
		return err
	}
	return t.PutEdge(t.ctx, db.PutEdgeParams{Days: monthDays, At: m.monthEdge})
}
