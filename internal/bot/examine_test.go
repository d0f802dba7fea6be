package bot

import (
	"fmt"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
)

func TestPlacesListsEveryGuildWithTheBotsPermissions(t *testing.T) {
	sim := discord(t)
	const n = placesAtOnce + 5
	for i := range n {
		sim.AddGuild(discordsim.Guild{Name: fmt.Sprint("guild ", i), BotPermissions: discordsim.Permissions(moderation.PermKickMembers)})
	}
	i, err := NewInspector(sim.URL(), sim.Token())
	if err != nil {
		t.Fatal(err)
	}
	i.rest = caller(t, sim)
	places, err := i.Places(within(t))
	if err != nil || len(places) != n {
		t.Fatalf("%d places, %v", len(places), err)
	}
	if p := places[n-1]; p.ID == 0 || p.Name != fmt.Sprint("guild ", n-1) || !p.Permissions.Has(moderation.PermKickMembers) ||
		p.Permissions.Has(moderation.PermBanMembers) {
		t.Errorf("the last is %+v", p)
	}
	if skew := i.Skew(); skew.Abs() > 5*time.Second {
		t.Errorf("the stand-in's clock, which is ours, is off by %s", skew)
	}
}
