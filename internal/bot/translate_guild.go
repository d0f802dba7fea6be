package bot

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

type wireGuild struct {
	ID          id            `json:"id"`
	Name        string        `json:"name"`
	Icon        string        `json:"icon"`
	OwnerID     id            `json:"owner_id"`
	MemberCount int           `json:"member_count"`
	JoinedAt    moment        `json:"joined_at"`
	Unavailable bool          `json:"unavailable"`
	Roles       []wireRole    `json:"roles"`
	Members     []wireMember  `json:"members"`
	Channels    []wireChannel `json:"channels"`
	Threads     []wireChannel `json:"threads"`
}

type wireChannel struct {
	ID            id  `json:"id"`
	Type          int `json:"type"`
	LastMessageID id  `json:"last_message_id"`
}

// Channels that hold no messages. The last message of a forum is its last thread, and threads are listed apart.
const (
	channelCategory  = 4
	channelDirectory = 14
	channelForum     = 15
	channelMedia     = 16
)

// newest is the last message of each channel and active thread in which there is one.
func (g *wireGuild) newest() map[snowflake.ChannelID]snowflake.MessageID {
	newest := map[snowflake.ChannelID]snowflake.MessageID{}
	for _, c := range append(g.Channels, g.Threads...) {
		switch c.Type {
		case channelCategory, channelDirectory, channelForum, channelMedia:
		default:
			if c.ID != 0 && c.LastMessageID != 0 {
				newest[snowflake.ChannelID(c.ID)] = snowflake.MessageID(c.LastMessageID)
			}
		}
	}
	return newest
}

type wireRole struct {
	ID          id   `json:"id"`
	Permissions bits `json:"permissions"`
}

func (g *wireGuild) profile() moderation.Guild {
	return moderation.Guild{
		ID: snowflake.GuildID(g.ID), Name: g.Name, Icon: g.Icon, Owner: snowflake.UserID(g.OwnerID),
		Members: g.MemberCount, JoinedAt: g.JoinedAt.Time,
	}
}

func (g *wireGuild) permissions() map[snowflake.RoleID]moderation.Permissions {
	roles := make(map[snowflake.RoleID]moderation.Permissions, len(g.Roles))
	for _, r := range g.Roles {
		roles[snowflake.RoleID(r.ID)] = moderation.Permissions(r.Permissions)
	}
	return roles
}

func (w *worker) guildCreate(it item) error {
	var g wireGuild
	if err := decode(it.payload, &g); err != nil || g.ID == 0 || g.Unavailable {
		return err
	}
	var own []snowflake.RoleID
	var members []moderation.Member
	for i := range g.Members {
		m := &g.Members[i]
		if m.User == nil || m.User.ID == 0 {
			continue
		}
		if snowflake.UserID(m.User.ID) == w.guilds.self() {
			own = roleIDs(m.Roles)
		}
		members = append(members, m.member(m.User))
	}
	profile, joined := w.guilds.seen(g.profile(), g.permissions(), own)
	w.emit(moderation.GuildSeen{Origin: arrived(it, g.ID), Profile: profile, Joined: joined})
	if len(members) > 0 {
		w.emit(moderation.MembersListed{Origin: arrived(it, g.ID), Members: members})
	}
	w.emit(moderation.ChannelsSeen{Origin: arrived(it, g.ID), JoinedAt: profile.JoinedAt, Newest: g.newest()})
	w.members.want(profile.ID)
	if profile.Permissions.Has(moderation.PermManageGuild) {
		w.scout.send(errand{guild: profile.ID, rules: true})
	}
	return nil
}

func (w *worker) guildUpdate(it item) error {
	var g wireGuild
	if err := decode(it.payload, &g); err != nil || g.ID == 0 {
		return err
	}
	profile, known := w.guilds.changed(g.profile(), g.permissions())
	if !known {
		w.scout.send(errand{guild: snowflake.GuildID(g.ID)})
		return nil
	}
	w.emit(moderation.GuildSeen{Origin: arrived(it, g.ID), Profile: profile})
	return nil
}

// guildDelete tells an outage, which ends by itself, from a guild that removed the bot.
func (w *worker) guildDelete(it item) error {
	var g wireGuild
	if err := decode(it.payload, &g); err != nil || g.ID == 0 {
		return err
	}
	if !g.Unavailable {
		w.guilds.left(snowflake.GuildID(g.ID))
	}
	w.emit(moderation.GuildLost{Origin: arrived(it, g.ID), Outage: g.Unavailable})
	return nil
}

// reseen tells of a guild in which the bot may do other things than before; one not seen whole is looked up.
func (w *worker) reseen(origin moderation.Origin, profile moderation.Guild, v verdict) {
	switch v {
	case verdictUnknown:
		w.scout.send(errand{guild: origin.Guild})
	case verdictChanged:
		w.emit(moderation.GuildSeen{Origin: origin, Profile: profile})
	}
}

// roleChange matters where it changes what the bot may do.
func (w *worker) roleChange(it item) error {
	var change struct {
		GuildID id       `json:"guild_id"`
		RoleID  id       `json:"role_id"` // of a deletion
		Role    wireRole `json:"role"`
	}
	if err := decode(it.payload, &change); err != nil || change.GuildID == 0 {
		return err
	}
	guild := snowflake.GuildID(change.GuildID)
	role, permissions := snowflake.RoleID(change.Role.ID), moderation.Permissions(change.Role.Permissions)
	if it.kind == kindRoleDelete {
		role, permissions = snowflake.RoleID(change.RoleID), 0
	}
	profile, v := w.guilds.role(guild, role, permissions)
	w.reseen(arrived(it, change.GuildID), profile, v)
	return nil
}
