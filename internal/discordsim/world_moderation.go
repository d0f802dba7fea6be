package discordsim

import (
	"slices"
	"time"

	"guildwatch/internal/snowflake"
)

// Ban keeps a user out of a guild.
type Ban struct {
	User   *User `json:"user"`
	Reason Text  `json:"reason"`
}

// Ban bans a user, by somebody, and removes the member. False when banned already, unknown, or the guild's owner.
func (s *Sim) Ban(guild snowflake.GuildID, by, target snowflake.UserID, reason string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.world.guilds[guild]
	return g != nil && s.ban(g, by, target, reason, 0)
}

// ban removes the member and the messages of the time before, as far as they are kept.
func (s *Sim) ban(g *guild, by, target snowflake.UserID, reason string, clean time.Duration) bool {
	user := s.world.users[target]
	if user == nil || g.bans[target] != nil || target == g.OwnerID {
		return false
	}
	s.noting(g, AuditEntry{UserID: by, TargetID: target.String(), Action: AuditBan, Reason: reason}, func() {
		g.bans[target] = &Ban{User: user, Reason: Text(reason)}
		s.emit("GUILD_BAN_ADD", g, map[string]any{"guild_id": g.ID, "user": user})
		s.removeMember(g, target)
	})
	if clean > 0 {
		s.cleanUp(g, target, clean)
	}
	return true
}

// cleanUp deletes what a banned user wrote, one bulk event for each channel and 100 messages.
func (s *Sim) cleanUp(g *guild, author snowflake.UserID, age time.Duration) {
	for _, c := range byID(g.channels) {
		var gone []snowflake.MessageID
		c.messages = slices.DeleteFunc(c.messages, func(m *Message) bool {
			if m.Author != author || s.age(m.ID) > age {
				return false
			}
			gone = append(gone, m.ID)
			return true
		})
		for part := range slices.Chunk(gone, 100) {
			s.emitBulkDelete(c, part)
		}
	}
}

func (s *Sim) emitBulkDelete(c *channel, ids []snowflake.MessageID) {
	s.emit("MESSAGE_DELETE_BULK", c.guild, map[string]any{"ids": ids, "channel_id": c.ID, "guild_id": c.GuildID})
}

// Unban lifts a ban, by somebody.
func (s *Sim) Unban(guild snowflake.GuildID, by, target snowflake.UserID, reason string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.world.guilds[guild]
	return g != nil && s.unban(g, by, target, reason)
}

func (s *Sim) unban(g *guild, by, target snowflake.UserID, reason string) bool {
	ban := g.bans[target]
	if ban == nil {
		return false
	}
	s.noting(g, AuditEntry{UserID: by, TargetID: target.String(), Action: AuditUnban, Reason: reason}, func() {
		delete(g.bans, target)
		s.emit("GUILD_BAN_REMOVE", g, map[string]any{"guild_id": g.ID, "user": ban.User})
	})
	return true
}

// Kick removes a member, by somebody.
func (s *Sim) Kick(guild snowflake.GuildID, by, target snowflake.UserID, reason string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.world.guilds[guild]
	return g != nil && s.kick(g, by, target, reason)
}

func (s *Sim) kick(g *guild, by, target snowflake.UserID, reason string) bool {
	if g.members[target] == nil || target == g.OwnerID {
		return false
	}
	s.noting(g, AuditEntry{UserID: by, TargetID: target.String(), Action: AuditKick, Reason: reason}, func() {
		s.removeMember(g, target)
	})
	return true
}

// Timeout silences a member until a time, by somebody; the zero time ends it.
func (s *Sim) Timeout(guild snowflake.GuildID, by, target snowflake.UserID, until time.Time, reason string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.in(guild)
	if g == nil || g.members[target] == nil || target == g.OwnerID {
		return false
	}
	s.timeout(g, g.members[target], by, until, reason)
	return true
}

func (s *Sim) timeout(g *guild, m *Member, by snowflake.UserID, until time.Time, reason string) {
	change := AuditChange{Key: "communication_disabled_until"}
	if m.TimeoutUntil != nil {
		change.Old = *m.TimeoutUntil
	}
	var end *time.Time
	if !until.IsZero() {
		until = until.UTC()
		end, change.New = &until, until
	}
	s.noting(g, AuditEntry{
		UserID: by, TargetID: m.User.ID.String(), Action: AuditMemberUpdate, Changes: []AuditChange{change}, Reason: reason,
	}, func() {
		m.TimeoutUntil = end
		s.memberChanged(g, m)
	})
}

// Bans are the ids of a guild's banned users, sorted.
func (s *Sim) Bans(guild snowflake.GuildID) []snowflake.UserID {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []snowflake.UserID
	if g := s.world.guilds[guild]; g != nil {
		for _, ban := range byID(g.bans) {
			ids = append(ids, ban.User.ID)
		}
	}
	return ids
}
