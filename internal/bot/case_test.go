package bot

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/discordsim"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/desk"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// strict is a desk whose one rule is broken by the word flurb, and which records cases through the docket while open
// says so. Its clerk works until the test ends.
func strict(t *testing.T, s *store.Store, open *atomic.Bool, asked chan<- struct{}) *desk.Desk {
	rules, _ := rule.Compile(0, []rule.Rule{{Number: 1, Version: 1, Name: "No flurbs", Kind: rule.Words,
		Mode: rule.Enforce, Severity: moderation.SeverityHigh, Respond: rule.RespondNothing, Spec: rule.Spec{Words: []string{"flurb"}}}}, nil)
	d := desk.New(desk.Options{Ledger: s, Docket: gated{s, open, asked},
		Rules: func(context.Context, snowflake.GuildID) (*rule.Set, error) { return rules, nil },
		Role: func(context.Context, snowflake.GuildID, snowflake.UserID) (access.Role, error) {
			return access.Viewer, nil
		},
		Self: func() snowflake.UserID { return 1 }, Logger: slog.New(slog.DiscardHandler)})
	ctx, cancel := context.WithCancel(t.Context())
	var work sync.WaitGroup
	work.Go(func() { d.Clerk().Run(ctx) })
	t.Cleanup(func() { cancel(); work.Wait() })
	return d
}

// gated is the real docket behind a gate.
type gated struct {
	*store.Store
	open  *atomic.Bool
	asked chan<- struct{}
}

// OpenAll records cases while the gate is open.
func (g gated) OpenAll(ctx context.Context, cases []moderation.Case) ([]moderation.Opened, error) {
	if !g.open.Load() {
		select {
		case g.asked <- struct{}{}:
		default:
		}
		return nil, fault.New(fault.Unavailable, "The disk is full.")
	}
	return g.Store.OpenAll(ctx, cases)
}

// A crash between a broken rule and its record loses nothing: the position stays before the message, which Discord
// sends again, and neither the message nor the rule counts twice.
func TestF01NoPositionIsSavedBeforeWhatWasFoundIsRecorded(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	s := storetest.New(t)
	var open atomic.Bool
	open.Store(true)
	asked := make(chan struct{}, 1)
	brief := func(o *Options) { o.pace.drain = 50 * time.Millisecond }
	l := newLedger(s)
	r := start(t, sim, l, brief, func(o *Options) { o.Desk = strict(t, s, &open, asked) })
	r.wait(t, StateConnected)
	say(sim, channel, ada, 0, 10)
	l.wait(t, "ten messages are counted", func() bool { return counted(l) == 10 })
	open.Store(false)
	sim.Post(discordsim.Post{Channel: channel, Author: ada, Content: "buy a flurb"})
	say(sim, channel, ada, 11, 10)
	<-asked
	waitEvents[moderation.MessagePosted](t, r, 21)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, s, guild); n != 10 {
		t.Fatalf("%d messages are counted, of which 10 came before the one that is not recorded", n)
	}

	open.Store(true)
	r = start(t, sim, newLedger(s), func(o *Options) { o.Desk = strict(t, s, &open, asked) })
	waitEvents[moderation.MessagePosted](t, r, 11)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	var found []store.ViolationRow
	err := s.Read(t.Context(), func(now *store.Snapshot) { found = now.Violations(guild, store.ViolationFilter{}, 10) })
	if err != nil {
		t.Fatal(err)
	}
	if n := messages(t, s, guild); n != 21 || len(found) != 1 || found[0].Content != "buy a flurb" {
		t.Errorf("%d messages are counted, want 21; violations %+v", n, found)
	}
}

// counted is how many messages were flushed. The ledger's lock is held.
func counted(l *ledger) (n int64) {
	for _, one := range l.each {
		n += one.messages
	}
	return n
}

// What of a raid was given up is a gap of its guild, to the last case.
func TestF30WhatIsGivenUpIsAGap(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	s := storetest.New(t)
	var open atomic.Bool
	open.Store(true)
	l := newLedger(s)
	d := strict(t, s, &open, nil)
	r := start(t, sim, l, func(o *Options) { o.Desk = d })
	r.wait(t, StateConnected)
	const posted = 2000
	n, err := sim.Burst(within(t), posted, func(i int) discordsim.Post {
		return discordsim.Post{Channel: channel, Author: ada, Content: fmt.Sprint("flurb ", i)}
	})
	if err != nil || n != posted {
		t.Fatal(n, err)
	}
	l.wait(t, "all messages are counted", func() bool { return counted(l) == posted })
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	w := d.Clerk().Waiting()
	var dropped int64
	for _, gap := range l.gaps {
		if gap.Guild == guild && gap.Reason == gapCases {
			dropped += gap.Dropped
		}
	}
	if w.Shed == 0 || dropped != w.Shed || w.Opened+w.Shed != posted || w.Cases != 0 {
		t.Errorf("%+v, gaps tell of %d", w, dropped)
	}
}
