package discordsim

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"guildwatch/internal/snowflake"
)

// longestTimeout is Discord's limit.
const longestTimeout = 28 * 24 * time.Hour

// member is the member of the path. The user "@me" is the bot.
func (c *call) member(g *guild) (*Member, *answer) {
	id := pathID[snowflake.UserID](c, "user")
	if c.PathValue("user") == "@me" || c.PathValue("user") == "" {
		id = c.sim.BotID()
	}
	m := g.members[id]
	if m == nil {
		missing := unknown(codeUnknownMember, "Member")
		if c.sim.world.users[id] == nil {
			missing = unknown(codeUnknownUser, "User")
		}
		return nil, &missing
	}
	return m, nil
}

func getMember(c *call) answer {
	g, refused := c.guild(0)
	if refused != nil {
		return *refused
	}
	m, refused := c.member(g)
	if refused != nil {
		return *refused
	}
	return ok(m)
}

func listMembers(c *call) answer {
	g, refused := c.guild(0)
	if refused != nil {
		return *refused
	}
	if c.sim.knobs.PrivilegedIntents&IntentGuildMembers == 0 {
		return missingAccess()
	}
	limit, refused := c.limit(1, 1000)
	if refused != nil {
		return *refused
	}
	after := queryID[snowflake.UserID](c, "after")
	members := byID(g.members)
	from, _ := slices.BinarySearchFunc(members, after+1, func(m *Member, id snowflake.UserID) int {
		return cmp.Compare(m.User.ID, id)
	})
	return ok(members[from:min(len(members), from+limit)])
}

func searchMembers(c *call) answer {
	g, refused := c.guild(0)
	if refused != nil {
		return *refused
	}
	limit, refused := c.limit(1, 1000)
	if refused != nil {
		return *refused
	}
	query := strings.ToLower(c.URL.Query().Get("query"))
	found := []*Member{}
	for _, m := range byID(g.members) {
		if len(found) < limit && (strings.HasPrefix(strings.ToLower(m.User.Username), query) ||
			strings.HasPrefix(strings.ToLower(string(m.Nick)), query)) {
			found = append(found, m)
		}
	}
	return ok(found)
}

// patchMember changes nickname, roles and timeout; each needs a permission and a lower rank of the member.
func patchMember(c *call) answer {
	g, refused := c.guild(0)
	if refused != nil {
		return *refused
	}
	m, refused := c.member(g)
	if refused != nil {
		return *refused
	}
	var fields map[string]json.RawMessage
	if refused, fits := c.read(&fields); !fits {
		return refused
	}
	// All is checked before anything is changed.
	var deeds []func()
	for _, name := range []string{"nick", "roles", "communication_disabled_until"} {
		if value, given := fields[name]; given {
			deed, refused := c.memberChange(g, m, name, value)
			if refused != nil {
				return *refused
			}
			deeds = append(deeds, deed)
		}
	}
	for _, deed := range deeds {
		deed()
	}
	return ok(m)
}

func (c *call) memberChange(g *guild, m *Member, field string, value json.RawMessage) (func(), *answer) {
	switch field {
	case "nick":
		return c.nickChange(g, m, value)
	case "roles":
		return c.rolesChange(g, m, value)
	}
	return c.timeoutChange(g, m, value)
}

func (c *call) nickChange(g *guild, m *Member, value json.RawMessage) (func(), *answer) {
	bot := c.sim.BotID()
	var nick *string
	wrong := missingPermissions()
	need, own := PermissionManageNicknames, m.User.ID == bot
	if own {
		need = PermissionChangeNickname
	}
	switch {
	case json.Unmarshal(value, &nick) != nil:
		wrong = invalid("nick", "STRING_TYPE_CONVERT", "Could not interpret value as string.")
	case nick != nil && len([]rune(*nick)) > 32:
		wrong = tooLong("nick", 32)
	case g.permissions(bot)&need == 0 || !own && !g.outranks(bot, m.User.ID):
	default:
		text := ""
		if nick != nil {
			text = *nick
		}
		return func() { c.sim.setNick(g, m, bot, text, c.reason) }, nil
	}
	return nil, &wrong
}

// rolesChange lets the bot give and take only roles below its own top role.
func (c *call) rolesChange(g *guild, m *Member, value json.RawMessage) (func(), *answer) {
	var roles []snowflake.RoleID
	wrong := missingPermissions()
	if json.Unmarshal(value, &roles) != nil {
		wrong = invalid("roles", "ITERABLE_TYPE_CONVERT", "Only iterables may be used in a ListType")
		return nil, &wrong
	}
	for _, id := range roles {
		if g.roles[id] == nil {
			wrong = unknown(codeUnknownRole, "Role")
			return nil, &wrong
		}
		if !m.has(id) && !c.mayGive(g, id) {
			return nil, &wrong
		}
	}
	for _, id := range m.Roles {
		if !slices.Contains(roles, id) && !c.mayGive(g, id) {
			return nil, &wrong
		}
	}
	return func() { c.sim.setRoles(g, m, c.sim.BotID(), roles, c.reason) }, nil
}

// mayGive says whether the bot may give or take a role.
func (c *call) mayGive(g *guild, id snowflake.RoleID) bool {
	bot, role := c.sim.BotID(), g.roles[id]
	return g.permissions(bot)&PermissionManageRoles != 0 && !role.Managed && role.Position > 0 &&
		role.Position < g.top(bot)
}

// timeoutChange refuses owners and administrators, as Discord does, and more than 28 days.
func (c *call) timeoutChange(g *guild, m *Member, value json.RawMessage) (func(), *answer) {
	var until *time.Time
	bot := c.sim.BotID()
	wrong := missingPermissions()
	switch {
	case json.Unmarshal(value, &until) != nil:
		wrong = invalid("communication_disabled_until", "DATE_TIME_TYPE_PARSE", "Could not parse the date.")
	case until != nil && until.After(c.sim.Now().Add(longestTimeout)):
		wrong = invalid("communication_disabled_until", "GUILD_TIMEOUT_MAX_DURATION", "Must be at most 28 days from now.")
	case g.permissions(bot)&PermissionModerateMembers == 0 || !g.outranks(bot, m.User.ID) ||
		g.permissions(m.User.ID)&PermissionAdministrator != 0:
	default:
		var end time.Time
		if until != nil {
			end = *until
		}
		return func() { c.sim.timeout(g, m, bot, end, c.reason) }, nil
	}
	return nil, &wrong
}

func deleteMember(c *call) answer {
	g, refused := c.guild(PermissionKickMembers)
	if refused != nil {
		return *refused
	}
	m, refused := c.member(g)
	if refused != nil {
		return *refused
	}
	if !g.outranks(c.sim.BotID(), m.User.ID) {
		return missingPermissions()
	}
	c.sim.kick(g, c.sim.BotID(), m.User.ID, c.reason)
	return done()
}

// changeMemberRole answers PUT and DELETE on one role of one member.
func changeMemberRole(c *call) answer {
	g, refused := c.guild(PermissionManageRoles)
	if refused != nil {
		return *refused
	}
	m, refused := c.member(g)
	if refused != nil {
		return *refused
	}
	role := pathID[snowflake.RoleID](c, "role")
	if g.roles[role] == nil {
		return unknown(codeUnknownRole, "Role")
	}
	if !c.mayGive(g, role) {
		return missingPermissions()
	}
	roles := slices.DeleteFunc(slices.Clone(m.Roles), func(id snowflake.RoleID) bool { return id == role })
	if c.Method == http.MethodPut {
		roles = append(roles, role)
	}
	c.sim.setRoles(g, m, c.sim.BotID(), roles, c.reason)
	return done()
}
