package bot

import (
	"strings"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
)

func TestF12ADeadConnectionIsFoundAndResumed(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	// Long enough for an answer on a machine that is busy: five resumes in a row without one end the session.
	sim.Set(func(k *discordsim.Knobs) { k.HeartbeatInterval = 250 * time.Millisecond })
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
	if n := len(sim.Resumes()); n != 1 {
		t.Errorf("%d resumes were tried, want 1: Discord has said that the session is gone", n)
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
		lost  bool                  // the session with the connection
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
		"op 9 for RESUME": {lost: true, then: func(s *discordsim.Sim) {
			s.Set(func(k *discordsim.Knobs) { k.Op9OnResume = 1 })
			s.Drop()
		}},
		"a cut socket":             {then: func(s *discordsim.Sim) { s.Drop() }},
		"close code 4009":          {lost: true, then: func(s *discordsim.Sim) { s.Disconnect(4009) }},
		"close code 4007":          {lost: true, then: func(s *discordsim.Sim) { s.Disconnect(4007) }},
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
			r := start(t, sim, nil, func(o *Options) {
				if name == "no HELLO" {
					o.pace.hello = 50 * time.Millisecond
				}
			})
			r.wait(t, StateConnected)
			if c.then != nil {
				c.then(sim)
				r.wait(t, StateConnected)
			}
			say(sim, channel, ada, 0, 3)
			inOrder(t, waitEvents[moderation.MessagePosted](t, r, 3), 3)
			if c.then == nil {
				return
			}
			if lost := len(sim.Identifies()) == 2; lost != c.lost {
				t.Errorf("%d sessions were started, want the first one lost: %v", len(sim.Identifies()), c.lost)
			}
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
