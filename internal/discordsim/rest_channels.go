package discordsim

import (
	"net/http"
	"slices"

	"guildwatch/internal/snowflake"
)

// channel is the channel of the path, where the bot has all the permissions needed; without seeing it: missing access.
func (c *call) channel(need Permissions) (*channel, *answer) {
	return c.channelByID(pathID[snowflake.ChannelID](c, "channel"), need)
}

func (c *call) channelByID(id snowflake.ChannelID, need Permissions) (*channel, *answer) {
	ch := c.sim.world.channels[id]
	var refused answer
	switch {
	case ch == nil:
		refused = unknown(codeUnknownChannel, "Channel")
		return nil, &refused
	case ch.guild == nil:
		return ch, nil
	}
	bits := ch.guild.permissionsIn(ch, c.sim.BotID())
	switch {
	case ch.guild.outage:
		refused = fail(http.StatusInternalServerError, 0, "500: Internal Server Error")
	case ch.guild.away, bits&PermissionViewChannel == 0:
		refused = missingAccess()
	case bits&need != need:
		refused = missingPermissions()
	default:
		return ch, nil
	}
	return nil, &refused
}

func listChannels(c *call) answer {
	g, refused := c.guild(0)
	if refused != nil {
		return *refused
	}
	list := []*Channel{}
	for _, ch := range byID(g.channels) {
		if ch.Thread == nil {
			list = append(list, &ch.Channel)
		}
	}
	return ok(list)
}

func getChannel(c *call) answer {
	ch, refused := c.channel(0)
	if refused != nil {
		return *refused
	}
	return ok(&ch.Channel)
}

func postChannel(c *call) answer {
	g, refused := c.guild(PermissionManageChannels)
	if refused != nil {
		return *refused
	}
	var p Channel
	if refused, fits := c.read(&p); !fits {
		return refused
	}
	if p.Name == "" {
		return invalid("name", "BASE_TYPE_REQUIRED", "This field is required")
	}
	p.ID, p.Thread = 0, nil
	ch := c.sim.plantChannel(g, p)
	c.sim.emit("CHANNEL_CREATE", g, &ch.Channel)
	c.auditChannel(ch, AuditChannelCreate)
	return created(&ch.Channel)
}

// patchChannel changes a channel, or a thread's state.
func patchChannel(c *call) answer {
	ch, refused := c.channel(0)
	if refused != nil {
		return *refused
	}
	if ch.Thread != nil {
		return c.patchThread(ch)
	}
	if ch.guild == nil || ch.guild.permissionsIn(ch, c.sim.BotID())&PermissionManageChannels == 0 {
		return missingPermissions()
	}
	var p struct {
		Name       *string              `json:"name"`
		Topic      *Text                `json:"topic"`
		Slowmode   *int                 `json:"rate_limit_per_user"`
		NSFW       *bool                `json:"nsfw"`
		Position   *int                 `json:"position"`
		Parent     *snowflake.ChannelID `json:"parent_id"`
		Overwrites []Overwrite          `json:"permission_overwrites"`
	}
	if refused, fits := c.read(&p); !fits {
		return refused
	}
	if p.Slowmode != nil && (*p.Slowmode < 0 || *p.Slowmode > 21600) {
		return invalid("rate_limit_per_user", "NUMBER_TYPE_MAX", "int value should be between 0 and 21600.")
	}
	set(&ch.Name, p.Name)
	set(&ch.Topic, p.Topic)
	set(&ch.RateLimitPerUser, p.Slowmode)
	set(&ch.NSFW, p.NSFW)
	set(&ch.Position, p.Position)
	set(&ch.ParentID, p.Parent)
	if p.Overwrites != nil {
		ch.Overwrites = p.Overwrites
	}
	c.sim.emit("CHANNEL_UPDATE", ch.guild, &ch.Channel)
	c.auditChannel(ch, AuditChannelUpdate)
	return ok(&ch.Channel)
}

// set takes over a value that was given.
func set[T any](field *T, given *T) {
	if given != nil {
		*field = *given
	}
}

func deleteChannel(c *call) answer {
	ch, refused := c.channel(0)
	if refused != nil {
		return *refused
	}
	need, action := PermissionManageChannels, AuditChannelDelete
	if ch.Thread != nil {
		need, action = PermissionManageThreads, AuditThreadDelete
	}
	if ch.guild != nil {
		if ch.guild.permissionsIn(ch, c.sim.BotID())&need == 0 {
			return missingPermissions()
		}
		c.sim.removeChannel(ch)
		c.auditChannel(ch, action)
	}
	return ok(&ch.Channel)
}

func (c *call) auditChannel(ch *channel, action int) {
	c.sim.note(ch.guild, AuditEntry{
		UserID: c.sim.BotID(), TargetID: ch.ID.String(), Action: action, Reason: c.reason,
		Changes: []AuditChange{{Key: "name", New: ch.Name}},
	})
}

// putOverwrite sets what a role or a member may do in one channel; deleteOverwrite forgets it.
func putOverwrite(c *call) answer {
	var p Overwrite
	if refused, fits := c.read(&p); !fits {
		return refused
	}
	p.ID = int64(pathID[snowflake.RoleID](c, "target"))
	return c.changeOverwrites(func(list []Overwrite) []Overwrite { return append(list, p) }, p.ID)
}

func deleteOverwrite(c *call) answer {
	id := int64(pathID[snowflake.RoleID](c, "target"))
	return c.changeOverwrites(func(list []Overwrite) []Overwrite { return list }, id)
}

// changeOverwrites removes the one of id and lets change add to the rest.
func (c *call) changeOverwrites(change func([]Overwrite) []Overwrite, id int64) answer {
	ch, refused := c.channel(PermissionManageRoles)
	if refused != nil {
		return *refused
	}
	if ch.guild == nil {
		return missingAccess()
	}
	rest := slices.DeleteFunc(slices.Clone(ch.Overwrites), func(o Overwrite) bool { return o.ID == id })
	ch.Overwrites = change(rest)
	c.sim.emit("CHANNEL_UPDATE", ch.guild, &ch.Channel)
	c.auditChannel(ch, AuditChannelUpdate)
	return done()
}
