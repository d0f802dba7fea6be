package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// DueRaids lists the raids for which there is something to do, guild by guild. Asking in vain writes nothing.
func (s *Store) DueRaids(ctx context.Context, now time.Time) (list []raid.Work, err error) {
	guild, err := s.reads.NextRaidGuild(ctx, 0)
	for ; guild != 0 && err == nil; guild, err = s.reads.NextRaidGuild(ctx, guild) {
		rows, err := s.reads.ListRaidWork(ctx, db.ListRaidWorkParams{GuildID: guild, Now: msOf(now)})
		if err != nil {
			return nil, unreadable(err)
		}
		settings, err := s.reads.GetRaidSettings(ctx, guild)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, unreadable(err)
		}
		for i := range rows {
			r, err := raidOf(&rows[i])
			if err != nil {
				return nil, err
			}
			list = append(list, raid.Work{Raid: r, Channel: snowflake.ChannelID(settings.LogChannelID),
				Sweep: timeOf(rows[i].SweepAt), Due: timeOf(rows[i].WorkAt)})
		}
	}
	return list, unreadable(err)
}

// NoteRaid writes down what raid mode found and changes: its levers, what was refused, and who was told.
func (s *Store) NoteRaid(ctx context.Context, r raid.Raid) error {
	return s.write(ctx, func(t *tx) error {
		if err := t.SetRaidLevers(t.ctx, db.SetRaidLeversParams{Invites: leverText(r.Invites),
			Verification: leverText(r.Verification), Problem: r.Problem, ToldOn: bit(r.ToldOn), ToldOff: bit(r.ToldOff),
			Attempts: int64(r.Attempts), GuildID: int64(r.Guild), Number: r.Number}); err != nil {
			return err
		}
		return t.raidChanged(r.Guild, r.Number)
	})
}

// MoveRaid takes a raid from one state to the next, unless it has been moved meanwhile.
func (s *Store) MoveRaid(ctx context.Context, r raid.Raid, to raid.State) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.SetRaidState(t.ctx, db.SetRaidStateParams{After: string(to), GuildID: int64(r.Guild), Number: r.Number,
			Before: string(r.State)})
		if err != nil || n == 0 {
			return err
		}
		if to == raid.Over {
			return t.raidLine(&r, moderation.RaidOver, 0, r.Problem)
		}
		return t.raidChanged(r.Guild, r.Number)
	})
}

// CalmRaid ends a raid of which nothing was seen any more, unless something was meanwhile.
func (s *Store) CalmRaid(ctx context.Context, r raid.Raid) error {
	return s.write(ctx, func(t *tx) error {
		return t.endRaid(&r, deed{guild: r.Guild, actor: access.System(), action: "raid.off"}, raid.EndedCalm)
	})
}

// PutOffRaid says when there is something to do for a raid again, unless somebody has asked for more since it was listed;
// zero: never.
func (s *Store) PutOffRaid(ctx context.Context, w raid.Work, until time.Time) error {
	return s.write(ctx, func(t *tx) error {
		return t.SetRaidWork(t.ctx, db.SetRaidWorkParams{At: msOf(until), GuildID: int64(w.Guild), Number: w.Number,
			Seen: msOf(w.Due)})
	})
}

// SwitchRaidOn switches raid mode on for a person, or keeps it on for ten more minutes.
func (s *Store) SwitchRaidOn(ctx context.Context, grant access.Grant[access.SwitchRaidMode]) (r raid.Raid, err error) {
	d := deedOf(ctx, grant, "raid.on")
	err = s.write(ctx, func(t *tx) error {
		var known bool
		if r, known, err = t.newestRaid(d.guild); err != nil {
			return err
		}
		if !known || r.State == raid.Over {
			r, err = t.beginRaid(&raid.Report{Guild: d.guild}, raid.ByPerson, d)
			return err
		}
		if err := t.goOn(&r, t.writer.clock()); err != nil {
			return err
		}
		d.target = raidTarget(r.Number)
		if err := t.audit(d); err != nil {
			return err
		}
		return t.raidChanged(d.guild, r.Number)
	})
	return r, err
}

// SwitchRaidOff ends raid mode for a person: what it changed is put back. It answers a Conflict when it is off already.
func (s *Store) SwitchRaidOff(ctx context.Context, grant access.Grant[access.SwitchRaidMode]) (r raid.Raid, err error) {
	d := deedOf(ctx, grant, "raid.off")
	err = s.write(ctx, func(t *tx) error {
		if r, _, err = t.newestRaid(d.guild); err != nil {
			return err
		}
		if !r.On() {
			return fault.New(fault.Conflict, "Raid mode is off already.")
		}
		return t.endRaid(&r, d, raid.EndedByPerson)
	})
	return r, err
}

// endRaid begins to put back what a raid's raid mode changed.
func (t *tx) endRaid(r *raid.Raid, d deed, why string) error {
	now := msOf(t.writer.clock())
	n, err := t.SetRaidRestoring(t.ctx, db.SetRaidRestoringParams{Now: now, By: int64(d.actor.User()), Why: why,
		GuildID: int64(r.Guild), Number: r.Number, Seen: msOf(r.LastSign)})
	if err != nil || n == 0 {
		return err
	}
	r.State, r.Ended, r.EndedBy, r.EndedWhy = raid.Restoring, timeOf(now), d.actor.User(), why
	d.target, d.after = raidTarget(r.Number), map[string]string{"why": why}
	if err := t.audit(d); err != nil {
		return err
	}
	return t.raidLine(r, moderation.RaidOff, d.actor.User(), "")
}
