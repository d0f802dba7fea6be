package bot

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

type wireRole struct {
	ID          id     `json:"id"`
	Name        string `json:"name"`
	Color       int    `json:"color"`
	Position    int    `json:"position"`
	Permissions bits   `json:"permissions"`
	Managed     bool   `json:"managed"`
}

func (r *wireRole) role() moderation.DiscordRole {
	return moderation.DiscordRole{
		ID: snowflake.RoleID(r.ID), Name: r.Name, Color: r.Color, Position: r.Position,
		Permissions: moderation.Permissions(r.Permissions), Managed: r.Managed,
	}
}

// roles are those of the guild. Every guild has one, so none means that the payload does not speak of them.
func (g *wireGuild) roles() []moderation.DiscordRole {
	var list []moderation.DiscordRole
	for i := range g.Roles {
		if r := &g.Roles[i]; r.ID != 0 {
			list = append(list, r.role())
		}
	}
	return list
}

func (g *wireGuild) permissions() map[snowflake.RoleID]moderation.Permissions {
	roles := make(map[snowflake.RoleID]moderation.Permissions, len(g.Roles))
	for _, r := range g.Roles {
		roles[snowflake.RoleID(r.ID)] = moderation.Permissions(r.Permissions)
	}
	return roles
}

// roleChange passes on a role that was made, changed or deleted, and what that means for the bot itself.
func (w *worker) roleChange(it item) error {
	var change struct {
		GuildID id       `json:"guild_id"`
		RoleID  id       `json:"role_id"` // of a deletion
		Role    wireRole `json:"role"`
	}
	if err := decode(it.payload, &change); err != nil || change.GuildID == 0 {
		return err
	}
	seen := moderation.RoleSeen{Origin: arrived(it, change.GuildID), Role: change.Role.role()}
	if it.kind == kindRoleDelete {
		seen.Role, seen.Deleted = moderation.DiscordRole{ID: snowflake.RoleID(change.RoleID)}, true
	}
	if seen.Role.ID == 0 {
		return nil
	}
	w.emit(seen)
	profile, v := w.guilds.role(seen.Origin, seen.Role)
	w.reseen(seen.Origin, profile, v)
	return nil
}

// reseen tells of a guild in which the bot may do other things than before; one of which too little is known is looked
// up.
func (w *worker) reseen(origin moderation.Origin, profile moderation.Guild, v verdict) {
	switch v {
	case verdictUnknown:
		w.scout.send(errand{guild: origin.Guild})
	case verdictChanged:
		w.emit(moderation.GuildSeen{Origin: origin, Profile: profile})
	}
}
