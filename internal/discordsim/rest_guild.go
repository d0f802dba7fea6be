package discordsim

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"guildwatch/internal/snowflake"
)

// guild is the guild of the path, where the bot has all the permissions needed.
func (c *call) guild(need Permissions) (*guild, *answer) {
	g := c.sim.world.guilds[pathID[snowflake.GuildID](c, "guild")]
	var refused answer
	switch {
	case g == nil:
		refused = unknown(codeUnknownGuild, "Guild")
	case g.outage:
		refused = fail(http.StatusInternalServerError, 0, "500: Internal Server Error")
	case g.away:
		refused = missingAccess()
	case g.permissions(c.sim.BotID())&need != need:
		refused = missingPermissions()
	default:
		return g, nil
	}
	return nil, &refused
}

func getGuild(c *call) answer {
	g, refused := c.guild(0)
	if refused != nil {
		return *refused
	}
	wire := c.sim.guildJSON(g)
	if c.URL.Query().Get("with_counts") == "true" {
		wire.MemberCount, wire.PresenceCount = len(g.members), (len(g.members)+1)/2
	}
	return ok(wire)
}

func patchGuild(c *call) answer {
	g, refused := c.guild(PermissionManageGuild)
	if refused != nil {
		return *refused
	}
	var p struct {
		Name     *string              `json:"name"`
		Level    *int                 `json:"verification_level"`
		AlertsTo *snowflake.ChannelID `json:"safety_alerts_channel_id"`
	}
	if refused, fits := c.read(&p); !fits {
		return refused
	}
	var changes []AuditChange
	if p.Name != nil {
		changes = append(changes, AuditChange{"name", g.Name, *p.Name})
		g.Name = *p.Name
	}
	if p.Level != nil {
		if *p.Level < 0 || *p.Level > 4 {
			return invalid("verification_level", "BASE_TYPE_CHOICES", "Value must be one of (0, 1, 2, 3, 4).")
		}
		changes = append(changes, AuditChange{"verification_level", g.Level, *p.Level})
		g.Level = *p.Level
	}
	if p.AlertsTo != nil {
		g.AlertsTo = *p.AlertsTo
	}
	c.sim.guildChanged(g)
	c.sim.note(g, AuditEntry{
		UserID: c.sim.BotID(), TargetID: g.ID.String(), Action: AuditGuildUpdate, Changes: changes, Reason: c.reason,
	})
	return ok(c.sim.guildJSON(g))
}

// putIncidents pauses invites and direct messages, each for at most a day; null ends the pause.
func putIncidents(c *call) answer {
	g, refused := c.guild(PermissionManageGuild)
	if refused != nil {
		return *refused
	}
	var p map[string]*time.Time
	if json.Unmarshal(c.body, &p) != nil {
		return fail(http.StatusBadRequest, codeFormNotJSON, "The request body contains invalid JSON.")
	}
	for name, field := range map[string]**time.Time{
		"invites_disabled_until": &g.Incidents.InvitesDisabledUntil, "dms_disabled_until": &g.Incidents.DMsDisabledUntil,
	} {
		until, given := p[name]
		if until != nil && until.After(c.sim.Now().Add(24*time.Hour)) {
			return invalid(name, "BASE_TYPE_MAX", "Must be at most 24 hours from now.")
		}
		if given {
			*field = until
		}
	}
	c.sim.guildChanged(g)
	return ok(g.Incidents)
}

// getAuditLog lists entries, newest first unless the query says after.
func getAuditLog(c *call) answer {
	g, refused := c.guild(PermissionViewAuditLog)
	if refused != nil {
		return *refused
	}
	limit, refused := c.limit(50, 100)
	if refused != nil {
		return *refused
	}
	var (
		user   = queryID[snowflake.UserID](c, "user_id")
		before = queryID[snowflake.EntryID](c, "before")
		after  = queryID[snowflake.EntryID](c, "after")
		kind   = 0
		found  = []*AuditEntry{}
	)
	if text := c.URL.Query().Get("action_type"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return invalid("action_type", "NUMBER_TYPE_COERCE", "Value is not int.")
		}
		kind = n
	}
	for i := range g.audit {
		entry := g.audit[len(g.audit)-1-i]
		if after != 0 {
			entry = g.audit[i]
		}
		if user != 0 && entry.UserID != user || kind != 0 && entry.Action != kind || before != 0 && entry.ID >= before ||
			entry.ID <= after || len(found) == limit {
			continue
		}
		found = append(found, entry)
	}
	users := map[snowflake.UserID]*User{}
	for _, entry := range found {
		target, _ := snowflake.Parse[snowflake.UserID](entry.TargetID)
		for _, id := range []snowflake.UserID{entry.UserID, target} {
			if user := c.sim.world.users[id]; user != nil {
				users[id] = user
			}
		}
	}
	return ok(map[string]any{
		"audit_log_entries": found, "users": byID(users), "webhooks": []int{}, "application_commands": []int{},
		"auto_moderation_rules": byID(g.rules), "guild_scheduled_events": []int{}, "integrations": []int{},
		"threads": []int{},
	})
}

func leaveGuild(c *call) answer {
	g, refused := c.guild(0)
	if refused != nil {
		return *refused
	}
	c.sim.removeMember(g, c.sim.BotID())
	return done()
}
