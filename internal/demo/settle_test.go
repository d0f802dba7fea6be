package demo

import (
	"slices"
	"testing"

	"guildwatch/internal/discordsim"
)

func TestGuildsAreSettledWithRanksAndPlaces(t *testing.T) {
	town := NewTown(1, noon)
	one := discordsim.New(discordsim.Options{Owner: town.Owner})
	two := discordsim.New(discordsim.Options{Owner: town.Owner})
	town.Settle(one)
	town.Settle(two)
	for _, g := range town.Guilds {
		for _, name := range []string{"Staff", "Keepers", "Helpers", "Regulars"} {
			if id := one.RoleNamed(g.ID, name); id == 0 || id != two.RoleNamed(g.ID, name) {
				t.Errorf("%s: the role %s is %d, and %d after another start", g.name, name, id, two.RoleNamed(g.ID, name))
			}
		}
		for _, name := range append([]string{"The square"}, g.channels...) {
			if id := one.ChannelNamed(g.ID, name); id == 0 || id != two.ChannelNamed(g.ID, name) {
				t.Errorf("%s: the channel %s is %d, and %d after another start", g.name, name, id, two.ChannelNamed(g.ID, name))
			}
		}
		staff, keepers := one.RoleNamed(g.ID, "Staff"), one.RoleNamed(g.ID, "Keepers")
		for i, who := range g.People[:g.mods+1] {
			m, there := one.MemberOf(g.ID, who.ID)
			if !there && i < g.mods {
				t.Fatalf("%s: moderator %d is not there", g.name, i)
			}
			if slices.Contains(m.Roles, staff) != (i < g.mods) || slices.Contains(m.Roles, keepers) != (i == 0) {
				t.Errorf("%s: resident %d has the roles %v", g.name, i, m.Roles)
			}
		}
	}

	last := town.Guilds[0].channels[len(town.Guilds[0].channels)-1]
	log := one.ChannelNamed(town.Guilds[0].ID, last)
	if one.Post(discordsim.Post{Channel: log, Author: town.Guilds[0].People[0].ID, Content: "noted"}) == 0 {
		t.Error("the staff cannot write in the log")
	}
	for _, who := range town.Guilds[0].Present() {
		if m, _ := one.MemberOf(town.Guilds[0].ID, who.ID); len(m.Roles) == 0 {
			if one.Post(discordsim.Post{Channel: log, Author: who.ID, Content: "hello"}) != 0 {
				t.Error("anybody can write in the log")
			}
			return
		}
	}
	t.Error("everybody has a role")
}
