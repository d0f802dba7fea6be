package demo

import (
	"encoding/json"
	"strings"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/snowflake"
)

// Settle puts the town's people and guilds into the stand-in.
func (t *Town) Settle(sim *discordsim.Sim) {
	for _, g := range t.Guilds {
		ids := &mint{n: int64(g.ID) & 0xffff}
		ranks := g.ranks(ids)
		settled := discordsim.Guild{
			ID: g.ID, Name: g.name, OwnerID: sim.OwnerID(), JoinedAt: g.JoinedAt, BotPermissions: g.permissions(),
			VerificationLevel: 1, Roles: ranks.list(), Channels: g.places(ids, sim.BotID(), ranks),
		}
		for i, who := range g.People {
			sim.AddUser(discordsim.User{ID: who.ID, Username: who.Name, GlobalName: discordsim.Text(who.Global)})
			if !who.Left.IsZero() {
				continue
			}
			settled.Members = append(settled.Members, discordsim.Member{
				User: &discordsim.User{ID: who.ID}, JoinedAt: who.Joined, Roles: ranks.of(g, i),
			})
		}
		sim.AddGuild(settled)
		for i, rule := range nativeRules {
			sim.CreateAutoModRule(g.ID, sim.OwnerID(), discordsim.AutoModRule{
				ID: g.Rules[i], Name: rule.name, Trigger: rule.trigger, Enabled: true, Actions: rule.actions,
				Metadata: json.RawMessage(rule.looks), ExemptRoles: []snowflake.RoleID{ranks.staff.ID},
			})
		}
	}
}

// ranks are a guild's roles in Discord. Their ids follow from the guild's, so that what was given to them on the
// dashboard is still theirs when the demo starts again.
type ranks struct{ staff, keepers, helpers, regulars discordsim.Role }

func (g *Guild) ranks(ids *mint) ranks {
	rank := func(name string, color int, may discordsim.Permissions) discordsim.Role {
		id := mintID[snowflake.RoleID](ids, g.JoinedAt)
		return discordsim.Role{ID: id, Name: name, Color: color, Permissions: may, Hoist: true, Mentionable: true}
	}
	return ranks{
		staff:    rank("Staff", 0x2f9e6e, discordsim.PermissionsModerator),
		keepers:  rank("Keepers", 0xc9722b, discordsim.PermissionAdministrator),
		helpers:  rank("Helpers", 0x3a76c4, discordsim.PermissionsEveryone|discordsim.PermissionManageMessages),
		regulars: rank("Regulars", 0x8a7fb8, discordsim.PermissionsEveryone),
	}
}

// list goes from the lowest up.
func (r ranks) list() []discordsim.Role {
	return []discordsim.Role{r.regulars, r.helpers, r.staff, r.keepers}
}

// of are the roles of resident i: the first moderator keeps the place, a few regulars help out.
func (r ranks) of(g *Guild, i int) (roles []snowflake.RoleID) {
	if i < g.mods {
		roles = append(roles, r.staff.ID)
	}
	if i == 0 {
		roles = append(roles, r.keepers.ID)
	}
	if i >= g.mods && i < 2*g.mods {
		roles = append(roles, r.helpers.ID)
	}
	if g.People[i].Active {
		roles = append(roles, r.regulars.ID)
	}
	return roles
}

// places are the guild's channels below a heading, and below another the log, if it has one, which only the staff sees.
func (g *Guild) places(ids *mint, bot snowflake.UserID, r ranks) []discordsim.Channel {
	heading := func(name string) discordsim.Channel {
		id := mintID[snowflake.ChannelID](ids, g.JoinedAt)
		return discordsim.Channel{ID: id, Name: name, Type: discordsim.ChannelCategory}
	}
	public, backstage := heading("The square"), heading("Backstage")
	places := []discordsim.Channel{public}
	for i, name := range g.channels {
		place := discordsim.Channel{ID: g.Channels[i], Name: name, ParentID: public.ID, Position: i + 1}
		if strings.HasSuffix(name, "log") {
			place.ParentID = backstage.ID
			places = append(places, backstage)
			place.Overwrites = []discordsim.Overwrite{
				{ID: int64(g.ID), Deny: discordsim.PermissionViewChannel},
				{ID: int64(r.staff.ID), Allow: discordsim.PermissionViewChannel},
				{ID: int64(bot), Type: 1, Allow: discordsim.PermissionViewChannel},
			}
		}
		places = append(places, place)
	}
	return places
}
