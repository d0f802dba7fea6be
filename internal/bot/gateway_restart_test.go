package bot

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/store/storetest"
)

func TestF15ARestartResumesAndCountsEachMessageOnce(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	s := storetest.New(t)
	for round := range 3 {
		r := start(t, sim, newLedger(s))
		r.wait(t, StateConnected)
		say(sim, channel, ada, round*100, 50)
		received(t, sim)
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
		say(sim, channel, ada, round*100+50, 50) // while it is away
	}
	r := start(t, sim, newLedger(s))
	waitEvents[moderation.MessagePosted](t, r, 50)
	received(t, sim)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, s, guild); n != 300 {
		t.Errorf("%d messages counted, want 300", n)
	}
	if n := len(sim.Identifies()); n != 1 {
		t.Errorf("%d sessions were started, want 1", n)
	}
	if len(r.ledger.gaps) > 0 {
		t.Error("a gap was recorded though nothing was missed")
	}
}

// A crash is a Bot whose last flushes never happened: nothing after the stored position may have been counted.
func TestF15ACrashLosesAndDoublesNothing(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	s := storetest.New(t)
	l := newLedger(s)
	r := start(t, sim, l)
	r.wait(t, StateConnected)
	say(sim, channel, ada, 0, 40)
	waitEvents[moderation.MessagePosted](t, r, 40)
	l.wait(t, "a flush behind the messages", func() bool { return l.at.Seq >= 41 })
	l.failing(func(call string) error {
		if call == "Flush" {
			return errors.New("the power is gone")
		}
		return nil
	})
	say(sim, channel, ada, 40, 40)
	waitEvents[moderation.MessagePosted](t, r, 80)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r = start(t, sim, newLedger(s))
	inOrderFrom(t, waitEvents[moderation.MessagePosted](t, r, 40), 40)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, s, guild); n != 80 {
		t.Errorf("%d messages counted, want 80", n)
	}
}

func inOrderFrom(t testing.TB, seen []moderation.MessagePosted, first int) {
	t.Helper()
	for i, text := range contents(seen) {
		if text != fmt.Sprint(first+i) {
			t.Fatalf("message %d is %q", first+i, text)
		}
	}
}

func TestF15ARestartThatComesTooLateRecordsTheGap(t *testing.T) {
	sim := discord(t)
	harbour(sim)
	s := storetest.New(t)
	r := start(t, sim, newLedger(s))
	r.wait(t, StateConnected)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	left, err := s.Position(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	sim.Forget()
	r = start(t, sim, newLedger(s))
	gap := r.ledger.waitGaps(t, 1)[0]
	if !gap.From.Equal(left.SavedAt) || !strings.Contains(gap.Reason, "away") {
		t.Errorf("the gap is %+v, want it from %s on", gap, left.SavedAt)
	}
}

func TestF16WhatDiscordSendsTwiceCountsOnce(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	say(sim, channel, ada, 0, 20)
	sim.Redeliver(20)
	say(sim, channel, ada, 20, 1)
	inOrder(t, waitEvents[moderation.MessagePosted](t, r, 21), 21)
	if n := r.Status().Duplicates; n != 20 {
		t.Errorf("%d repetitions noticed, want 20", n)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, r.ledger.Store, guild); n != 21 {
		t.Errorf("%d messages counted, want 21", n)
	}
}

func TestF17EditsAndDeletionsStayInOrder(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	const n = 700 // three events each: 2100
	for i := range n {
		id := sim.Post(discordsim.Post{Channel: channel, Author: ada, Content: fmt.Sprint(i)})
		sim.Edit(channel, id, fmt.Sprintf("%d, again", i))
		sim.Delete(channel, id, ada)
	}
	waitEvents[moderation.MessagesDeleted](t, r, n)
	r.watch.mu.Lock()
	defer r.watch.mu.Unlock()
	step := 0
	for _, event := range r.watch.events {
		switch e := event.(type) {
		case moderation.MessagePosted:
			want := fmt.Sprint(step / 3)
			if e.Edit {
				want += ", again"
			}
			if e.Edit != (step%3 == 1) || e.Texts[0].Value != want {
				t.Fatalf("step %d is %q (edit %v)", step, e.Texts[0].Value, e.Edit)
			}
			step++
		case moderation.MessagesDeleted:
			if step%3 != 2 {
				t.Fatalf("step %d is a deletion", step)
			}
			step++
		}
	}
}
