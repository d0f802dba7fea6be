package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// SeeMembers notes members of a guild as Discord lists them. Only what is new or different is written.
func (s *Store) SeeMembers(ctx context.Context, guild snowflake.GuildID, members []moderation.Member) error {
	return s.write(ctx, func(t *tx) error {
		now := s.now()
		for i := range members {
			if err := t.seeMember(guild, &members[i], now); err != nil {
				return err
			}
		}
		return nil
	})
}

// SeeMember notes one member, as Discord described them when it was asked at asOf. Whatever is known to have happened
// since, such as that they left, stands.
func (s *Store) SeeMember(
	ctx context.Context, guild snowflake.GuildID, member moderation.Member, asOf time.Time,
) error {
	return s.write(ctx, func(t *tx) error { return t.seeMember(guild, &member, msOf(asOf)) })
}

// ChangeMember notes a member's new name, roles or timeout.
func (s *Store) ChangeMember(ctx context.Context, e moderation.MemberChanged) error {
	return s.write(ctx, func(t *tx) error { return t.seeMember(e.Guild, &e.Member, msOf(e.At)) })
}

// Join records that a member came.
func (s *Store) Join(ctx context.Context, e moderation.MemberJoined) (fresh bool, err error) {
	err = s.write(ctx, func(t *tx) error { fresh, err = t.join(e); return err })
	return fresh, err
}

// Leave records that a member left, was kicked or banned.
func (s *Store) Leave(ctx context.Context, e moderation.MemberLeft) (fresh bool, err error) {
	err = s.write(ctx, func(t *tx) error { fresh, err = t.leave(e); return err })
	return fresh, err
}

// LoseMember notes that somebody is not in a guild, as Discord answered to a question that was asked at that time. What
// was told of them since stands. It is no leave that is counted: when they left is not known.
func (s *Store) LoseMember(
	ctx context.Context, guild snowflake.GuildID, user snowflake.UserID, asked time.Time,
) error {
	at := msOf(asked)
	return s.write(ctx, func(t *tx) error {
		m, err := t.member(guild, user)
		// Nothing was told since they left by themselves; whoever left with the guild may have been given a role before.
		untold := m.LeftAt != 0 && max(m.LeftAt, m.UpdatedAt) <= m.LastLeave
		if err != nil || untold || at < max(m.UpdatedAt, m.LastJoin) {
			return err
		}
		return t.gone(m, at)
	})
}

// seeMember notes a member who is in the guild at a time.
func (t *tx) seeMember(guild snowflake.GuildID, who *moderation.Member, at int64) error {
	if err := t.putUser(who.User, at); err != nil {
		return err
	}
	m, err := t.GetMember(t.ctx, db.GetMemberParams{GuildID: int64(guild), UserID: int64(who.ID)})
	if errors.Is(err, sql.ErrNoRows) {
		m, err = db.Member{GuildID: int64(guild), UserID: int64(who.ID), Roles: "[]"}, nil
	}
	if err == nil {
		err = t.putMember(&m, who, at)
	}
	if err != nil || m.LeftAt == 0 || at <= m.LeftAt {
		return err
	}
	m.LeftAt = 0
	t.changedRights(guild, who.ID)
	if err := t.putPresence(m); err != nil || m.LastActiveAt == 0 {
		return err
	}
	return t.recount(m.UserID)
}

func (t *tx) join(e moderation.MemberJoined) (fresh bool, err error) {
	at, joined := msOf(e.At), msOf(e.Member.JoinedAt)
	if joined == 0 {
		joined = at
	}
	m, err := t.member(e.Guild, e.Member.ID)
	if err != nil || joined <= m.LastJoin {
		return false, err
	}
	if err := t.putUser(e.Member.User, at); err != nil {
		return false, err
	}
	if err := t.putMember(&m, &e.Member, at); err != nil {
		return false, err
	}
	t.changedRights(e.Guild, e.Member.ID)
	m.LastJoin = joined
	back := m.LeftAt != 0 && joined >= m.LeftAt
	if back {
		m.LeftAt = 0
	}
	if err := t.putPresence(m); err != nil {
		return false, err
	}
	if !e.Member.Bot {
		err = t.activeMember(m, at)
	} else if back {
		err = t.recount(m.UserID)
	}
	if err != nil {
		return false, err
	}
	return true, t.moved(e.Guild, e.Member.ID, at, moderation.ChangeJoin)
}

func (t *tx) leave(e moderation.MemberLeft) (fresh bool, err error) {
	at := msOf(e.At)
	m, err := t.member(e.Guild, e.User.ID)
	if err != nil || at <= m.LastLeave || at < m.LastJoin {
		return false, err
	}
	if err := t.putUser(e.User, at); err != nil {
		return false, err
	}
	if err := t.gone(m, at); err != nil {
		return false, err
	}
	return true, t.moved(e.Guild, e.User.ID, at, moderation.ChangeLeave)
}

// gone notes that a member is in the guild no more since a time.
func (t *tx) gone(m db.Member, at int64) error {
	m.LastLeave, m.LeftAt = at, at
	if err := t.putPresence(m); err != nil {
		return err
	}
	if err := t.loseRoles(&m, at); err != nil {
		return err
	}
	who := moderation.Presence{Guild: snowflake.GuildID(m.GuildID), User: snowflake.UserID(m.UserID)}
	t.changedRights(who.Guild, who.User)
	t.after = append(t.after, func() { delete(t.writer.memory.present, who) })
	if m.LastActiveAt == 0 {
		return nil
	}
	return t.recount(m.UserID)
}

// moved counts and announces that a member came or went.
func (t *tx) moved(guild snowflake.GuildID, user snowflake.UserID, at int64, kind moderation.ChangeKind) error {
	add, members := db.AddActivityParams{Joins: 1}, int64(1)
	if kind == moderation.ChangeLeave {
		add, members = db.AddActivityParams{Leaves: 1}, -1
	}
	if err := t.count(guild, at, add); err != nil {
		return err
	}
	t.config(guild)
	if err := t.AddGuildMembers(t.ctx, db.AddGuildMembersParams{N: members, GuildID: int64(guild)}); err != nil {
		return err
	}
	return t.announce(moderation.Change{Guild: guild, At: timeOf(at), Kind: kind, User: user})
}

// member gives a member's row, making one for somebody of whom only the id is known.
func (t *tx) member(guild snowflake.GuildID, user snowflake.UserID) (db.Member, error) {
	key := db.GetMemberParams{GuildID: int64(guild), UserID: int64(user)}
	m, err := t.GetMember(t.ctx, key)
	if !errors.Is(err, sql.ErrNoRows) {
		return m, err
	}
	t.changedRights(guild, user)
	m = db.Member{GuildID: key.GuildID, UserID: key.UserID, Roles: "[]"}
	return m, t.EnsureMember(t.ctx, db.EnsureMemberParams(key))
}

// putMember writes what is new about a member; m is the row, zero but for its key where there is none.
func (t *tx) putMember(m *db.Member, who *moderation.Member, at int64) error {
	fresh := m.UpdatedAt <= m.LastLeave // nothing was told since they came
	if at < m.UpdatedAt || !fresh && !differs(m, who) {
		return nil
	}
	if fresh || m.Roles != rolesText(who.Roles) || m.JoinedAt != msOf(who.JoinedAt) {
		t.changedRights(snowflake.GuildID(m.GuildID), who.ID)
		if err := t.moveRoles(m.GuildID, m.UserID, rolesOf(m.Roles), who.Roles); err != nil {
			return err
		}
	}
	return t.PutMember(t.ctx, db.PutMemberParams{
		GuildID: m.GuildID, UserID: m.UserID, Nick: who.Nick, Roles: rolesText(who.Roles),
		JoinedAt: msOf(who.JoinedAt), TimeoutUntil: msOf(who.TimeoutUntil), UpdatedAt: at,
	})
}

func (t *tx) putPresence(m db.Member) error {
	return t.SetMemberPresence(t.ctx, db.SetMemberPresenceParams{
		LeftAt: m.LeftAt, LastActiveAt: m.LastActiveAt, LastJoin: m.LastJoin, LastLeave: m.LastLeave,
		GuildID: m.GuildID, UserID: m.UserID,
	})
}

func differs(m *db.Member, who *moderation.Member) bool {
	joined := msOf(who.JoinedAt)
	return m.Nick != who.Nick || m.TimeoutUntil != msOf(who.TimeoutUntil) || joined != 0 && m.JoinedAt != joined ||
		m.Roles != rolesText(who.Roles)
}

// rolesText writes role ids as a JSON array of strings in ascending order: Discord lists the same roles in changing
// order.
func rolesText(roles []snowflake.RoleID) string {
	text := []byte{'['}
	for i, role := range slices.Sorted(slices.Values(roles)) {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, '"')
		text = strconv.AppendInt(text, int64(role), 10)
		text = append(text, '"')
	}
	return string(append(text, ']'))
}
