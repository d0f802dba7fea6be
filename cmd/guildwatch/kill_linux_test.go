package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// deskKills is how often TestF01 kills the program.
var deskKills = flag.Int("desk.kills", 4, "how often the whole program is killed while it punishes (200)")

// F01: the built program is killed with kill -9 at random moments while it records broken rules and asks Discord for
// what follows, and started again. Each rule that was broken is one violation, and each action is done once.
func TestF01AKilledProgramDoesEachActionOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("building the program takes a minute where nothing of it is built yet")
	}
	s := newStage(t)
	s.open()
	s.ruled(func(r *rule.Rule) { r.Respond = rule.RespondKick })
	s.close()
	s.sim.Set(func(k *discordsim.Knobs) { k.RESTLatency = 10 * time.Millisecond })
	const each = 6
	sent := map[snowflake.MessageID]snowflake.UserID{}
	for round := range *deskKills {
		serve := s.serve(s.config.Data)
		s.address = serve.address
		s.until("the program is connected", func() bool {
			return strings.Contains(s.get("/metrics"), "\nguildwatch_gateway_state{state=\"connected\"} 1\n")
		})
		for i := range each {
			who := s.sim.Join(s.guild, s.sim.AddUser(discordsim.User{Username: fmt.Sprintf("raider-%d-%d", round, i)}))
			sent[s.say(who, "flurb")] = who
		}
		kill := time.NewTimer(time.Duration(rand.IntN(400)) * time.Millisecond)
		<-kill.C
		_ = serve.command.Process.Kill()
		<-serve.rest
		_ = serve.command.Wait() // "killed"
	}
	s.open()
	s.until("every violation is answered", func() bool { return s.answered(len(sent)) })
	s.close()

	done := map[string]int{}
	for _, r := range s.sim.Requests() {
		if r.Method == http.MethodDelete && r.Status == http.StatusNoContent {
			done[r.Path]++
		}
	}
	for message, who := range sent {
		for _, path := range []string{fmt.Sprintf("/channels/%d/messages/%d", s.channel, message),
			fmt.Sprintf("/guilds/%d/members/%d", s.guild, who)} {
			if done[path] != 1 {
				t.Errorf("%s was done %d times", path, done[path])
			}
		}
	}
}

// answered says whether there are so many violations, of as many messages, each with two actions that are done.
func (s *stage) answered(want int) bool {
	s.Helper()
	var list []store.ViolationRow
	err := s.store.Read(s.Context(), func(now *store.Snapshot) {
		list = now.Violations(s.guild, store.ViolationFilter{}, 10_000)
	})
	if err != nil {
		s.Fatal(err)
	}
	messages := map[snowflake.MessageID]bool{}
	for _, v := range list {
		messages[v.Message] = true
		for _, a := range v.Actions {
			if a.Outcome != moderation.OutcomeDone {
				return false
			}
		}
		if len(v.Actions) != 2 {
			s.Fatalf("violation %d has the actions %+v", v.Number, v.Actions)
		}
	}
	if len(list) > want || len(list) != len(messages) {
		s.Fatalf("%d violations of %d messages, %d were posted", len(list), len(messages), want)
	}
	return len(list) == want
}
