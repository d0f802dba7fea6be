package discordsim

import "guildwatch/internal/snowflake"

// roleBody is what a client may say of a role.
type roleBody struct {
	Name        *string      `json:"name"`
	Permissions *Permissions `json:"permissions"`
	Color       *int         `json:"color"`
	Hoist       *bool        `json:"hoist"`
	Mentionable *bool        `json:"mentionable"`
}

func (p roleBody) apply(r *Role) {
	set(&r.Name, p.Name)
	set(&r.Permissions, p.Permissions)
	set(&r.Color, p.Color)
	set(&r.Hoist, p.Hoist)
	set(&r.Mentionable, p.Mentionable)
}

type roleEvent struct {
	GuildID snowflake.GuildID `json:"guild_id"`
	Role    *Role             `json:"role"`
}

func listRoles(c *call) answer {
	g, refused := c.guild(0)
	if refused != nil {
		return *refused
	}
	return ok(byID(g.roles))
}

// role is the role of the path, below the bot's own.
func (c *call) role() (*guild, *Role, *answer) {
	g, refused := c.guild(PermissionManageRoles)
	if refused != nil {
		return nil, nil, refused
	}
	role := g.roles[pathID[snowflake.RoleID](c, "role")]
	wrong := missingPermissions()
	switch {
	case role == nil:
		wrong = unknown(codeUnknownRole, "Role")
	case role.Position < g.top(c.sim.BotID()):
		return g, role, nil
	}
	return nil, nil, &wrong
}

func postRole(c *call) answer {
	g, refused := c.guild(PermissionManageRoles)
	if refused != nil {
		return *refused
	}
	p := roleBody{}
	if len(c.body) > 0 {
		if refused, fits := c.read(&p); !fits {
			return refused
		}
	}
	role := Role{Name: "new role", Permissions: g.roles[snowflake.RoleID(g.ID)].Permissions}
	p.apply(&role)
	return ok(c.sim.putRole(g, c.sim.BotID(), role, c.reason))
}

// putRole adds a role at the bottom, above @everyone; the others move up.
func (s *Sim) putRole(g *guild, by snowflake.UserID, role Role, reason string) *Role {
	if role.ID == 0 {
		role.ID = newID[snowflake.RoleID](s)
	}
	if role.Position == 0 {
		role.Position = 1
		for _, other := range g.roles {
			if other.Position > 0 {
				other.Position++
			}
		}
	}
	g.roles[role.ID] = &role
	s.emit("GUILD_ROLE_CREATE", g, roleEvent{g.ID, &role})
	s.noteRole(g, by, &role, AuditRoleCreate, reason)
	return &role
}

func (s *Sim) noteRole(g *guild, by snowflake.UserID, role *Role, action int, reason string) {
	s.note(g, AuditEntry{
		UserID: by, TargetID: role.ID.String(), Action: action, Reason: reason,
		Changes: []AuditChange{{Key: "name", New: role.Name}},
	})
}

func patchRole(c *call) answer {
	g, role, refused := c.role()
	if refused != nil {
		return *refused
	}
	var p roleBody
	if refused, fits := c.read(&p); !fits {
		return refused
	}
	p.apply(role)
	c.sim.roleChanged(g, c.sim.BotID(), role, c.reason)
	return ok(role)
}

func (s *Sim) roleChanged(g *guild, by snowflake.UserID, role *Role, reason string) {
	s.emit("GUILD_ROLE_UPDATE", g, roleEvent{g.ID, role})
	s.noteRole(g, by, role, AuditRoleUpdate, reason)
}

func deleteRole(c *call) answer {
	g, role, refused := c.role()
	if refused != nil {
		return *refused
	}
	if role.Managed || role.Position == 0 {
		return missingPermissions()
	}
	c.sim.dropRole(g, c.sim.BotID(), role, c.reason)
	return done()
}

// dropRole takes the role from all who have it, without events for each, as Discord does.
func (s *Sim) dropRole(g *guild, by snowflake.UserID, role *Role, reason string) {
	delete(g.roles, role.ID)
	for _, m := range g.members {
		if m.has(role.ID) {
			kept := make([]snowflake.RoleID, 0, len(m.Roles))
			for _, id := range m.Roles {
				if id != role.ID {
					kept = append(kept, id)
				}
			}
			m.Roles, m.authorJSON, m.memberJSON = kept, nil, nil
		}
	}
	s.emit("GUILD_ROLE_DELETE", g, map[string]any{"guild_id": g.ID, "role_id": role.ID})
	s.noteRole(g, by, role, AuditRoleDelete, reason)
}
