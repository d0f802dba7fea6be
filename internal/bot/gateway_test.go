package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// messages is what the database counts.
func messages(t testing.TB, s *store.Store, guild snowflake.GuildID) int64 {
	t.Helper()
	var n int64
	span := store.Span{From: time.Now().Add(-24 * time.Hour), Until: time.Now().Add(24 * time.Hour)}
	if err := s.Read(t.Context(), func(v *store.Snapshot) { n = v.Activity(guild, span).Messages }); err != nil {
		t.Fatal(err)
	}
	return n
}

// say posts n messages, numbered from a first one on.
func say(sim *discordsim.Sim, channel snowflake.ChannelID, author snowflake.UserID, first, n int) {
	for i := range n {
		sim.Post(discordsim.Post{Channel: channel, Author: author, Content: fmt.Sprint(first + i)})
	}
}

// inOrder checks that each of n messages came once and in order.
func inOrder(t testing.TB, seen []moderation.MessagePosted, n int) {
	t.Helper()
	got := contents(seen)
	if len(got) != n {
		t.Errorf("%d messages were handled, want %d", len(got), n)
	}
	for i, text := range got {
		if text != fmt.Sprint(i) {
			t.Fatalf("message %d is %q", i, text)
		}
	}
}

func TestF12ADeadConnectionIsFoundAndResumed(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	sim.Set(func(k *discordsim.Knobs) { k.HeartbeatInterval = 50 * time.Millisecond })
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	say(sim, channel, ada, 0, 10)
	waitEvents[moderation.MessagePosted](t, r, 10)
	sim.Set(func(k *discordsim.Knobs) { k.StopACK = true })
	if err := sim.WaitDisconnected(within(t)); err != nil {
		t.Fatal(err)
	}
	sim.Set(func(k *discordsim.Knobs) { k.StopACK = false })
	say(sim, channel, ada, 10, 10)
	inOrder(t, waitEvents[moderation.MessagePosted](t, r, 20), 20)
	for _, c := range sim.Closes() {
		if c.Code != 4000 {
			t.Errorf("closed with %d, which ends the session", c.Code)
		}
	}
	if n := len(sim.Identifies()); n != 1 {
		t.Errorf("%d sessions were started, want 1: the first lives on", n)
	}
	if !strings.Contains(r.logged.String(), "a heartbeat was not answered") {
		t.Errorf("the log does not say why:\n%s", r.logged)
	}
}

func TestF12AHalfOpenConnectionIsFoundThoughNothingComes(t *testing.T) {
	sim := discord(t)
	harbour(sim)
	sim.Set(func(k *discordsim.Knobs) { k.HeartbeatInterval = 50 * time.Millisecond })
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	sim.Set(func(k *discordsim.Knobs) { k.Frozen = true })
	if err := sim.WaitSockets(within(t), 2); err != nil {
		t.Fatal(err)
	}
	sim.Set(func(k *discordsim.Knobs) { k.Frozen = false })
	if err := sim.WaitConnected(within(t)); err != nil {
		t.Fatal(err)
	}
	r.wait(t, StateConnected)
}

// The whole pace adds up to less than the 60 s within which a dead connection must be found: interval, ACK.
func TestF12WithDiscordsOwnIntervalADeadConnectionIsFoundWithin60s(t *testing.T) {
	const interval = 41250 * time.Millisecond
	p := defaultPace()
	if found := interval + p.ack; found > time.Minute {
		t.Errorf("a dead connection is found after %s", found)
	}
	now := time.Now()
	c := &conn{gateway: &gateway{pace: p}, phase: phaseLive, heard: now, interval: interval}
	if silence := c.deadline().Sub(now); silence > time.Minute {
		t.Errorf("silence is borne for %s", silence)
	}
}

func TestF13ASessionThatCannotBeResumedIsReplacedAndTheGapRecorded(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	say(sim, channel, ada, 0, 5)
	waitEvents[moderation.MessagePosted](t, r, 5)
	sim.Forget()
	sim.Drop()
	if err := sim.WaitIdentifies(within(t), 2); err != nil {
		t.Fatal(err)
	}
	gap := r.ledger.waitGaps(t, 1)[0]
	if gap.Guild != 0 || !gap.From.Before(gap.To) || gap.To.Sub(gap.From) > soon || gap.Reason != "Discord ended the session" {
		t.Errorf("the gap is %+v", gap)
	}
	say(sim, channel, ada, 5, 5)
	inOrder(t, waitEvents[moderation.MessagePosted](t, r, 10), 10)
	if n := len(r.ledger.waitGaps(t, 1)); n != 1 {
		t.Errorf("%d gaps, want 1", n)
	}
}

func TestF13OpNineThatKeepsTheSessionResumesIt(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	sim.Set(func(k *discordsim.Knobs) { k.Op9OnResume, k.Op9Resumable = 2, true })
	sim.Invalidate(true)
	if err := sim.WaitResumes(within(t), 3); err != nil {
		t.Fatal(err)
	}
	say(sim, channel, ada, 0, 5)
	inOrder(t, waitEvents[moderation.MessagePosted](t, r, 5), 5)
	if n := len(sim.Identifies()); n != 1 {
		t.Errorf("%d sessions were started, want 1", n)
	}
}

func TestF14NoFrameAtAnyMomentHangsTheLoop(t *testing.T) {
	cases := map[string]struct {
		knobs func(*discordsim.Knobs)
		then  func(*discordsim.Sim) // once connected
	}{
		"op 7 instead of HELLO": {knobs: func(k *discordsim.Knobs) { k.Op7InsteadOfHello = 2 }},
		"no HELLO":              {knobs: func(k *discordsim.Knobs) { k.NoHello = 1 }},
		"op 11 before READY":    {knobs: func(k *discordsim.Knobs) { k.Op11BeforeReady = discordsim.Always }},
		"op 9 for IDENTIFY":     {knobs: func(k *discordsim.Knobs) { k.Op9OnIdentify = 2 }},
		"op 7":                  {then: func(s *discordsim.Sim) { s.Reconnect() }},
		"op 7 after RESUME": {then: func(s *discordsim.Sim) {
			s.Set(func(k *discordsim.Knobs) { k.Op7AfterResume = 2 })
			s.Drop()
		}},
		"op 11 before RESUMED": {then: func(s *discordsim.Sim) {
			s.Set(func(k *discordsim.Knobs) { k.Op11BeforeReady = 1 })
			s.Drop()
		}},
		"op 9 for RESUME": {then: func(s *discordsim.Sim) {
			s.Set(func(k *discordsim.Knobs) { k.Op9OnResume = 1 })
			s.Drop()
		}},
		"a cut socket":             {then: func(s *discordsim.Sim) { s.Drop() }},
		"close code 4009":          {then: func(s *discordsim.Sim) { s.Disconnect(4009) }},
		"close code 4007":          {then: func(s *discordsim.Sim) { s.Disconnect(4007) }},
		"close code 4003":          {then: func(s *discordsim.Sim) { s.Disconnect(4003) }},
		"close code 1000":          {then: func(s *discordsim.Sim) { s.Disconnect(1000) }},
		"op 7 instead of HELLO, 2": {then: func(s *discordsim.Sim) { s.Set(func(k *discordsim.Knobs) { k.Op7InsteadOfHello = 1 }); s.Drop() }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := discord(t)
			_, channel, ada := harbour(sim)
			if c.knobs != nil {
				sim.Set(c.knobs)
			}
			r := start(t, sim, nil, func(o *Options) { o.pace.hello = 50 * time.Millisecond })
			r.wait(t, StateConnected)
			if c.then != nil {
				c.then(sim)
				r.wait(t, StateConnected)
			}
			say(sim, channel, ada, 0, 3)
			inOrder(t, waitEvents[moderation.MessagePosted](t, r, 3), 3)
		})
	}
}

func TestAHeartbeatThatDiscordAsksForIsSentAtOnce(t *testing.T) {
	sim := discord(t)
	harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	sim.AskHeartbeat()
	if err := sim.WaitHeartbeats(within(t), 1); err != nil {
		t.Fatal(err)
	}
	if beat := sim.Heartbeats()[0]; beat.Seq == 0 {
		t.Error("the heartbeat carries no sequence number")
	}
	r.ledger.wait(t, "the latency", func() bool { return r.Status().Latency > 0 })
}

func TestF15ARestartResumesAndCountsEachMessageOnce(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	s := storetest.New(t)
	for round := range 3 {
		r := start(t, sim, newLedger(s))
		r.wait(t, StateConnected)
		say(sim, channel, ada, round*100, 50)
		waitEvents[moderation.MessagePosted](t, r, 50)
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
		say(sim, channel, ada, round*100+50, 50) // while it is away
	}
	r := start(t, sim, newLedger(s))
	waitEvents[moderation.MessagePosted](t, r, 50)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, s, guild); n != 300 {
		t.Errorf("%d messages counted, want 300", n)
	}
	if n := len(sim.Identifies()); n != 1 {
		t.Errorf("%d sessions were started, want 1", n)
	}
	if r.ledger.count("RecordGap") > 0 {
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
		if call == "Flush begun" {
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

func TestF18AFatalCloseCodeStopsWithTheRemedy(t *testing.T) {
	for code, remedy := range map[int]string{
		4004: "Reset Token", 4010: "report it", 4011: "2,500", 4012: "newer guildwatch", 4013: "newer guildwatch",
	} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			sim := discord(t)
			sim.Set(func(k *discordsim.Knobs) { k.CloseOnIdentify = code })
			r := start(t, sim, nil)
			err := <-r.ended
			r.ended <- err
			var public *fault.Error
			var cause *Stopped
			if !errors.As(err, &public) || !strings.Contains(public.Public, remedy) || !errors.As(err, &cause) || cause.Code != code {
				t.Errorf("Run ended with %v, want %q", err, remedy)
			}
			if s := r.Status(); s.State != StateStopped || !strings.Contains(s.Problem, remedy) {
				t.Errorf("status %+v", s)
			}
			if n := len(sim.Identifies()); n != 1 {
				t.Errorf("%d sessions were asked for, want 1", n)
			}
		})
	}
}

func TestF18AWrongTokenStopsBeforeTheFirstSession(t *testing.T) {
	sim := discord(t)
	r := start(t, sim, nil, func(o *Options) { o.Token = "wrong" })
	err := <-r.ended
	r.ended <- err
	var public *fault.Error
	if !errors.As(err, &public) || !strings.Contains(public.Public, "DISCORD_TOKEN") {
		t.Errorf("Run ended with %v", err)
	}
	if n := len(sim.Identifies()); n != 0 {
		t.Errorf("%d sessions were asked for, want none", n)
	}
}

func TestF18ARefusedPrivilegedIntentLeavesAReducedMode(t *testing.T) {
	cases := map[string]struct {
		granted discordsim.Intents
		missing []string
	}{
		"content": {discordsim.IntentGuildMembers, []string{"Message Content Intent"}},
		"members": {discordsim.IntentMessageContent, []string{"Server Members Intent"}},
		"both":    {0, []string{"Server Members Intent", "Message Content Intent"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			sim := discord(t)
			_, channel, ada := harbour(sim)
			sim.Set(func(k *discordsim.Knobs) { k.PrivilegedIntents = c.granted })
			r := start(t, sim, nil)
			s := r.wait(t, StateConnected)
			var missing []string
			for _, m := range s.Missing {
				missing = append(missing, m.Intent)
				if m.Effect == "" || !strings.Contains(m.Remedy, "https://discord.com/developers/applications") {
					t.Errorf("%+v does not say what is missing and where to switch it on", m)
				}
			}
			if !slices.Equal(missing, c.missing) {
				t.Errorf("missing %v, want %v", missing, c.missing)
			}
			say(sim, channel, ada, 0, 1)
			e := waitEvents[moderation.MessagePosted](t, r, 1)[0]
			if blind := len(e.Texts) == 0; blind != (c.granted&discordsim.IntentMessageContent == 0) {
				t.Errorf("the message is %+v", e)
			}
			if n := len(sim.Identifies()); n != 2 {
				t.Errorf("%d sessions were asked for, want 2", n)
			}
		})
	}
}

func TestF18ARefusalOfAllIntentsStops(t *testing.T) {
	sim := discord(t)
	sim.Set(func(k *discordsim.Knobs) { k.CloseOnIdentify = 4014 })
	r := start(t, sim, nil)
	err := <-r.ended
	r.ended <- err
	var cause *Stopped
	if !errors.As(err, &cause) || cause.Code != 4014 {
		t.Errorf("Run ended with %v", err)
	}
}

func TestF19ACrashLoopStopsAtTheBudgetOfSessions(t *testing.T) {
	sim := discord(t)
	l := newLedger(storetest.New(t))
	for range identifyBudget - 1 {
		if err := l.NoteIdentify(t.Context(), time.Now().Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	sim.Forget()
	r := start(t, sim, l)
	r.wait(t, StateConnected)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	sim.Forget() // the session is lost, as after a long crash
	r = start(t, sim, newLedger(l.Store))
	s := r.wait(t, StateWaiting)
	if !strings.Contains(s.Problem, "200 sessions") {
		t.Errorf("the problem is %q", s.Problem)
	}
	if n := len(sim.Identifies()); n != 1 {
		t.Errorf("%d sessions were asked for, want 1", n)
	}
}

func TestF19DiscordsOwnLimitOfSessionsIsObeyed(t *testing.T) {
	sim := discord(t)
	sim.Set(func(k *discordsim.Knobs) { k.StartsTotal = 1 })
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	sim.Forget()
	sim.Drop()
	if s := r.wait(t, StateWaiting); !strings.Contains(s.Problem, "no further session") {
		t.Errorf("the problem is %q", s.Problem)
	}
	if n := len(sim.Identifies()); n != 1 {
		t.Errorf("%d sessions were asked for: the next resets the token", n)
	}
}

func TestSessionsAreStartedFiveSecondsApartAcrossARestart(t *testing.T) {
	sim := discord(t)
	l := newLedger(storetest.New(t))
	if err := l.NoteIdentify(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	const apart = 300 * time.Millisecond
	began := time.Now()
	r := start(t, sim, l, func(o *Options) { o.pace.identifyEvery = apart })
	r.wait(t, StateConnected)
	if took := time.Since(began); took < apart {
		t.Errorf("the session was asked for after %s, want at least %s", took, apart)
	}
}

func TestF47AnOutageIsNoDeparture(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	sim.Outage(guild)
	if lost := waitEvents[moderation.GuildLost](t, r, 1)[0]; !lost.Outage || lost.Guild != guild {
		t.Errorf("lost: %+v", lost)
	}
	sim.Recover(guild)
	back := waitEvents[moderation.GuildSeen](t, r, 2)[1]
	if back.Joined || back.Profile.Name != "Harbour" {
		t.Errorf("back: %+v", back)
	}
	say(sim, channel, ada, 0, 1)
	waitEvents[moderation.MessagePosted](t, r, 1)
}

func TestAGuildThatThrewTheBotOutWhileItWasAwayIsLost(t *testing.T) {
	sim := discord(t)
	guild, _, _ := harbour(sim)
	r := start(t, sim, nil, func(o *Options) {
		o.Guilds = func(context.Context) ([]snowflake.GuildID, error) { return []snowflake.GuildID{guild, 4711 << 22}, nil }
	})
	if lost := waitEvents[moderation.GuildLost](t, r, 1)[0]; lost.Guild != 4711<<22 || lost.Outage {
		t.Errorf("lost: %+v", lost)
	}
	if seen := waitEvents[moderation.GuildSeen](t, r, 1)[0]; seen.Joined {
		t.Error("a guild known before counts as joined")
	}
}

func TestF48AfterALongTimeWithoutNetworkTheSessionIsResumed(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	say(sim, channel, ada, 0, 1)
	waitEvents[moderation.MessagePosted](t, r, 1)
	sim.Set(func(k *discordsim.Knobs) { k.RefuseSockets = true })
	sim.Drop()
	for range 12 { // of attempts; some ask REST where the gateway is
		r.wait(t, StateResuming)
	}
	say(sim, channel, ada, 1, 9)
	sim.Set(func(k *discordsim.Knobs) { k.RefuseSockets = false })
	inOrder(t, waitEvents[moderation.MessagePosted](t, r, 10), 10)
	if n := len(sim.Identifies()); n != 1 {
		t.Errorf("%d sessions were started, want 1", n)
	}
}

func TestF48AttemptsDoubleWithJitterUpToAMinute(t *testing.T) {
	p := defaultPace()
	for n, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60} {
		least, most := doubled(p.retryLeast, p.retryMost, n, 0), doubled(p.retryLeast, p.retryMost, n, 0.999999)
		if least != want*time.Second/2 || most > want*time.Second || most < want*time.Second*9/10 {
			t.Errorf("attempt %d waits %s to %s, want half of %d s to all of it", n, least, most, want)
		}
	}
}

func TestACompressedStreamCarriesTheSame(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	r := start(t, sim, nil, func(o *Options) { o.Compress = true })
	r.wait(t, StateConnected)
	say(sim, channel, ada, 0, 500)
	sim.Post(discordsim.Post{Channel: channel, Author: ada, Content: strings.Repeat("long ", 400)})
	say(sim, channel, ada, 501, 10)
	seen := waitEvents[moderation.MessagePosted](t, r, 511)
	inOrderFrom(t, seen[:500], 0)
	inOrderFrom(t, seen[501:], 501)
}

func TestHeartbeatsAreCountedAsLatency(t *testing.T) {
	sim := discord(t)
	sim.Set(func(k *discordsim.Knobs) { k.HeartbeatInterval = 30 * time.Millisecond })
	r := start(t, sim, nil)
	if err := sim.WaitHeartbeats(within(t), 5); err != nil {
		t.Fatal(err)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	var latency moderation.Latency
	span := store.Span{From: time.Now().Add(-time.Hour), Until: time.Now().Add(time.Hour)}
	if err := r.ledger.Read(t.Context(), func(v *store.Snapshot) { latency = v.Latency(span) }); err != nil {
		t.Fatal(err)
	}
	if latency.Count < 4 || latency.Sum <= 0 {
		t.Errorf("latency %+v", latency)
	}
}
