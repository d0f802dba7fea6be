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
)

// watched is an office with raid mode, which is run by hand.
func watched(t *testing.T) (*office, keeper) {
	o := newOffice(t)
	s := o.ledger.(keeper)
	mode := NewRaidMode(RaidOptions{Raids: s, Docket: s, Logger: slog.New(slog.DiscardHandler)})
	o.Desk = New(Options{Ledger: o.ledger, Docket: o.ledger, Raids: mode, Enforcer: o, Rules: o.ledger.Rules, Role: o.roleOf, Above: o.above,
		Self: func() snowflake.UserID { return self }, Logger: slog.New(slog.DiscardHandler)})
	return o, s
}

// newest is the guild's newest raid once what was noticed is recorded.
func (o *office) newest(s keeper) raid.Raid {
	o.Helper()
	o.RaidMode().record(context.Background())
	r, err := s.NewestRaid(context.Background(), harbour)
	if err != nil {
		o.Fatal(err)
	}
	return r
}

// Those who join set raid mode off. Bots are no raiders.
func TestJoinsSetRaidModeOff(t *testing.T) {
	o, s := watched(t)
	join := func(from, to int, bot bool) {
		for i := from; i < to; i++ {
			now := time.Now()
			o.event(moderation.MemberJoined{Origin: moderation.Origin{Guild: harbour, At: now}, Member: moderation.Member{JoinedAt: now,
				User: moderation.User{ID: snowflake.At[snowflake.UserID](now.Add(-time.Hour), int64(i)), Name: "raider", Bot: bot}}})
		}
	}
	join(0, 12, true)
	join(12, 21, false)
	if r := o.newest(s); r.Number != 0 {
		t.Fatalf("nine members and twelve bots: %+v", r)
	}
	join(21, 22, false)
	if r := o.newest(s); !r.On() || r.Trigger != raid.ByJoins || r.NewJoins != 10 || r.By != 0 {
		t.Errorf("ten members: %+v", r)
	}
}

// Similar messages set raid mode off, but not what bots write, what is read back, and what is only changed.
func TestSimilarMessagesSetRaidModeOff(t *testing.T) {
	o, s := watched(t)
	for i := range 12 {
		e := said(snowflake.MessageID(1000+i), snowflake.UserID(50+i%5), "everybody come over to the other server now")
		for _, change := range []func(*moderation.MessagePosted){func(e *moderation.MessagePosted) { e.Late = true },
			func(e *moderation.MessagePosted) { e.Edit = true }, func(e *moderation.MessagePosted) { e.Unfurl = true },
			func(e *moderation.MessagePosted) { e.Author.Bot = true }, func(e *moderation.MessagePosted) { e.Webhook = 5 }} {
			other := e
			change(&other)
			o.event(other)
		}
		switch r := o.newest(s); {
		case i <= 9 && r.Number != 0:
			t.Fatalf("%d messages: %+v", i, r)
		case i == 10 && (!r.On() || r.Trigger != raid.ByMessages):
			t.Fatalf("ten messages: %+v", r)
		}
		o.event(e)
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
