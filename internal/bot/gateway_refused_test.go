package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/store/storetest"
)

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

// The operator made a new bot and kept the data: the stored session is not the new token's.
func TestASessionOfAnotherTokenIsReplaced(t *testing.T) {
	sim := discord(t)
	harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	sim.Set(func(k *discordsim.Knobs) { k.CloseOnResume = 4004 })
	sim.Drop()
	r.wait(t, StateConnected)
	if n := len(sim.Identifies()); n != 2 {
		t.Errorf("%d sessions, want 2", n)
	}
	if gap := r.ledger.waitGaps(t, 1)[0]; gap.Reason == "" {
		t.Errorf("the gap is %+v", gap)
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
