package store_test

import (
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// everybot is the last of the users, and a bot.
const everybot = snowflake.UserID(4)

// rightsModel is what rights follow from, in plain maps.
type rightsModel struct {
	now    time.Time
	guilds map[snowflake.GuildID]*rightsGuild
	named  map[snowflake.UserID]bool // users of whom more than the id is known
}

type rightsGuild struct {
	in      bool
	owner   snowflake.UserID
	roles   map[snowflake.RoleID]moderation.DiscordRole
	members map[snowflake.UserID]*rightsMember
	given   map[snowflake.UserID]rightsGiven
	mapped  map[snowflake.RoleID]access.Role
}

// rightsMember is somebody who was seen in a guild.
type rightsMember struct {
	in, told bool
	came     time.Time // into this stay; of who left, when that was
	roles    []snowflake.RoleID
}

type rightsGiven struct {
	role access.Role
	at   time.Time
}

func newRightsModel() *rightsModel {
	m := &rightsModel{
		now: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC), guilds: map[snowflake.GuildID]*rightsGuild{},
		named: map[snowflake.UserID]bool{},
	}
	for guild := snowflake.GuildID(1); guild <= 2; guild++ {
		m.guilds[guild] = &rightsGuild{
			roles: map[snowflake.RoleID]moderation.DiscordRole{}, members: map[snowflake.UserID]*rightsMember{},
			given: map[snowflake.UserID]rightsGiven{}, mapped: map[snowflake.RoleID]access.Role{},
		}
	}
	return m
}

// tell is what Discord says of a member who is there.
func (m *rightsModel) tell(guild snowflake.GuildID, who moderation.Member) {
	m.named[who.ID] = true
	member := m.guilds[guild].member(who.ID)
	member.in, member.told, member.roles = true, true, who.Roles
	if who.JoinedAt.After(member.came) {
		member.came = who.JoinedAt
	}
}

func (g *rightsGuild) member(user snowflake.UserID) *rightsMember {
	if g.members[user] == nil {
		g.members[user] = &rightsMember{}
	}
	return g.members[user]
}

func (g *rightsGuild) leave(user snowflake.UserID, now time.Time) {
	member := g.member(user)
	member.in, member.told, member.roles, member.came = false, false, nil, now
}

// counts is the role that a member was given in this stay.
func (g *rightsGuild) counts(user snowflake.UserID) access.Role {
	member, given := g.members[user], g.given[user]
	if member == nil || !member.in || given.at.Before(member.came) {
		return access.None
	}
	return given.role
}

// standing is what a person is in a guild, and whether it can be known.
func (m *rightsModel) standing(guild snowflake.GuildID, user snowflake.UserID) (access.Standing, bool) {
	g := m.guilds[guild]
	member := g.members[user]
	switch {
	case !g.in:
		return nil, true
	case g.owner == user:
		if member == nil {
			member = &rightsMember{}
		}
	case member == nil:
		return nil, false
	case !member.in, user == everybot && member.told:
		return nil, true
	}
	facts := access.Facts{Member: true, GuildOwner: g.owner == user, Assigned: g.counts(user)}
	if member.in {
		facts.Roles = g.rightsOf(member.roles)
	} else {
		facts.Roles = g.rightsOf(nil)
	}
	if id := snowflake.RoleID(guild); g.roles[id].ID != 0 {
		facts.Roles = append(facts.Roles, g.rightOf(id)) // @everyone is the lowest
	}
	return access.Derive(facts), member.told || facts.GuildOwner
}

// rightsOf gives roles that exist, the highest first: in this model positions are ids.
func (g *rightsGuild) rightsOf(ids []snowflake.RoleID) (roles []access.DiscordRole) {
	for id := snowflake.RoleID(20); id > 10; id-- {
		for _, has := range ids {
			if has == id && g.roles[id].ID != 0 {
				roles = append(roles, g.rightOf(id))
			}
		}
	}
	return roles
}

func (g *rightsGuild) rightOf(id snowflake.RoleID) access.DiscordRole {
	return access.DiscordRole{
		ID: id, Administrator: g.roles[id].Permissions&moderation.PermAdministrator != 0, Mapped: g.mapped[id],
	}
}

// team is who has a role otherwise than by @everyone.
func (m *rightsModel) team(guild snowflake.GuildID) map[snowflake.UserID]access.Role {
	team := map[snowflake.UserID]access.Role{}
	for user := snowflake.UserID(1); user <= everybot; user++ {
		standing, _ := m.standing(guild, user)
		for _, cause := range standing {
			if cause.Discord != snowflake.RoleID(guild) {
				team[user] = standing.Role()
			}
		}
	}
	return team
}
