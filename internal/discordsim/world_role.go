package discordsim

import "guildwatch/internal/snowflake"

// AddRole makes a role, by somebody. With a Position of 0 it comes to the bottom. 0 when there is no such guild.
func (s *Sim) AddRole(guild snowflake.GuildID, by snowflake.UserID, role Role) snowflake.RoleID {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.world.guilds[guild]
	if g == nil {
		return 0
	}
	return s.putRole(g, by, role, "").ID
}

// RemoveRole deletes a role, by somebody.
func (s *Sim) RemoveRole(guild snowflake.GuildID, by snowflake.UserID, role snowflake.RoleID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.world.guilds[guild]
	if g == nil || g.roles[role] == nil || g.roles[role].Position == 0 {
		return false
	}
	s.dropRole(g, by, g.roles[role], "")
	return true
}

// SetBotPermissions changes what the bot's own role allows, by the guild's owner.
func (s *Sim) SetBotPermissions(guild snowflake.GuildID, bits Permissions) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.world.guilds[guild]; g != nil {
		role := g.roles[g.botRole]
		role.Permissions = bits
		s.roleChanged(g, g.OwnerID, role, "")
	}
}

// ChangeRole edits a role, by somebody: its name, permissions, color or position; the id stays. False when there is no
// such role. Edit runs under the Sim's lock, so it must not call the Sim.
func (s *Sim) ChangeRole(guild snowflake.GuildID, by snowflake.UserID, role snowflake.RoleID, edit func(*Role)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.world.guilds[guild]
	if g == nil || g.roles[role] == nil {
		return false
	}
	edit(g.roles[role])
	g.roles[role].ID = role
	s.roleChanged(g, by, g.roles[role], "")
	return true
}

// RoleNamed is the id of a guild's role by its name, 0 when there is none.
func (s *Sim) RoleNamed(guild snowflake.GuildID, name string) snowflake.RoleID {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.world.guilds[guild]; g != nil {
		for _, r := range byID(g.roles) {
			if r.Name == name {
				return r.ID
			}
		}
	}
	return 0
}
