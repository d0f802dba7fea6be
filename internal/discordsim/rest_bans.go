package discordsim

import (
	"net/http"
	"time"

	"guildwatch/internal/snowflake"
)

// Limits of bans.
const (
	longestCleanUp = 7 * 24 * time.Hour
	mostBulkBans   = 200
)

func listBans(c *call) answer {
	g, refused := c.guild(PermissionBanMembers)
	if refused != nil {
		return *refused
	}
	limit, refused := c.limit(1000, 1000)
	if refused != nil {
		return *refused
	}
	after, before := queryID[snowflake.UserID](c, "after"), queryID[snowflake.UserID](c, "before")
	found := []*Ban{}
	for _, ban := range byID(g.bans) {
		if ban.User.ID > after && (before == 0 || ban.User.ID < before) && len(found) < limit {
			found = append(found, ban)
		}
	}
	return ok(found)
}

func getBan(c *call) answer {
	g, refused := c.guild(PermissionBanMembers)
	if refused != nil {
		return *refused
	}
	ban := g.bans[pathID[snowflake.UserID](c, "user")]
	if ban == nil {
		return unknown(codeUnknownBan, "Ban")
	}
	return ok(ban)
}

// banBody is how much of a banned user's writing goes too.
type banBody struct {
	Seconds int `json:"delete_message_seconds"`
	Days    int `json:"delete_message_days"`
}

func (b banBody) age() time.Duration {
	return time.Duration(b.Seconds)*time.Second + time.Duration(b.Days)*24*time.Hour
}

// putBan bans; banning the banned again is done already.
func putBan(c *call) answer {
	g, refused := c.guild(PermissionBanMembers)
	if refused != nil {
		return *refused
	}
	var p banBody
	if len(c.body) > 0 {
		if refused, fits := c.read(&p); !fits {
			return refused
		}
	}
	target := pathID[snowflake.UserID](c, "user")
	switch {
	case p.age() < 0 || p.age() > longestCleanUp:
		return invalid("delete_message_seconds", "NUMBER_TYPE_MAX", "int value should be between 0 and 604800.")
	case c.sim.world.users[target] == nil:
		return unknown(codeUnknownUser, "User")
	case !g.outranks(c.sim.BotID(), target):
		return missingPermissions()
	}
	c.sim.ban(g, c.sim.BotID(), target, c.reasonOr("reason"), p.age())
	return done()
}

func deleteBan(c *call) answer {
	g, refused := c.guild(PermissionBanMembers)
	if refused != nil {
		return *refused
	}
	if !c.sim.unban(g, c.sim.BotID(), pathID[snowflake.UserID](c, "user"), c.reason) {
		return unknown(codeUnknownBan, "Ban")
	}
	return done()
}

// bulkBan bans up to 200 users and says who was, and who could not be.
func bulkBan(c *call) answer {
	g, refused := c.guild(PermissionBanMembers | PermissionManageGuild)
	if refused != nil {
		return *refused
	}
	var p struct {
		UserIDs []snowflake.UserID `json:"user_ids"`
		banBody
	}
	if refused, fits := c.read(&p); !fits {
		return refused
	}
	if len(p.UserIDs) == 0 || len(p.UserIDs) > mostBulkBans {
		return invalid("user_ids", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 200 in length.")
	}
	banned, failed := []snowflake.UserID{}, []snowflake.UserID{}
	for _, id := range p.UserIDs {
		if g.outranks(c.sim.BotID(), id) && c.sim.ban(g, c.sim.BotID(), id, c.reason, p.age()) {
			banned = append(banned, id)
		} else {
			failed = append(failed, id)
		}
	}
	if len(banned) == 0 {
		return fail(http.StatusBadRequest, 500000, "Failed to ban users")
	}
	return ok(map[string]any{"banned_users": banned, "failed_users": failed})
}
