package store

import (
	"slices"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// moveRoles writes who has which role from one list to another.
func (t *tx) moveRoles(guild, user int64, from, to []snowflake.RoleID) error {
	for _, role := range from {
		if slices.Contains(to, role) {
			continue
		}
		row := db.DeleteMemberRoleParams{GuildID: guild, RoleID: int64(role), UserID: user}
		if err := t.DeleteMemberRole(t.ctx, row); err != nil {
			return err
		}
	}
	for _, role := range to {
		if slices.Contains(from, role) {
			continue
		}
		row := db.PutMemberRoleParams{GuildID: guild, RoleID: int64(role), UserID: user}
		if err := t.PutMemberRole(t.ctx, row); err != nil {
			return err
		}
	}
	return nil
}

// loseRoles takes the Discord roles of a member who left.
func (t *tx) loseRoles(m *db.Member, at int64) error {
	row := db.ClearMemberRolesParams{At: at, GuildID: m.GuildID, UserID: m.UserID}
	if err := t.ClearMemberRoles(t.ctx, row); err != nil {
		return err
	}
	return t.moveRoles(m.GuildID, m.UserID, rolesOf(m.Roles), nil)
}
