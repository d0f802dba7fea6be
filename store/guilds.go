package store

import (
	"context"
	"database/sql"
	"errors"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// SeeGuild notes a guild that the bot is in, with its Discord roles and channels where the event has them. It announces
// a guild that is new, and one that Discord could not reach before.
func (s *Store) SeeGuild(ctx context.Context, e moderation.GuildSeen) error {
	return s.write(ctx, func(t *tx) error { return t.seeGuild(e) })
}

// LoseGuild notes that the bot was removed from a guild, or that Discord cannot reach it.
func (s *Store) LoseGuild(ctx context.Context, e moderation.GuildLost) error {
	return s.write(ctx, func(t *tx) error { return t.loseGuild(e) })
}

func (t *tx) seeGuild(e moderation.GuildSeen) error {
	g, err := t.GetGuild(t.ctx, int64(e.Guild))
	known := !errors.Is(err, sql.ErrNoRows)
	if known && err != nil {
		return err
	}
	at := msOf(e.At)
	gone := g.LeftAt != 0
	if known && (at < g.UpdatedAt || gone && at <= g.LeftAt) {
		return nil
	}
	joined := msOf(e.Profile.JoinedAt)
	switch {
	case joined != 0:
	case known && !gone:
		joined = g.JoinedAt
	default:
		joined = at
	}
	if err := t.PutGuild(t.ctx, db.PutGuildParams{
		GuildID: int64(e.Guild), Name: e.Profile.Name, Icon: e.Profile.Icon, OwnerID: int64(e.Profile.Owner),
		MemberCount: int64(e.Profile.Members), Permissions: int64(e.Profile.Permissions), JoinedAt: joined,
		UpdatedAt: at,
	}); err != nil {
		return err
	}
	if known && !gone && g.JoinedAt != joined {
		// The bot was removed and came back while guildwatch was not looking.
		if err := t.endStay(g.GuildID, g.JoinedAt, joined); err != nil {
			return err
		}
	}
	if err := t.PutStay(t.ctx, db.PutStayParams{GuildID: int64(e.Guild), JoinedAt: joined}); err != nil {
		return err
	}
	if !known || gone || g.OwnerID != int64(e.Profile.Owner) {
		t.changedRights(e.Guild, 0)
	}
	if e.Roles != nil {
		if err := t.seeRoles(e.Guild, e.Roles, at); err != nil {
			return err
		}
	}
	if e.Channels != nil {
		if err := t.seeChannels(e.Guild, e.Channels, at); err != nil {
			return err
		}
	}
	t.config(e.Guild)
	t.changed(MatterStays, e.Guild)
	switch {
	case !known, gone:
		return t.guildChanged(e.Guild, e.Origin, moderation.GuildJoined)
	case g.OutageSince != 0:
		if err := t.recordGap(moderation.Gap{Guild: e.Guild, From: timeOf(g.OutageSince), To: e.At,
			Reason: "Discord could not reach the server"}); err != nil {
			return err
		}
		return t.guildChanged(e.Guild, e.Origin, moderation.GuildBack)
	}
	return nil
}

func (t *tx) loseGuild(e moderation.GuildLost) error {
	g, err := t.GetGuild(t.ctx, int64(e.Guild))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	at := msOf(e.At)
	if err != nil || g.LeftAt != 0 || at < g.UpdatedAt {
		return err
	}
	t.config(e.Guild)
	t.changed(MatterStays, e.Guild)
	if e.Outage {
		if g.OutageSince != 0 {
			return nil
		}
		row := db.SetGuildOutageParams{OutageSince: at, UpdatedAt: at, GuildID: g.GuildID}
		if err := t.SetGuildOutage(t.ctx, row); err != nil {
			return err
		}
		return t.guildChanged(e.Guild, e.Origin, moderation.GuildOutage)
	}
	t.changedRights(e.Guild, 0)
	if err := t.SetGuildLeft(t.ctx, db.SetGuildLeftParams{LeftAt: at, UpdatedAt: at, GuildID: g.GuildID}); err != nil {
		return err
	}
	if err := t.endStay(g.GuildID, g.JoinedAt, at); err != nil {
		return err
	}
	if err := t.loseMembers(e.Guild, at); err != nil {
		return err
	}
	return t.guildChanged(e.Guild, e.Origin, moderation.GuildLeft)
}

// loseMembers marks everybody in a guild as gone: whom the bot no longer sees is no active member of it.
func (t *tx) loseMembers(guild snowflake.GuildID, at int64) error {
	present, err := t.ListPresentMembers(t.ctx, int64(guild))
	if err != nil {
		return err
	}
	if err := t.LeaveAllMembers(t.ctx, db.LeaveAllMembersParams{LeftAt: at, GuildID: int64(guild)}); err != nil {
		return err
	}
	for _, m := range present {
		if m.LastActiveAt == 0 {
			continue
		}
		if err := t.recount(m.UserID); err != nil {
			return err
		}
	}
	t.after = append(t.after, func() {
		for who := range t.writer.memory.present {
			if who.Guild == guild {
				delete(t.writer.memory.present, who)
			}
		}
	})
	return nil
}

func (t *tx) endStay(guild, joined, left int64) error {
	return t.EndStay(t.ctx, db.EndStayParams{LeftAt: left, GuildID: guild, JoinedAt: joined})
}

func (t *tx) guildChanged(guild snowflake.GuildID, origin moderation.Origin, label string) error {
	return t.announce(moderation.Change{Guild: guild, At: origin.At, Kind: moderation.ChangeGuild, Label: label})
}
