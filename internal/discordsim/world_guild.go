package discordsim

import (
	"cmp"
	"slices"
	"time"

	"guildwatch/internal/snowflake"
)

// AddGuild makes a guild that the bot is in, and tells the bot if it is connected.
func (s *Sim) AddGuild(plan Guild) snowflake.GuildID {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &guild{
		ID: plan.ID, Name: plan.Name, Icon: Text(plan.Icon), OwnerID: cmp.Or(plan.OwnerID, s.opt.Owner),
		Locale: cmp.Or(plan.Locale, "en-US"), Level: plan.VerificationLevel, joinedAt: cmp.Or(plan.JoinedAt, s.Now()),
		roles: map[snowflake.RoleID]*Role{}, channels: map[snowflake.ChannelID]*channel{},
		members: map[snowflake.UserID]*Member{}, bans: map[snowflake.UserID]*Ban{},
		left: map[snowflake.UserID]bool{}, rules: map[snowflake.RuleID]*AutoModRule{},
	}
	if g.ID == 0 {
		g.ID = newID[snowflake.GuildID](s)
	}
	s.world.guilds[g.ID] = g
	s.plantRoles(g, plan)
	for i, c := range plan.Channels {
		c.Position = cmp.Or(c.Position, i)
		s.plantChannel(g, c)
	}
	if s.world.users[g.OwnerID] == nil {
		s.putUser(User{ID: g.OwnerID, Username: "owner-" + snowflake.Tail(g.OwnerID)})
	}
	s.plantMember(g, Member{User: &User{ID: g.OwnerID}})
	s.plantMember(g, Member{User: &User{ID: s.BotID()}, Roles: []snowflake.RoleID{g.botRole}})
	for _, m := range plan.Members {
		s.plantMember(g, m)
	}
	s.emitGuildCreate(g)
	return g.ID
}

func (s *Sim) plantRoles(g *guild, plan Guild) {
	g.roles[snowflake.RoleID(g.ID)] = &Role{
		ID: snowflake.RoleID(g.ID), Name: "@everyone", Permissions: cmp.Or(plan.Everyone, PermissionsEveryone),
	}
	roles := slices.Clone(plan.Roles)
	bot := Role{
		ID: newID[snowflake.RoleID](s), Name: s.opt.BotName, Managed: true, Tags: &RoleTags{BotID: s.BotID()},
		Permissions: cmp.Or(plan.BotPermissions, PermissionsModerator),
	}
	g.botRole = bot.ID
	for i, r := range slices.Insert(roles, max(0, len(roles)-plan.BotBelow), bot) {
		if r.ID == 0 {
			r.ID = newID[snowflake.RoleID](s)
		}
		r.Position = i + 1
		g.roles[r.ID] = &r
	}
}

func (s *Sim) plantChannel(g *guild, c Channel) *channel {
	if c.ID == 0 {
		c.ID = newID[snowflake.ChannelID](s)
	}
	c.GuildID = g.ID
	if c.Overwrites == nil {
		c.Overwrites = []Overwrite{}
	}
	planted := &channel{Channel: c, guild: g}
	g.channels[c.ID] = planted
	s.world.channels[c.ID] = planted
	return planted
}

// plantMember adds a member without a word. A user who is new to the world is made from what m carries.
func (s *Sim) plantMember(g *guild, m Member) *Member {
	user := s.world.users[m.User.ID]
	if user == nil {
		user = s.putUser(*m.User)
	}
	m.User = user
	if m.JoinedAt.IsZero() {
		m.JoinedAt = s.Now()
	}
	if m.Roles == nil {
		m.Roles = []snowflake.RoleID{}
	}
	m.authorJSON, m.memberJSON = nil, nil
	g.members[user.ID] = &m
	g.left[user.ID] = true
	return &m
}

// RemoveGuild makes the bot leave, as when somebody kicks it. The guild goes on without it; ReturnToGuild brings it
// back.
func (s *Sim) RemoveGuild(id snowflake.GuildID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.world.guilds[id]; g != nil && !g.away {
		s.emit("GUILD_DELETE", g, map[string]any{"id": g.ID})
		g.away = true
		delete(g.members, s.BotID())
	}
}

// ReturnToGuild invites the bot again to a guild that it left.
func (s *Sim) ReturnToGuild(id snowflake.GuildID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.world.guilds[id]; g != nil && g.away {
		g.away, g.joinedAt = false, s.Now()
		s.plantMember(g, Member{User: &User{ID: s.BotID()}, Roles: []snowflake.RoleID{g.botRole}})
		s.emitGuildCreate(g)
	}
}

// Outage takes a guild offline, as a failing Discord does: GUILD_DELETE with unavailable set, and no events until
// Recover.
func (s *Sim) Outage(id snowflake.GuildID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.in(id); g != nil {
		s.emit("GUILD_DELETE", g, map[string]any{"id": g.ID, "unavailable": true})
		g.outage = true
	}
}

// Recover ends an Outage.
func (s *Sim) Recover(id snowflake.GuildID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.world.guilds[id]; g != nil && g.outage {
		g.outage = false
		s.emitGuildCreate(g)
	}
}

// UpdateGuild changes the guild's name, owner or verification level; zero values stay as they are.
func (s *Sim) UpdateGuild(id snowflake.GuildID, name string, owner snowflake.UserID, level int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.in(id)
	if g == nil || owner != 0 && g.members[owner] == nil {
		return
	}
	g.Name, g.OwnerID, g.Level = cmp.Or(name, g.Name), cmp.Or(owner, g.OwnerID), cmp.Or(level, g.Level)
	s.guildChanged(g)
}

// Secure sets the guild's verification level and until when invites and direct messages are paused, as somebody does in
// Discord; a zero time is no pause.
func (s *Sim) Secure(id snowflake.GuildID, level int, invites, messages time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.in(id)
	if g == nil {
		return
	}
	g.Level, g.Incidents = level, Incidents{}
	for field, until := range map[**time.Time]time.Time{&g.Incidents.InvitesDisabledUntil: invites,
		&g.Incidents.DMsDisabledUntil: messages} {
		if !until.IsZero() {
			*field = &until
		}
	}
	s.guildChanged(g)
}

// Secured are the guild's verification level and its pauses.
func (s *Sim) Secured(id snowflake.GuildID) (level int, pauses Incidents) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.world.guilds[id]; g != nil {
		level, pauses = g.Level, g.Incidents
	}
	return level, pauses
}

func (s *Sim) guildChanged(g *guild) { s.emit("GUILD_UPDATE", g, s.guildJSON(g)) }
