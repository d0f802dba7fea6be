package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

const (
	// mostRaidMembers and mostRaidClusters are how many members and clusters of messages are kept of one raid.
	mostRaidMembers  = 500
	mostRaidClusters = 20
)

// SeeRaid records what was noticed in a guild. Under the guild's preset it begins a raid, keeps one going, or is nothing;
// while a wave of newcomers is expected, it is noted as one that never began. It gives the guild's raid if raid mode is
// on.
func (s *Store) SeeRaid(ctx context.Context, report raid.Report) (r raid.Raid, on bool, err error) {
	err = s.write(ctx, func(t *tx) error { r, on, err = t.seeRaid(&report); return err })
	return r, on, err
}

func (t *tx) seeRaid(report *raid.Report) (r raid.Raid, on bool, err error) {
	settings, err := t.GetRaidSettings(t.ctx, int64(report.Guild))
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	} else if err != nil {
		return r, false, err
	}
	r, known, err := t.newestRaid(report.Guild)
	if err != nil {
		return r, false, err
	}
	known = known && r.State != raid.Over
	chosen := raid.Settings{Preset: raid.Preset(settings.RaidPreset), Expected: timeOf(settings.RaidExpectedUntil)}
	trigger, sets := chosen.Sets(report.Triggers)
	switch {
	case known && sets:
		err = t.goOn(&r, report.At)
	case known && r.On():
	case !sets:
		return r, false, nil
	case t.writer.clock().Before(chosen.Expected):
		r, err = t.expectedRaid(report, trigger)
	default:
		r, err = t.beginRaid(report, trigger, deed{guild: report.Guild, actor: access.System(), action: "raid.on"})
	}
	if err == nil {
		err = t.joinRaid(&r, report, settings.KeepTextDays > 0)
	}
	return r, r.On(), err
}

// beginRaid switches raid mode on.
func (t *tx) beginRaid(report *raid.Report, trigger raid.Trigger, d deed) (raid.Raid, error) {
	now := t.writer.clock()
	r := raid.Raid{Guild: d.guild, Trigger: trigger, NewJoins: report.NewJoins, AllJoins: report.AllJoins, Started: now,
		By: d.actor.User(), LastSign: now, State: raid.Planned}
	if err := t.insertRaid(&r, now); err != nil {
		return r, err
	}
	d.target, d.after = raidTarget(r.Number), map[string]string{"trigger": string(trigger)}
	if err := t.audit(d); err != nil {
		return r, err
	}
	return r, t.raidLine(&r, moderation.RaidOn, d.actor.User(), r.Cause())
}

// expectedRaid notes that there would have been a raid; several signs within the calm of one are one.
func (t *tx) expectedRaid(report *raid.Report, trigger raid.Trigger) (raid.Raid, error) {
	r, known, err := t.newestRaid(report.Guild)
	if err != nil || known && r.EndedWhy == raid.EndedExpected && report.At.Before(r.Until()) {
		if err == nil {
			err = t.SetRaidSign(t.ctx, db.SetRaidSignParams{At: msOf(report.At), GuildID: int64(r.Guild), Number: r.Number})
		}
		return r, err
	}
	now := t.writer.clock()
	r = raid.Raid{Guild: report.Guild, Trigger: trigger, NewJoins: report.NewJoins, AllJoins: report.AllJoins, Started: now,
		LastSign: now, State: raid.Over, Ended: now, EndedWhy: raid.EndedExpected}
	if err := t.insertRaid(&r, time.Time{}); err != nil {
		return r, err
	}
	return r, t.raidLine(&r, moderation.RaidExpected, 0, r.Cause())
}

func (t *tx) insertRaid(r *raid.Raid, work time.Time) error {
	newest, _, err := t.newestRaid(r.Guild)
	if err != nil {
		return err
	}
	r.Number = newest.Number + 1
	r.Invites, r.Verification = raid.Lever{State: raid.Open}, raid.Lever{State: raid.Open}
	if r.State == raid.Over {
		r.Invites.State, r.Verification.State = raid.Spared, raid.Spared
	}
	return t.InsertRaid(t.ctx, db.InsertRaidParams{GuildID: int64(r.Guild), Number: r.Number, Trigger: string(r.Trigger),
		NewJoins: int64(r.NewJoins), AllJoins: int64(r.AllJoins), StartedAt: msOf(r.Started), StartedBy: int64(r.By),
		LastSignAt: msOf(r.LastSign), State: string(r.State), EndedAt: msOf(r.Ended), EndedWhy: r.EndedWhy,
		Invites: leverText(r.Invites), Verification: leverText(r.Verification), WorkAt: msOf(work)})
}

// goOn notes one more sign of a raid. What was being restored is raised again.
func (t *tx) goOn(r *raid.Raid, at time.Time) error {
	if at.After(r.LastSign) {
		r.LastSign = at
	}
	if err := t.SetRaidSign(t.ctx,
		db.SetRaidSignParams{At: msOf(at), GuildID: int64(r.Guild), Number: r.Number}); err != nil {
		return err
	}
	if r.On() {
		return nil
	}
	r.State = raid.Planned
	if err := t.SetRaidAgain(t.ctx, db.SetRaidAgainParams{Now: msOf(t.writer.clock()), GuildID: int64(r.Guild),
		Number: r.Number}); err != nil {
		return err
	}
	d := deed{guild: r.Guild, actor: access.System(), action: "raid.on", target: raidTarget(r.Number)}
	if err := t.audit(d); err != nil {
		return err
	}
	return t.raidLine(r, moderation.RaidOn, 0, r.Cause())
}

// joinRaid keeps who and what belongs to a raid, up to its limits.
func (t *tx) joinRaid(r *raid.Raid, report *raid.Report, keepText bool) error {
	if len(report.Joins)+len(report.Clusters) == 0 {
		return nil
	}
	guild := int64(r.Guild)
	members, err := t.ListRaidMemberIDs(t.ctx, db.ListRaidMemberIDsParams{GuildID: guild, Raid: r.Number})
	if err != nil {
		return err
	}
	clusters, err := t.ListRaidClusterKeys(t.ctx, db.ListRaidClusterKeysParams{GuildID: guild, Raid: r.Number})
	if err != nil {
		return err
	}
	kept, known := room(members, mostRaidMembers), room(clusters, mostRaidClusters)
	for _, j := range report.Joins {
		if kept(int64(j.User)) {
			err = errors.Join(err, t.AddRaidMember(t.ctx, db.AddRaidMemberParams{GuildID: guild, Raid: r.Number,
				UserID: int64(j.User), JoinedAt: msOf(j.At)}))
		}
	}
	for _, c := range report.Clusters {
		if !known(c.Key) {
			continue
		}
		p := db.AddRaidClusterParams{GuildID: guild, Raid: r.Number, Cluster: c.Key, FirstAt: msOf(c.First), LastAt: msOf(c.Last)}
		for _, wrote := range c.By {
			p.Messages += int64(wrote.Messages)
			if kept(int64(wrote.User)) {
				err = errors.Join(err, t.AddRaidMember(t.ctx, db.AddRaidMemberParams{GuildID: guild, Raid: r.Number,
					UserID: int64(wrote.User), Messages: int64(wrote.Messages)}))
			}
		}
		if keepText {
			p.Text = c.Text
		}
		err = errors.Join(err, t.AddRaidCluster(t.ctx, p))
	}
	return errors.Join(err, t.raidChanged(r.Guild, r.Number))
}

// room says of one after the other whether it is among the first most that are kept.
func room(there []int64, most int) func(int64) bool {
	kept := make(map[int64]bool, len(there))
	for _, one := range there {
		kept[one] = true
	}
	return func(one int64) bool {
		if !kept[one] && len(kept) < most {
			kept[one] = true
		}
		return kept[one]
	}
}

func (t *tx) newestRaid(guild snowflake.GuildID) (r raid.Raid, known bool, err error) {
	row, err := t.GetNewestRaid(t.ctx, int64(guild))
	if errors.Is(err, sql.ErrNoRows) {
		return raid.Raid{}, false, nil
	} else if err != nil {
		return raid.Raid{}, false, err
	}
	r, err = raidOf(&row)
	return r, true, err
}

// raidLine is a line of the feed about a raid.
func (t *tx) raidLine(r *raid.Raid, label string, by snowflake.UserID, detail string) error {
	t.changed(MatterRaids, r.Guild)
	return t.announce(moderation.Change{Guild: r.Guild, At: t.writer.clock(), Kind: moderation.ChangeRaid, Ref: r.Number,
		Actor: by, Label: label, Detail: detail})
}

// raidChanged tells pages that show a raid that there is more to show. It is no line of the feed.
func (t *tx) raidChanged(guild snowflake.GuildID, number int64) error {
	t.changed(MatterRaids, guild)
	return t.announce(moderation.Change{Guild: guild, At: t.writer.clock(), Kind: moderation.ChangeRaidChanged, Ref: number})
}

func raidTarget(number int64) string { return fmt.Sprintf("raid:%d", number) }

func errNoRaid() error { return fault.New(fault.NotFound, "There is no such raid here.") }

func raidOf(row *db.Raid) (raid.Raid, error) {
	r := raid.Raid{
		Guild: snowflake.GuildID(row.GuildID), Number: row.Number, Trigger: raid.Trigger(row.Trigger),
		NewJoins: int(row.NewJoins), AllJoins: int(row.AllJoins), Started: timeOf(row.StartedAt),
		By: snowflake.UserID(row.StartedBy), LastSign: timeOf(row.LastSignAt), State: raid.State(row.State),
		Ended: timeOf(row.EndedAt), EndedBy: snowflake.UserID(row.EndedBy), EndedWhy: row.EndedWhy, Problem: row.Problem,
		ToldOn: row.ToldOn != 0, ToldOff: row.ToldOff != 0, Attempts: int(row.Attempts),
	}
	if err := errors.Join(json.Unmarshal([]byte(row.Invites), &r.Invites),
		json.Unmarshal([]byte(row.Verification), &r.Verification)); err != nil {
		return r, fmt.Errorf("store: raid %d of guild %d cannot be read: %w", row.Number, row.GuildID, err)
	}
	return r, nil
}

func leverText(l raid.Lever) string {
	text, _ := json.Marshal(l) // four plain fields: it cannot fail
	return string(text)
}
