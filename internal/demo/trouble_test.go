package demo

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"guildwatch/internal/discordsim"
)

// backstage is a guild of the town on a stand-in that nobody is connected to.
func backstage(t *testing.T, guild int) (*stage, *discordsim.Sim) {
	t.Helper()
	town, began := NewTown(1, noon), time.Now()
	sim := discordsim.New(discordsim.Options{Owner: town.Owner, Clock: func() time.Time { return noon.Add(time.Since(began)) }})
	town.Settle(sim)
	return newStage(sim, town.Guilds[guild], town.random(1)), sim
}

func TestAGuildOutlivesItsRules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, sim := backstage(t, 2)
		away := 0
		for range 500 {
			s.offend(t.Context())
			for i, who := range s.rascals {
				if i%2 == 0 && sim.Kick(s.guild.ID, sim.OwnerID(), who, "") || i%2 == 1 && sim.Ban(s.guild.ID, sim.OwnerID(), who, "") {
					away++
				}
			}
		}
		if here := len(sim.Members(s.guild.ID)); here < fewest || away < 300 {
			t.Errorf("%d members are left after %d were sent away", here, away)
		}
	})
}

func TestWhoIsGoneOrSilencedBreaksNoRule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, sim := backstage(t, 0)
		for round := range 200 {
			who := s.offender()
			m, here := sim.MemberOf(s.guild.ID, who)
			if !here || m.TimeoutUntil != nil && m.TimeoutUntil.After(sim.Now()) {
				t.Fatalf("round %d: %d cannot write", round, who)
			}
			if slices.ContainsFunc(s.guild.Moderators(), func(staff Resident) bool { return staff.ID == who }) {
				t.Fatalf("round %d: a moderator breaks a rule", round)
			}
			switch round % 3 {
			case 0:
				sim.Timeout(s.guild.ID, sim.OwnerID(), who, sim.Now().Add(time.Hour), "")
			case 1:
				sim.Ban(s.guild.ID, sim.OwnerID(), who, "")
			}
		}
	})
}
