package store

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Standing gives what a person is in a guild, by what Discord told last and by what was given on the dashboard. It is
// empty for a bot, for whoever left, and in a guild that the bot is not in. A member who is timed out or has not passed
// the screening keeps theirs: Discord takes no role from them either. Known is false when the bot is in the guild but
// Discord has told nothing of that member since they came: ask Discord; what is answered is certain, but there may be
// more. A kept answer costs no query and no memory; it is shared, so nobody may change it.
func (s *Store) Standing(
	ctx context.Context, guild snowflake.GuildID, user snowflake.UserID,
) (standing access.Standing, known bool, err error) {
	found, err := s.rights.Get(ctx, rightsKey{Guild: guild, User: user})
	return found.Standing, found.known, err
}

func (s *Store) loadRights(ctx context.Context, who rightsKey) (found rights, err error) {
	err = s.Read(ctx, func(snapshot *Snapshot) {
		found.Standing, found.known = snapshot.standing(who.Guild, who.User)
	})
	return found, err
}

func (s *Snapshot) standing(guild snowflake.GuildID, user snowflake.UserID) (standing access.Standing, known bool) {
	if s.err != nil {
		return nil, false
	}
	row, err := s.q.FindStanding(s.ctx, db.FindStandingParams{GuildID: int64(guild), UserID: int64(user)})
	if !s.ok("standing", err) {
		return nil, s.err == nil
	}
	// Who owns a guild is in it, whatever else is known of them.
	owner := user != 0 && row.OwnerID == int64(user)
	told := row.Told != 0
	if !owner && (row.Present == 0 || told && row.Bot != 0) {
		return nil, row.Seen != 0
	}
	assigned, _ := access.ParseRole(row.Assigned)
	return access.Derive(access.Facts{
		Member: true, GuildOwner: owner, Assigned: assigned, Roles: s.rolesForRights(guild, row.Roles),
	}), owner || told
}

// rolesForRights gives the Discord roles in text, as rolesText writes them, and that of @everyone, as far as the guild
// still has them; the highest comes first.
func (s *Snapshot) rolesForRights(guild snowflake.GuildID, text string) []access.DiscordRole {
	rows, err := s.q.ListRolesForRights(s.ctx, db.ListRolesForRightsParams{
		GuildID: int64(guild), Ids: jsonIDs(append(rolesOf(text), everyone(guild))),
	})
	if !s.ok("roles of a member", err) {
		return nil
	}
	slices.SortFunc(rows, func(a, b db.ListRolesForRightsRow) int {
		return cmp.Or(cmp.Compare(b.Position, a.Position), cmp.Compare(a.RoleID, b.RoleID))
	})
	roles := make([]access.DiscordRole, len(rows))
	for i, row := range rows {
		mapped, _ := access.ParseRole(row.Mapped)
		roles[i] = access.DiscordRole{
			ID: snowflake.RoleID(row.RoleID), Administrator: administrates(row.Permissions), Mapped: mapped,
		}
	}
	return roles
}

// administrates says whether permissions make whoever has them an administrator.
func administrates(permissions int64) bool {
	return moderation.Permissions(permissions)&moderation.PermAdministrator != 0
}

// everyone is the id of @everyone, the role that each member of a guild has.
func everyone(guild snowflake.GuildID) snowflake.RoleID { return snowflake.RoleID(guild) }

// rolesOf reads what rolesText has written.
func rolesOf(text string) (roles []snowflake.RoleID) {
	_ = json.Unmarshal([]byte(text), &roles) // nothing but rolesText writes it
	return roles
}
