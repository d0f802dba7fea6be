package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

const (
	// sweepTime is how long bans wait to be asked for together before they are asked for one by one.
	sweepTime = 20 * time.Second
	// leastSweep is from how many bans on it is worth while, and mostSweep how many Discord takes in one request.
	leastSweep = 2
	mostSweep  = 200
)

// ActOnRaid plans a kick or a ban of many members of a raid, and says of how many: whoever it was planned for already, or
// done to, is left out. It answers a *fault.Error: NotFound, Invalid for another kind, Conflict where nobody is left.
func (s *Store) ActOnRaid(
	ctx context.Context, grant access.Grant[access.ActOnMembers], order raid.Order,
) (planned int, err error) {
	d := deedOf(ctx, grant, "raid."+string(order.Kind))
	if order.Kind != moderation.ActionKick && order.Kind != moderation.ActionBan {
		return 0, fault.New(fault.Invalid, "Choose whether to kick or to ban.")
	}
	err = s.write(ctx, func(t *tx) error { planned, err = t.actOnRaid(d, &order); return err })
	return planned, err
}

func (t *tx) actOnRaid(d deed, o *raid.Order) (planned int, err error) {
	r, err := t.findRaid(d.guild, o.Raid)
	if err != nil {
		return 0, err
	}
	rows, err := t.ListRaidMembers(t.ctx, raidMembers(&r))
	if err != nil {
		return 0, err
	}
	now := t.writer.clock()
	var ids []int64
	for i := range rows {
		row := raidMemberOf(&rows[i])
		if !slices.Contains(o.Users, row.User) || row.Kind == o.Kind && row.Stands() {
			continue
		}
		id, err := t.plan(plan{guild: d.guild, kind: o.Kind, source: o.Source, target: row.User, actor: d.actor.User(),
			reason: fmt.Sprintf("Raid %d", o.Raid), priority: orderPriority})
		if err != nil {
			return 0, err
		}
		if err := t.SetRaidMemberAction(t.ctx, db.SetRaidMemberActionParams{ActionID: id, GuildID: int64(d.guild),
			Raid: o.Raid, UserID: int64(row.User)}); err != nil {
			return 0, err
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return 0, fault.New(fault.Conflict, "This was done already. Nothing was done a second time.")
	}
	if o.Kind == moderation.ActionBan && len(ids) >= leastSweep {
		if err := t.gatherBans(d.guild, o.Raid, ids, now); err != nil {
			return 0, err
		}
	}
	d.target, d.after = raidTarget(o.Raid), map[string]int{"members": len(ids)}
	if err := t.audit(d); err != nil {
		return 0, err
	}
	return len(ids), t.raidChanged(d.guild, o.Raid)
}

// gatherBans lets bans wait a moment, so that Discord can be asked for all of them at once.
func (t *tx) gatherBans(guild snowflake.GuildID, number int64, ids []int64, now time.Time) error {
	for _, id := range ids {
		if err := t.SetErrandDue(t.ctx, db.SetErrandDueParams{DueAt: msOf(now.Add(sweepTime)), GuildID: int64(guild),
			ActionID: id}); err != nil {
			return err
		}
	}
	return t.SetRaidSweep(t.ctx, db.SetRaidSweepParams{Now: msOf(now), GuildID: int64(guild), Number: number})
}

// TakeSweep gives at most 200 bans of a raid that Discord was not asked for yet, and marks them as sent. Each is settled
// like any errand.
func (s *Store) TakeSweep(ctx context.Context, w raid.Work) (errands []moderation.Errand, err error) {
	err = s.write(ctx, func(t *tx) error {
		errands = nil
		ids, err := t.ListRaidSweep(t.ctx,
			db.ListRaidSweepParams{GuildID: int64(w.Guild), Raid: w.Number, Max: mostSweep})
		if err != nil {
			return err
		}
		now := t.writer.clock()
		due := make([]db.ListDueRow, len(ids))
		for i, id := range ids {
			due[i] = db.ListDueRow{GuildID: int64(w.Guild), ActionID: id}
			if err := t.MakeDue(t.ctx,
				db.MakeDueParams{Now: msOf(now), GuildID: int64(w.Guild), ActionID: id}); err != nil {
				return err
			}
		}
		errands, err = t.take(now, due)
		if err == nil && len(errands) == 0 {
			err = t.EndRaidSweep(t.ctx,
				db.EndRaidSweepParams{GuildID: int64(w.Guild), Number: w.Number, Since: msOf(w.Sweep)})
		}
		return err
	})
	return errands, err
}

// LeaveSweep gives back what TakeSweep took: from now on Discord is asked for one after the other.
func (s *Store) LeaveSweep(ctx context.Context, w raid.Work, errands []moderation.Errand) error {
	return s.write(ctx, func(t *tx) error {
		now := msOf(t.writer.clock())
		for _, e := range errands {
			if err := t.MakeDue(t.ctx,
				db.MakeDueParams{Now: now, GuildID: int64(e.Guild), ActionID: e.Action}); err != nil {
				return err
			}
		}
		return t.EndRaidSweep(t.ctx,
			db.EndRaidSweepParams{GuildID: int64(w.Guild), Number: w.Number, Since: msOf(w.Sweep)})
	})
}
