package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// RaidMember is somebody who joined during a raid, or wrote what belonged to it.
type RaidMember struct {
	User     snowflake.UserID
	Joined   time.Time // during the raid; zero: was there before
	Messages int64     // how many of its clusters they wrote
	Left     time.Time // zero: still there
	Action   int64     // the kick or ban since the raid began, by whomever; 0: none
	Kind     moderation.ActionKind
	Outcome  moderation.Outcome
	Problem  string // why it failed
}

// Stands says whether the action is planned, under way or done, and was not taken back.
func (m *RaidMember) Stands() bool {
	return m.Outcome == moderation.OutcomePlanned || m.Outcome == moderation.OutcomeSent ||
		m.Outcome == moderation.OutcomeDone
}

// RaidCluster is a number of similar messages of a raid.
type RaidCluster struct {
	Text        string // of the first one; empty: it is not kept, or not any more
	Messages    int64
	First, Last time.Time
}

// Raid gives a raid of a guild.
func (s *Snapshot) Raid(guild snowflake.GuildID, number int64) (r raid.Raid, there bool) {
	if s.err != nil {
		return r, false
	}
	row, err := s.q.GetRaid(s.ctx, db.GetRaidParams{GuildID: int64(guild), Number: number})
	if !s.ok("raid", err) {
		return r, false
	}
	r, err = raidOf(&row)
	return r, s.ok("raid", err)
}

// NewestRaid gives a guild's newest raid: the one that is on, if one is.
func (s *Snapshot) NewestRaid(guild snowflake.GuildID) (r raid.Raid, there bool) {
	list := s.Raids(guild, 0, 1)
	if len(list) == 0 {
		return r, false
	}
	return list[0], true
}

// NewestRaid gives a guild's newest raid: the one that is on, if one is. Number 0: there was none.
func (s *Store) NewestRaid(ctx context.Context, guild snowflake.GuildID) (r raid.Raid, err error) {
	err = s.Read(ctx, func(now *Snapshot) { r, _ = now.NewestRaid(guild) })
	return r, err
}

// Raids lists at most so many of a guild's raids, the newest first, from before a number; 0: from the newest on.
func (s *Snapshot) Raids(guild snowflake.GuildID, before int64, most int) []raid.Raid {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListRaids(s.ctx,
		db.ListRaidsParams{GuildID: int64(guild), Before: cmp.Or(before, newest), Max: int64(most)})
	return s.raids(rows, err)
}

func (s *Snapshot) raids(rows []db.Raid, err error) []raid.Raid {
	s.ok("raids", err)
	list := make([]raid.Raid, 0, len(rows))
	for i := range rows {
		r, err := raidOf(&rows[i])
		if s.ok("raids", err) {
			list = append(list, r)
		}
	}
	return list
}

// RaidsIn lists at most so many of a guild's raids that were on in a span, the newest first.
func (s *Snapshot) RaidsIn(guild snowflake.GuildID, span Span, most int) []raid.Raid {
	if s.err != nil {
		return nil
	}
	since, until := span.ms()
	rows, err := s.q.ListRaidsIn(s.ctx,
		db.ListRaidsInParams{GuildID: int64(guild), Since: since, Until: until, Max: int64(most)})
	return s.raids(rows, err)
}

// RaidMembers lists whom a raid has, at most 500: those who joined first, in the order of their joining.
func (s *Snapshot) RaidMembers(r *raid.Raid) []RaidMember {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListRaidMembers(s.ctx, raidMembers(r))
	s.ok("members of a raid", err)
	list := make([]RaidMember, len(rows))
	for i := range rows {
		list[i] = raidMemberOf(&rows[i])
	}
	slices.SortStableFunc(list, func(a, b RaidMember) int {
		if a.Joined.IsZero() != b.Joined.IsZero() {
			return cmp.Compare(bit(a.Joined.IsZero()), bit(b.Joined.IsZero()))
		}
		return a.Joined.Compare(b.Joined)
	})
	return list
}

// raidLead is how long before a raid was noticed it began: what was done about its members counts from there.
const raidLead = 5 * time.Minute

func raidMembers(r *raid.Raid) db.ListRaidMembersParams {
	return db.ListRaidMembersParams{GuildID: int64(r.Guild), Raid: r.Number, Since: msOf(r.Started.Add(-raidLead))}
}

func raidMemberOf(row *db.ListRaidMembersRow) RaidMember {
	m := RaidMember{User: snowflake.UserID(row.UserID), Joined: timeOf(row.JoinedAt), Messages: row.Messages,
		Action: row.ActionID, Kind: moderation.ActionKind(row.Kind), Outcome: moderation.Outcome(row.Outcome),
		Problem: row.Problem}
	if row.MemberSince == 0 || row.LeftAt >= row.MemberSince {
		m.Left = timeOf(row.LeftAt)
	}
	return m
}

// RaidClusters lists the clusters of similar messages of a raid, the largest first.
func (s *Snapshot) RaidClusters(guild snowflake.GuildID, number int64) []RaidCluster {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListRaidClusters(s.ctx, db.ListRaidClustersParams{GuildID: int64(guild), Raid: number})
	s.ok("messages of a raid", err)
	list := make([]RaidCluster, len(rows))
	for i, row := range rows {
		list[i] = RaidCluster{Text: row.Text, Messages: row.Messages, First: timeOf(row.FirstAt), Last: timeOf(row.LastAt)}
	}
	slices.SortStableFunc(list, func(a, b RaidCluster) int { return cmp.Compare(b.Messages, a.Messages) })
	return list
}

func (t *tx) findRaid(guild snowflake.GuildID, number int64) (raid.Raid, error) {
	row, err := t.GetRaid(t.ctx, db.GetRaidParams{GuildID: int64(guild), Number: number})
	if errors.Is(err, sql.ErrNoRows) {
		return raid.Raid{}, errNoRaid()
	} else if err != nil {
		return raid.Raid{}, err
	}
	return raidOf(&row)
}
