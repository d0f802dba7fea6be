package desk

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// watched is an office with raid mode, which is run by hand.
func watched(t *testing.T) (*office, *store.Store) {
	o := newOffice(t)
	s := o.ledger.(*store.Store)
	mode := NewRaidMode(RaidOptions{Raids: s, Docket: s, Logger: slog.New(slog.DiscardHandler)})
	o.Desk = New(Options{Ledger: o.ledger, Docket: o.ledger, Raids: mode, Enforcer: o, Rules: o.ledger.Rules, Role: o.roleOf, Above: o.above,
		Self: func() snowflake.UserID { return self }, Logger: slog.New(slog.DiscardHandler)})
	return o, s
}

// join lets so many come in whose accounts are an hour old.
func (o *office) join(n int) {
	o.Helper()
	for i := range n {
		now := time.Now()
		o.event(moderation.MemberJoined{Origin: moderation.Origin{Guild: harbour, At: now}, Member: moderation.Member{JoinedAt: now,
			User: moderation.User{ID: snowflake.At[snowflake.UserID](now.Add(-time.Hour), int64(i)), Name: "raider"}}})
	}
}

func (o *office) newestRaid(s *store.Store) (r raid.Raid, members []store.RaidMember, clusters []store.RaidCluster) {
	o.Helper()
	if err := s.Read(context.Background(), func(now *store.Snapshot) {
		if r, _ = now.NewestRaid(harbour); r.Number != 0 {
			members, clusters = now.RaidMembers(&r), now.RaidClusters(harbour, r.Number)
		}
	}); err != nil {
		o.Fatal(err)
	}
	return r, members, clusters
}

// What the desk is handed sets raid mode off, under the preset that the guild has chosen.
func TestEventsSetRaidModeOff(t *testing.T) {
	for preset, want := range map[raid.Preset]map[int]bool{raid.Off: {12: false}, raid.Balanced: {9: false, 10: true}, raid.Sensitive: {5: false, 6: true}} {
		for joins, on := range want {
			o, s := watched(t)
			if preset != raid.Balanced {
				if err := s.SetRaidPreset(context.Background(), granted[access.UpdateSettings](o, owner), preset); err != nil {
					t.Fatal(err)
				}
			}
			o.join(joins)
			o.RaidMode().record(context.Background())
			r, members, _ := o.newestRaid(s)
			if r.On() != on || on && (len(members) != joins || r.NewJoins != joins || r.By != 0) {
				t.Errorf("%s and %d joins: %+v with %d members", preset, joins, r, len(members))
			}
		}
	}
}

// Ten similar messages from five members do as well; what they wrote and who they are is kept with the raid, more of it
// while it lasts.
func TestSimilarMessagesSetRaidModeOff(t *testing.T) {
	o, s := watched(t)
	say := func(from, to int) {
		for i := from; i < to; i++ {
			o.event(said(snowflake.MessageID(1000+i), snowflake.UserID(50+i%5), "everybody come over to the other server now"))
		}
		o.RaidMode().record(context.Background())
	}
	say(0, 9)
	if r, _, _ := o.newestRaid(s); r.Number != 0 {
		t.Fatalf("nine messages: %+v", r)
	}
	say(9, 12)
	r, members, clusters := o.newestRaid(s)
	if !r.On() || r.Trigger != raid.ByMessages || len(members) != 5 || len(clusters) != 1 || clusters[0].Messages != 12 {
		t.Fatalf("%+v with %d members and %+v", r, len(members), clusters)
	}
	say(12, 15)
	if _, _, clusters = o.newestRaid(s); clusters[0].Messages != 15 || clusters[0].Text != "everybody come over to the other server now" {
		t.Errorf("then there are %+v", clusters)
	}
}

// While a wave is expected the same is noted once and nothing is done; afterwards it is a raid again.
func TestAnExpectedWaveIsNoRaid(t *testing.T) {
	o, s := watched(t)
	expecting := granted[access.SwitchRaidMode](o, mod)
	if err := s.ExpectWave(context.Background(), expecting, time.Hour); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		o.join(12)
		o.RaidMode().record(context.Background())
	}
	r, members, _ := o.newestRaid(s)
	if r.Number != 1 || r.On() || r.EndedWhy != raid.EndedExpected || len(members) < 12 {
		t.Errorf("%+v with %d members", r, len(members))
	}
	if due, err := s.DueRaids(context.Background(), time.Now().Add(time.Hour)); len(due) != 0 || err != nil {
		t.Errorf("there is something to do: %+v, %v", due, err)
	}
	if err := s.ExpectWave(context.Background(), expecting, 0); err != nil {
		t.Fatal(err)
	}
	o.join(12)
	o.RaidMode().record(context.Background())
	if r, _, _ := o.newestRaid(s); r.Number != 2 || !r.On() {
		t.Errorf("afterwards: %+v", r)
	}
}

// Moderators, guildwatch, who asks and whose role nobody knows are not acted on in bulk.
func TestWhomNobodyActsOnInBulk(t *testing.T) {
	o, _ := watched(t)
	acting := granted[access.ActOnMembers](o, mod)
	targets, spared := o.RaidTargets(context.Background(), acting, []snowflake.UserID{ada, mod, admin, owner, self, bob})
	if len(targets) != 2 || targets[0] != ada || targets[1] != bob || len(spared) != 4 {
		t.Errorf("targets %v, spared %v", targets, spared)
	}
	o.unsure.Store(true)
	if targets, _ := o.RaidTargets(context.Background(), acting, []snowflake.UserID{ada}); len(targets) != 0 {
		t.Errorf("while nobody knows who is who: %v", targets)
	}
}

// A raid keeps the first 500 members, however many come.
func TestARaidKeepsSoManyMembers(t *testing.T) {
	o, s := watched(t)
	report := raid.Report{Guild: harbour, At: time.Now(), Triggers: []raid.Trigger{raid.ByJoins}}
	for i := range 700 {
		report.Joins = append(report.Joins, raid.Join{User: snowflake.UserID(10_000 + i), At: time.Now()})
	}
	for range 2 {
		if _, _, err := s.SeeRaid(context.Background(), report); err != nil {
			t.Fatal(err)
		}
	}
	if _, members, _ := o.newestRaid(s); len(members) != 500 {
		t.Errorf("%d members are kept", len(members))
	}
}
