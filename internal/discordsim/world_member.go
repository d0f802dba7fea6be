package discordsim

import (
	"slices"

	"guildwatch/internal/snowflake"
)

// flagRejoined is set on members who had been in the guild before.
const flagRejoined = 1 << 0

type memberEvent struct {
	*Member
	GuildID snowflake.GuildID `json:"guild_id"`
}

// Join makes a user a member and returns the user's id. It is 0 when the user is banned, unknown, there already, or the
// guild has paused invites.
func (s *Sim) Join(guild snowflake.GuildID, user snowflake.UserID) snowflake.UserID {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.world.guilds[guild]
	if g == nil || s.world.users[user] == nil || g.bans[user] != nil || g.members[user] != nil {
		return 0
	}
	if until := g.Incidents.InvitesDisabledUntil; until != nil && until.After(s.Now()) {
		return 0
	}
	m := Member{User: &User{ID: user}}
	if g.left[user] {
		m.Flags = flagRejoined
	}
	s.emit("GUILD_MEMBER_ADD", g, memberEvent{s.plantMember(g, m), g.ID})
	return user
}

// Leave makes a member go of their own will.
func (s *Sim) Leave(guild snowflake.GuildID, user snowflake.UserID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.world.guilds[guild]
	return g != nil && s.removeMember(g, user)
}

// removeMember takes a member out, for whatever reason. The owner stays.
func (s *Sim) removeMember(g *guild, id snowflake.UserID) bool {
	m := g.members[id]
	if m == nil || id == g.OwnerID {
		return false
	}
	delete(g.members, id)
	s.emit("GUILD_MEMBER_REMOVE", g, map[string]any{"guild_id": g.ID, "user": m.User})
	if id == s.BotID() {
		s.emit("GUILD_DELETE", g, map[string]any{"id": g.ID})
		g.away = true
	}
	return true
}

// memberChanged emits a member's new state.
func (s *Sim) memberChanged(g *guild, m *Member) {
	m.authorJSON, m.memberJSON = nil, nil
	if len(s.sessions) == 0 {
		return
	}
	need := IntentGuildMembers
	if m.User.ID == s.BotID() {
		need = 0 // its own changes reach a bot whatever its intents
	}
	s.dispatch(event{name: "GUILD_MEMBER_UPDATE", guild: g, need: need, body: encode(memberEvent{m, g.ID})})
}

// SetNick changes a member's nickname, by the member.
func (s *Sim) SetNick(guild snowflake.GuildID, user snowflake.UserID, nick string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.in(guild)
	if g == nil || g.members[user] == nil {
		return false
	}
	s.setNick(g, g.members[user], user, nick, "")
	return true
}

func (s *Sim) setNick(g *guild, m *Member, by snowflake.UserID, nick, reason string) {
	change := AuditChange{Key: "nick"}
	if m.Nick != "" {
		change.Old = m.Nick
	}
	if nick != "" {
		change.New = nick
	}
	s.noting(g, AuditEntry{
		UserID: by, TargetID: m.User.ID.String(), Action: AuditMemberUpdate, Changes: []AuditChange{change}, Reason: reason,
	}, func() {
		m.Nick = Text(nick)
		s.memberChanged(g, m)
	})
}

// SetRoles gives a member exactly these roles, by somebody.
func (s *Sim) SetRoles(guild snowflake.GuildID, by, user snowflake.UserID, roles ...snowflake.RoleID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.in(guild)
	if g == nil || g.members[user] == nil {
		return false
	}
	s.setRoles(g, g.members[user], by, roles, "")
	return true
}

func (s *Sim) setRoles(g *guild, m *Member, by snowflake.UserID, roles []snowflake.RoleID, reason string) {
	var added, removed []map[string]any
	for _, id := range roles {
		if !slices.Contains(m.Roles, id) && g.roles[id] != nil {
			added = append(added, map[string]any{"id": id, "name": g.roles[id].Name})
		}
	}
	for _, id := range m.Roles {
		if !slices.Contains(roles, id) && g.roles[id] != nil {
			removed = append(removed, map[string]any{"id": id, "name": g.roles[id].Name})
		}
	}
	if added == nil && removed == nil {
		return
	}
	var changes []AuditChange
	if added != nil {
		changes = append(changes, AuditChange{Key: "$add", New: added})
	}
	if removed != nil {
		changes = append(changes, AuditChange{Key: "$remove", New: removed})
	}
	s.noting(g, AuditEntry{
		UserID: by, TargetID: m.User.ID.String(), Action: AuditMemberRoles, Changes: changes, Reason: reason,
	}, func() {
		// A new slice, because copies of the member are out.
		m.Roles = slices.DeleteFunc(slices.Clone(roles), func(id snowflake.RoleID) bool { return g.roles[id] == nil })
		s.memberChanged(g, m)
	})
}

// MemberOf is a copy of a member; false when the user is not in the guild.
func (s *Sim) MemberOf(guild snowflake.GuildID, user snowflake.UserID) (Member, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.world.guilds[guild]; g != nil && g.members[user] != nil {
		m := *g.members[user]
		who := *m.User
		m.User = &who
		return m, true
	}
	return Member{}, false
}

// Members are the ids of a guild's members, sorted.
func (s *Sim) Members(guild snowflake.GuildID) []snowflake.UserID {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []snowflake.UserID
	if g := s.world.guilds[guild]; g != nil {
		for _, m := range byID(g.members) {
			ids = append(ids, m.User.ID)
		}
	}
	return ids
}
