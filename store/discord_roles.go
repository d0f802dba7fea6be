package store

import (
	"cmp"
	"context"
	"slices"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// SeeRole notes a Discord role that was made, changed or deleted. An older event than what is known changes nothing.
func (s *Store) SeeRole(ctx context.Context, e moderation.RoleSeen) error {
	return s.write(ctx, func(t *tx) error {
		known, err := t.discordRoles(e.Guild)
		if err != nil {
			return err
		}
		if e.Deleted {
			return t.loseRole(known[e.Role.ID], msOf(e.At))
		}
		return t.seeRole(e.Guild, known[e.Role.ID], e.Role, msOf(e.At))
	})
}

// seeRoles notes all Discord roles that a guild has: others that are known are gone.
func (t *tx) seeRoles(guild snowflake.GuildID, roles []moderation.DiscordRole, at int64) error {
	known, err := t.discordRoles(guild)
	if err != nil {
		return err
	}
	for _, role := range roles {
		if err := t.seeRole(guild, known[role.ID], role, at); err != nil {
			return err
		}
		delete(known, role.ID)
	}
	for _, gone := range known {
		if err := t.loseRole(gone, at); err != nil {
			return err
		}
	}
	return nil
}

// seeRole notes one role; known is its row, zero where there is none.
func (t *tx) seeRole(guild snowflake.GuildID, known db.DiscordRole, role moderation.DiscordRole, at int64) error {
	row := db.DiscordRole{
		GuildID: int64(guild), RoleID: int64(role.ID), Name: role.Name, Color: int64(role.Color),
		Position: int64(role.Position), Permissions: int64(role.Permissions), Managed: bit(role.Managed),
		UpdatedAt: known.UpdatedAt,
	}
	if row == known || at < known.UpdatedAt {
		return nil
	}
	row.UpdatedAt = at
	if known.RoleID == 0 || known.Position != row.Position ||
		administrates(known.Permissions) != administrates(row.Permissions) {
		t.changedRights(guild, 0)
	}
	return t.PutDiscordRole(t.ctx, db.PutDiscordRoleParams(row))
}

func (t *tx) loseRole(known db.DiscordRole, at int64) error {
	if known.RoleID == 0 || at < known.UpdatedAt {
		return nil
	}
	t.changedRights(snowflake.GuildID(known.GuildID), 0)
	return t.DeleteDiscordRole(t.ctx, db.DeleteDiscordRoleParams{GuildID: known.GuildID, RoleID: known.RoleID})
}

func (t *tx) discordRoles(guild snowflake.GuildID) (map[snowflake.RoleID]db.DiscordRole, error) {
	rows, err := t.ListDiscordRoles(t.ctx, int64(guild))
	known := make(map[snowflake.RoleID]db.DiscordRole, len(rows))
	for _, row := range rows {
		known[snowflake.RoleID(row.RoleID)] = row
	}
	return known, err
}

// DiscordRoles lists a guild's roles in Discord, the highest first; that of @everyone is the last.
func (s *Snapshot) DiscordRoles(guild snowflake.GuildID) []moderation.DiscordRole {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListDiscordRoles(s.ctx, int64(guild))
	s.ok("Discord roles", err)
	list := make([]moderation.DiscordRole, len(rows))
	for i, row := range rows {
		list[i] = moderation.DiscordRole{
			ID: snowflake.RoleID(row.RoleID), Name: row.Name, Color: int(row.Color), Position: int(row.Position),
			Permissions: moderation.Permissions(row.Permissions), Managed: row.Managed != 0,
		}
	}
	slices.SortFunc(list, func(a, b moderation.DiscordRole) int {
		return cmp.Or(cmp.Compare(b.Position, a.Position), cmp.Compare(a.ID, b.ID))
	})
	return list
}
