package bot

import (
	"slices"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// square adds a guild with two roles, a category and two channels in it.
func square(sim *discordsim.Sim) snowflake.GuildID {
	guild := sim.AddGuild(discordsim.Guild{Name: "Square", Roles: []discordsim.Role{
		{Name: "Helper", Color: 0x3366ff, Permissions: discordsim.PermissionManageMessages},
		{Name: "Chief", Permissions: discordsim.PermissionAdministrator},
	}})
	town := sim.AddChannel(guild, discordsim.Channel{Name: "Town", Type: discordsim.ChannelCategory, Position: 1})
	sim.AddChannel(guild, discordsim.Channel{Name: "general", ParentID: town, Position: 2})
	sim.AddChannel(guild, discordsim.Channel{Name: "news", ParentID: town, Type: discordsim.ChannelNews, Position: 3})
	return guild
}

func roleNamed(list []moderation.DiscordRole, name string) moderation.DiscordRole {
	for _, r := range list {
		if r.Name == name {
			return r
		}
	}
	return moderation.DiscordRole{}
}

func TestAGuildIsSeenWithItsRolesAndChannels(t *testing.T) {
	sim := discord(t)
	guild := square(sim)
	r := start(t, sim, nil)
	seen := waitEvents[moderation.GuildSeen](t, r, 1)[0]
	everyone, chief := roleNamed(seen.Roles, "@everyone"), roleNamed(seen.Roles, "Chief")
	helper := roleNamed(seen.Roles, "Helper")
	if everyone.ID != snowflake.RoleID(guild) || !everyone.Permissions.Has(moderation.PermSendMessages) {
		t.Errorf("@everyone is %+v", everyone)
	}
	if helper.Color != 0x3366ff || helper.Position == 0 || helper.Position >= chief.Position || helper.Managed ||
		!chief.Permissions.Has(moderation.PermAdministrator) || helper.Permissions.Has(moderation.PermAdministrator) {
		t.Errorf("the roles are %+v", seen.Roles)
	}
	if own := roleNamed(seen.Roles, "guildwatch"); !own.Managed {
		t.Errorf("the bot's own role is %+v", own)
	}
	town, news := sim.ChannelNamed(guild, "Town"), sim.ChannelNamed(guild, "news")
	want := moderation.Channel{ID: news, Parent: town, Name: "news", Kind: moderation.ChannelAnnouncements, Position: 3}
	if len(seen.Channels) != 3 || !slices.Contains(seen.Channels, want) {
		t.Errorf("the channels are %+v", seen.Channels)
	}
}

func TestChangesOfRolesAndChannelsArrive(t *testing.T) {
	sim := discord(t)
	guild := square(sim)
	r := start(t, sim, nil)
	waitEvents[moderation.GuildSeen](t, r, 1)
	owner := sim.OwnerID()

	made := sim.AddRole(guild, owner, discordsim.Role{Name: "New", Position: 1})
	sim.ChangeRole(guild, owner, made, func(r *discordsim.Role) { r.Permissions = discordsim.PermissionAdministrator })
	sim.RemoveRole(guild, owner, made)
	roles := waitEvents[moderation.RoleSeen](t, r, 3)
	for i, want := range []moderation.RoleSeen{
		{Role: moderation.DiscordRole{ID: made, Name: "New", Position: 1}},
		{Role: moderation.DiscordRole{ID: made, Name: "New", Position: 1, Permissions: moderation.PermAdministrator}},
		{Role: moderation.DiscordRole{ID: made}, Deleted: true},
	} {
		want.Origin = roles[i].Origin
		if roles[i] != want || roles[i].Guild != guild || roles[i].At.IsZero() {
			t.Errorf("change %d of the role is %+v", i, roles[i])
		}
	}

	place := sim.AddChannel(guild, discordsim.Channel{Name: "place"})
	sim.AddChannel(guild, discordsim.Channel{Name: "talk", Type: discordsim.ChannelPublicThread, ParentID: place})
	sim.ChangeChannel(place, func(c *discordsim.Channel) { c.Name, c.Position = "plaza", 9 })
	sim.RemoveChannel(place)
	channels := waitEvents[moderation.ChannelSeen](t, r, 3)
	for i, want := range []moderation.ChannelSeen{
		{Channel: moderation.Channel{ID: place, Name: "place"}},
		{Channel: moderation.Channel{ID: place, Name: "plaza", Position: 9}},
		{Channel: moderation.Channel{ID: place, Name: "plaza", Position: 9}, Deleted: true},
	} {
		want.Origin = channels[i].Origin
		if channels[i] != want || channels[i].Guild != guild {
			t.Errorf("change %d of the channel is %+v", i, channels[i])
		}
	}
}

func TestANewOwnerAndRolesComeWithTheGuildsUpdate(t *testing.T) {
	sim := discord(t)
	guild, _, ada := harbour(sim)
	r := start(t, sim, nil)
	waitEvents[moderation.GuildSeen](t, r, 1)
	sim.UpdateGuild(guild, "", ada, 0)
	seen := waitEvents[moderation.GuildSeen](t, r, 2)[1]
	if seen.Profile.Owner != ada || len(seen.Roles) == 0 || seen.Channels != nil {
		t.Errorf("after the transfer the guild is %+v", seen)
	}
}

// A role that goes while the guild is looked up must not come back with the answer.
func TestAnAnswerThatMayBeOlderThanAChangeIsAskedForAgain(t *testing.T) {
	guilds, answered := newRoster(), time.Now()
	const guild, role = snowflake.GuildID(1), snowflake.RoleID(2)
	roles := map[snowflake.RoleID]moderation.Permissions{role: moderation.PermBanMembers}
	guilds.seen(moderation.Guild{ID: guild}, roles, []snowflake.RoleID{role})
	guilds.answered(guild, answered)
	change := func(after time.Duration) verdict {
		_, v := guilds.role(moderation.Origin{Guild: guild, At: answered.Add(after)}, moderation.DiscordRole{ID: role})
		return v
	}
	if v := change(-time.Millisecond); v != verdictUnknown {
		t.Errorf("a change from before the answer: verdict %d", v)
	}
	if v := change(time.Millisecond); v != verdictChanged {
		t.Errorf("a change from after the answer: verdict %d", v)
	}
	guilds.seen(moderation.Guild{ID: guild}, roles, nil) // came by itself, in the order of events
	if v := change(-time.Millisecond); v == verdictUnknown {
		t.Error("a guild that came by itself counts as asked for")
	}
}
