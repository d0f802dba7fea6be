package demo

import (
	"context"
	"reflect"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/store"
)

var noon = time.Date(2026, 3, 1, 12, 25, 0, 0, time.UTC)

func TestTheSameSeedAndHourMakeTheSameTown(t *testing.T) {
	a, b := NewTown(7, noon), NewTown(7, noon.Add(10*time.Minute))
	if !reflect.DeepEqual(a.Guilds, b.Guilds) {
		t.Error("two towns of one seed and hour differ")
	}
	if other := NewTown(8, noon); reflect.DeepEqual(a.Guilds[0].People, other.Guilds[0].People) {
		t.Error("another seed made the same people")
	}
}

func TestEverybodyHasANumberOfTheirOwnAndLeavesAfterComing(t *testing.T) {
	seen := map[int64]bool{}
	for _, g := range NewTown(1, noon).Guilds {
		if here := len(g.Present()); here < g.members*9/10 || here > g.members*11/10 {
			t.Errorf("%s has %d members, want about %d", g.name, here, g.members)
		}
		for i, who := range g.People {
			if seen[int64(who.ID)] || who.ID <= 0 {
				t.Fatalf("id %d twice, or from before Discord was", who.ID)
			}
			seen[int64(who.ID)] = true
			if !who.Left.IsZero() && (who.Left.Before(who.Joined) || who.Left.After(noon) || i < g.mods) {
				t.Fatalf("%s: resident %d joined %s, left %s", g.name, i, who.Joined, who.Left)
			}
		}
	}
}

func TestHistoryIsADatabaseThatOpens(t *testing.T) {
	dir := t.TempDir()
	town := NewTown(1, noon)
	began := time.Now()
	if err := town.Write(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	t.Logf("90 days written in %s", time.Since(began))
	s, err := store.Open(context.Background(), store.Options{Dir: dir, Clock: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Read(context.Background(), func(now *store.Snapshot) {
		for _, g := range town.Guilds {
			month := store.Span{From: town.Start.Add(-30 * 24 * time.Hour), Until: town.Start}
			counted, planned := float64(now.Activity(g.ID, month).Messages), g.messages*30
			if counted < planned*0.7 || counted > planned*1.4 {
				t.Errorf("%s: %v messages in a month, planned %v", g.name, counted, planned)
			}
			if acts := now.Actions(g.ID, month); acts.Total() == 0 || len(now.Newest(g.ID, 50)) < 50 && g.name != plans[2].name {
				t.Errorf("%s: %d actions, %d lines", g.name, acts.Total(), len(now.Newest(g.ID, 50)))
			}
		}
		for _, g := range town.Guilds {
			rules := now.RuleList(g.ID)
			if len(rules) != len(g.OwnRules()) {
				t.Errorf("%s: %d rules, want %d", g.name, len(rules), len(g.OwnRules()))
			}
			states := map[moderation.ViolationState]int{}
			for _, v := range now.Violations(g.ID, store.ViolationFilter{Source: moderation.SourceRule}, 10_000) {
				states[v.State]++
				if acted := len(v.Actions) > 0; acted == v.Shadow || acted != (v.Response >= 0) {
					t.Errorf("%s: #%d of %q, shadow %v, has %d actions after %s", g.name, v.Number, v.RuleName, v.Shadow,
						len(v.Actions), v.Response)
				}
			}
			if states[moderation.StateCounted] == 0 || states[moderation.StateShadow] == 0 {
				t.Errorf("%s: %v", g.name, states)
			}
		}
		if now.ActiveUsers(noon.Add(-30*24*time.Hour)) == 0 {
			t.Error("nobody was active")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestADirectoryGoesOnWithItsFirstTown(t *testing.T) {
	dir := t.TempDir()
	first, err := Open(t.Context(), dir, 3, noon)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), dir, 3, noon.Add(5*time.Hour))
	if err != nil || !reflect.DeepEqual(first.Guilds, again.Guilds) {
		t.Errorf("another town five hours later, %v", err)
	}
	if _, err := Open(t.Context(), dir, 4, noon); err == nil {
		t.Error("another seed on the same directory was accepted")
	}
}
