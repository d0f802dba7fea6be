package discordsim

import "testing"

func TestChangedRolesAndChannelsAreTold(t *testing.T) {
	s := start(t, Options{})
	guild, post := harbour(s)
	role := s.AddRole(guild.ID, s.OwnerID(), Role{Name: "Helper"})
	c := connect(t, s, IntentGuilds)
	c.event("GUILD_CREATE")
	if !s.ChangeRole(guild.ID, s.OwnerID(), role, func(r *Role) { r.ID, r.Permissions = 1, PermissionAdministrator }) {
		t.Fatal("no such role")
	}
	var told struct {
		Role struct{ ID, Permissions string }
	}
	c.decode(c.event("GUILD_ROLE_UPDATE"), &told)
	if told.Role.ID != role.String() || told.Role.Permissions != "8" || s.RoleNamed(guild.ID, "Helper") != role {
		t.Errorf("told %+v", told)
	}
	s.ChangeChannel(post.Channel, func(c *Channel) { c.ID, c.Name = 1, "renamed" })
	var channel struct{ ID, Name string }
	c.decode(c.event("CHANNEL_UPDATE"), &channel)
	if channel.ID != post.Channel.String() || channel.Name != "renamed" {
		t.Errorf("told %+v", channel)
	}
	if s.ChangeRole(guild.ID, s.OwnerID(), 5, nil) || s.ChangeChannel(5, nil) {
		t.Error("what is not there was changed")
	}
}
