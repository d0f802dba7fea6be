package bot

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

type wireGuild struct {
	ID          id           `json:"id"`
	Name        string       `json:"name"`
	Icon        string       `json:"icon"`
	OwnerID     id           `json:"owner_id"`
	MemberCount int          `json:"member_count"`
	JoinedAt    moment       `json:"joined_at"`
	Unavailable bool         `json:"unavailable"`
	Roles       []wireRole   `json:"roles"`
	Members     []wireMember `json:"members"`
	Channels    wireChannels `json:"channels"` // of GUILD_CREATE alone, as the next
	Threads     wireChannels `json:"threads"`
}

func (g *wireGuild) profile() moderation.Guild {
	return moderation.Guild{
		ID: snowflake.GuildID(g.ID), Name: g.Name, Icon: g.Icon, Owner: snowflake.UserID(g.OwnerID),
		Members: g.MemberCount, JoinedAt: g.JoinedAt.Time,
	}
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
	w.emit(moderation.GuildSeen{
		Origin: arrived(it, g.ID), Profile: profile, Joined: joined, Roles: g.roles(), Channels: g.Channels.kept(),
	})
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
	w.emit(moderation.GuildSeen{Origin: arrived(it, g.ID), Profile: profile, Roles: g.roles()})
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
	w.members.drop(snowflake.GuildID(g.ID))
	w.emit(moderation.GuildLost{Origin: arrived(it, g.ID), Outage: g.Unavailable})
	return nil
}
