package bot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// away ends the session with op 9 and keeps the bot from starting another while something happens.
func away(t testing.TB, sim *discordsim.Sim, happens func()) {
	t.Helper()
	sim.Set(func(k *discordsim.Knobs) { k.RefuseSockets = true })
	sim.Invalidate(false)
	if err := sim.WaitDisconnected(within(t)); err != nil {
		t.Fatal(err)
	}
	happens()
	sim.Set(func(k *discordsim.Knobs) { k.RefuseSockets = false })
}

// readBack waits until nothing is left to read in a guild after its nth plan, and gives the newest gap.
func readBack(t testing.TB, l *ledger, guild snowflake.GuildID, plans int) (gap moderation.Gap) {
	t.Helper()
	l.wait(t, "what was missed", func() bool {
		gaps := gapsOf(t, l.Store, guild)
		if l.calls["PlanReadings"] < plans || len(gaps) == 0 {
			return false
		}
		gap = gaps[0]
		// A gap without anything read back is one that is not planned yet: a guild may come twice in the first session.
		return gap.Read.Open == 0 && gap.Read != (moderation.ReadBack{})
	})
	return gap
}

func gapsOf(t testing.TB, s *store.Store, guild snowflake.GuildID) (gaps []moderation.Gap) {
	t.Helper()
	err := s.Read(t.Context(), func(v *store.Snapshot) {
		gaps = v.Gaps(guild, store.Span{From: time.Now().Add(-time.Hour), Until: time.Now().Add(time.Hour)}, 10)
	})
	if err != nil {
		t.Fatal(err)
	}
	return gaps
}

// actions is what the database counts, by source.
func actions(t testing.TB, s *store.Store, guild snowflake.GuildID) (n map[moderation.Source]int64) {
	t.Helper()
	span := store.Span{From: time.Now().Add(-time.Hour), Until: time.Now().Add(time.Hour)}
	if err := s.Read(t.Context(), func(v *store.Snapshot) { n = v.Actions(guild, span).BySource }); err != nil {
		t.Fatal(err)
	}
	return n
}

// lookedBack counts the requests for messages and audit logs.
func lookedBack(sim *discordsim.Sim) int {
	n := 0
	for _, r := range sim.Requests() {
		page := strings.HasSuffix(r.Path, "/messages") || strings.HasSuffix(r.Path, "/audit-logs")
		if r.Method == http.MethodGet && page {
			n++
		}
	}
	return n
}

func TestF13WhatHappenedWithoutASessionIsReadBack(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	quiet := sim.AddGuild(discordsim.Guild{Name: "Quiet", Channels: []discordsim.Channel{{Name: "silence"}}})
	eve := sim.Join(guild, sim.AddUser(discordsim.User{Username: "eve"}))
	rule := sim.CreateAutoModRule(guild, sim.OwnerID(), discordsim.AutoModRule{
		Name: "scams", Enabled: true, Actions: []discordsim.AutoModAction{{Type: discordsim.AutoModBlock}},
	})
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	say(sim, channel, ada, 0, 5)
	sim.Ban(guild, sim.OwnerID(), sim.Join(guild, sim.AddUser(discordsim.User{Username: "seen"})), "seen as it happened")
	received(t, sim)
	waitEvents[moderation.AuditEntry](t, r, 1)
	var thread snowflake.ChannelID
	away(t, sim, func() {
		r.ledger.waitCalls(t, "Lose", 1) // until then a frame on its way may still say that nothing was missed
		say(sim, channel, ada, 5, 250)
		edited := sim.Post(discordsim.Post{Channel: channel, Author: ada, Content: "before"})
		sim.Edit(channel, edited, "255")
		sim.Delete(channel, sim.Post(discordsim.Post{Channel: channel, Author: ada, Content: "gone"}), ada)
		thread = sim.StartThread(channel, ada, "meanwhile")
		say(sim, thread, ada, 0, 3)
		sim.Ban(guild, sim.OwnerID(), eve, "spam")
		sim.AutoModExecute(discordsim.AutoModHit{Guild: guild, Rule: rule, User: ada, Channel: channel, Content: "free"})
	})
	r.wait(t, StateConnected)
	say(sim, channel, ada, 256, 5)
	gap := readBack(t, r.ledger, guild, 4)
	received(t, sim)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, r.ledger.Store, guild); n != 264 {
		t.Errorf("%d messages counted, want 264", n)
	}
	if n := actions(t, r.ledger.Store, guild); n[moderation.SourceAudit] != 2 || n[moderation.SourceAutoMod] != 1 {
		t.Errorf("actions %v, want two bans and one block", n)
	}
	if want := (moderation.ReadBack{Channels: 2, Messages: 254, Entries: 2}); gap.Read != want {
		t.Errorf("read back %+v, want %+v", gap.Read, want)
	}
	if back := gapsOf(t, r.ledger.Store, quiet)[0].Read; back != (moderation.ReadBack{}) {
		t.Errorf("read back %+v where nothing happened", back)
	}
	late, edits := inChannel(r.watch, channel)
	if !slices.IsSorted(late) || edits != 1 {
		t.Errorf("%d edits, want 1; late messages in order: %v", edits, slices.IsSorted(late))
	}
	for _, e := range eventsOf[moderation.AuditEntry](r.watch) {
		asItWas := e.Kind == moderation.ActionBan && e.Reason == "spam" && e.Actor == sim.OwnerID() && e.At.Before(gap.To)
		if e.Target == eve && !asItWas {
			t.Errorf("the ban is %+v", e)
		}
	}
	if n := lookedBack(sim); n != 6 { // two audit logs, a thread, three pages of a channel
		t.Errorf("%d requests, want 6", n)
	}
}

// inChannel are the ids of a channel's late messages in the order seen, and how many late edits there were.
func inChannel(w *watch, channel snowflake.ChannelID) (late []snowflake.MessageID, edits int) {
	for _, e := range eventsOf[moderation.MessagePosted](w) {
		switch {
		case e.Channel != channel || !e.Late:
		case e.Edit:
			edits++
		default:
			late = append(late, e.Message)
		}
	}
	return late, edits
}

func TestF13AResumedSessionReadsNothingBack(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	sim.Set(func(k *discordsim.Knobs) { k.RefuseSockets = true })
	sim.Drop()
	say(sim, channel, ada, 0, 50)
	sim.Set(func(k *discordsim.Knobs) { k.RefuseSockets = false })
	inOrder(t, waitEvents[moderation.MessagePosted](t, r, 50), 50)
	received(t, sim)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, r.ledger.Store, guild); n != 50 || lookedBack(sim) != 0 {
		t.Errorf("%d messages counted, %d requests", n, lookedBack(sim))
	}
}

func TestF13MessagesThatArriveMeanwhileCountOnce(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	r := start(t, sim, nil, func(o *Options) { o.pace.readEvery = 5 * time.Millisecond })
	r.wait(t, StateConnected)
	away(t, sim, func() { say(sim, channel, ada, 0, 450) })
	for i := range 40 { // as the pages come
		waitEvents[moderation.MessagePosted](t, r, 1+i*10)
		say(sim, channel, ada, 450+i, 1)
	}
	readBack(t, r.ledger, guild, 2)
	received(t, sim)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, r.ledger.Store, guild); n != 490 {
		t.Errorf("%d messages counted, want 490", n)
	}
	seen := map[string]int{}
	for _, text := range contents(eventsOf[moderation.MessagePosted](r.watch)) {
		seen[text]++
	}
	for i := range 490 {
		if n := seen[fmt.Sprint(i)]; n != 1 {
			t.Errorf("message %d was handled %d times", i, n)
		}
	}
}

// A crash is a Bot whose last flushes never happened, and a store that is opened anew.
func TestF13ACrashWhileReadingBackLosesAndDoublesNothing(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	dir := t.TempDir()
	var goOn func() // lets the lanes, which have stopped in the middle, go on
	middle := func(o *Options) {
		hold := make(chan struct{})
		goOn = sync.OnceFunc(func() { close(hold) })
		see, pages := o.seen, atomic.Int64{}
		o.seen = func(e moderation.Event) {
			see(e)
			if _, is := e.(moderation.HistoryRead); is && pages.Add(1) >= 2 {
				<-hold
			}
		}
	}
	crash := func(r *running) {
		t.Helper()
		r.ledger.failing(func(string) error { return errors.New("the power is gone") })
		goOn()
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
		if err := r.ledger.Close(); err != nil {
			t.Fatal(err)
		}
	}
	reopen := func() *running {
		t.Helper()
		s, err := storetest.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		r := start(t, sim, newLedger(s), middle)
		t.Cleanup(goOn)
		return r
	}
	r := reopen()
	r.wait(t, StateConnected)
	say(sim, channel, ada, 0, 5)
	received(t, sim)
	away(t, sim, func() { say(sim, channel, ada, 5, 700) })
	for range 2 {
		waitEvents[moderation.HistoryRead](t, r, 2)
		crash(r)
		say(sim, channel, ada, 705, 10) // the session lives on and tells of these after its resume
		r = reopen()
	}
	open, err := r.ledger.Readings(t.Context())
	if err != nil || len(open) == 0 {
		t.Errorf("%+v is still to be read (%v): the crashes were not in the middle", open, err)
	}
	goOn()
	r.ledger.wait(t, "the rest", func() bool {
		open, err := r.ledger.Readings(t.Context())
		return err == nil && len(open) == 0
	})
	received(t, sim)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, r.ledger.Store, guild); n != 725 {
		t.Errorf("%d messages counted, want 725", n)
	}
	if err := r.ledger.Close(); err != nil {
		t.Fatal(err)
	}
}

// The process ends after the session was lost and before there was another.
func TestF13AStopBetweenTwoSessionsLosesAndDoublesNothing(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	s := storetest.New(t)
	r := start(t, sim, newLedger(s))
	r.wait(t, StateConnected)
	say(sim, channel, ada, 0, 20)
	received(t, sim)
	away(t, sim, func() {
		say(sim, channel, ada, 20, 20)
		r.ledger.waitCalls(t, "Lose", 1)
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
		say(sim, channel, ada, 40, 20)
	})
	r = start(t, sim, newLedger(s))
	readBack(t, r.ledger, guild, 1)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, s, guild); n != 60 {
		t.Errorf("%d messages counted, want 60", n)
	}
	if gaps := gapsOf(t, s, guild); len(gaps) != 1 || gaps[0].Read.Messages != 40 {
		t.Errorf("gaps %+v, want one with 40 messages read back", gaps)
	}
}

func TestF13ARestartThatComesTooLateReadsBack(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	s := storetest.New(t)
	r := start(t, sim, newLedger(s))
	r.wait(t, StateConnected)
	say(sim, channel, ada, 0, 20)
	received(t, sim)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	say(sim, channel, ada, 20, 30)
	sim.Forget()
	r = start(t, sim, newLedger(s))
	readBack(t, r.ledger, guild, 1)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, s, guild); n != 50 {
		t.Errorf("%d messages counted, want 50", n)
	}
}

func TestF13AChannelThatRefusesIsPassedOverAndNamed(t *testing.T) {
	sim := discord(t)
	channels := []discordsim.Channel{{Name: "open"}, {Name: "closed"}}
	guild := sim.AddGuild(discordsim.Guild{Name: "Harbour", Channels: channels})
	ada := sim.Join(guild, sim.AddUser(discordsim.User{Username: "ada"}))
	open, closed := sim.ChannelNamed(guild, "open"), sim.ChannelNamed(guild, "closed")
	sim.Set(func(k *discordsim.Knobs) {
		k.Failures = []discordsim.Failure{
			{Times: discordsim.Always, Path: "/channels/" + closed.String() + "/messages", Status: 403, Code: 50001},
			{Times: 2, Path: "/channels/" + open.String() + "/messages", Status: 503},
		}
	})
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	away(t, sim, func() {
		say(sim, open, ada, 0, 10)
		say(sim, closed, ada, 0, 10)
	})
	gap := readBack(t, r.ledger, guild, 2)
	if want := (moderation.ReadBack{Channels: 1, Messages: 10, Refused: 1}); gap.Read != want {
		t.Errorf("read back %+v, want %+v", gap.Read, want)
	}
	if n := messages(t, r.ledger.Store, guild); n != 10 {
		t.Errorf("%d messages counted, want 10", n)
	}
	if n := lookedBack(sim); n != 5 {
		t.Errorf("%d requests, want 5: one of the audit log, one refusal, two failures, one page", n)
	}
}

func TestF13TheLimitOfRequestsIsKeptAndToldAndSharedFairly(t *testing.T) {
	sim := discord(t)
	first, channel, ada := harbour(sim)
	second, other, bea := harbour(sim)
	l := newLedger(storetest.New(t))
	r := start(t, sim, l, func(o *Options) { o.reads, o.Ledger = 6, &together{ledger: l, guilds: 2} })
	r.wait(t, StateConnected)
	away(t, sim, func() {
		say(sim, channel, ada, 0, 400)
		say(sim, other, bea, 0, 400)
	})
	want := moderation.ReadBack{Messages: 200, Left: 1}
	for _, guild := range []snowflake.GuildID{first, second} {
		r.ledger.wait(t, "the half of what was missed", func() bool {
			gaps := gapsOf(t, r.ledger.Store, guild)
			return len(gaps) > 0 && gaps[0].Read == want
		})
		if n := messages(t, r.ledger.Store, guild); n != 200 {
			t.Errorf("%d messages counted, want 200", n)
		}
	}
	if n := lookedBack(sim); n != 6 {
		t.Errorf("%d requests, want 6", n)
	}
}

// together is a ledger with nothing to read back until there is something in all of so many guilds: whose plan is made
// first would have more than its share of the requests.
type together struct {
	*ledger
	guilds int
	begun  atomic.Bool
}

func (l *together) Readings(ctx context.Context) ([]moderation.OpenReading, error) {
	open, err := l.ledger.Readings(ctx)
	guilds := map[snowflake.GuildID]bool{}
	for i := range open {
		guilds[open[i].Guild] = true
	}
	if len(guilds) < l.guilds && !l.begun.Load() {
		return nil, err
	}
	l.begun.Store(true)
	return open, err
}

// Whatever ends sessions and processes, and whenever: each message counts once.
func TestF13EveryMessageCountsOnceHoweverSessionsEnd(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 13))
			sim := discord(t)
			guild, channel, ada := harbour(sim)
			s := storetest.New(t)
			slowly := func(o *Options) { o.pace.readEvery = 3 * time.Millisecond }
			r := start(t, sim, newLedger(s), slowly)
			r.ledger.waitCalls(t, "Flush", 1) // before it nobody knows that there was a session
			said := 0
			talk := func() {
				n := random.IntN(40)
				say(sim, channel, ada, said, n)
				said += n
			}
			for range 12 {
				talk()
				switch random.IntN(4) {
				case 0:
					n := len(sim.Identifies())
					away(t, sim, talk)
					must(t, sim.WaitIdentifies(within(t), n+1))
					received(t, sim)
				case 1:
					n := len(sim.Resumes())
					sim.Drop()
					must(t, sim.WaitResumes(within(t), n+1))
					received(t, sim)
				case 2: // a crash: the last flushes never happen
					r.ledger.failing(func(string) error { return errors.New("the power is gone") })
					talk()
					must(t, r.stop())
					talk()
					r = start(t, sim, newLedger(s), slowly)
					r.wait(t, StateConnected)
				case 3: // a restart, perhaps too late to resume
					must(t, r.stop())
					talk()
					if random.IntN(2) == 0 {
						sim.Forget()
					}
					r = start(t, sim, newLedger(s), slowly)
					r.wait(t, StateConnected)
				}
			}
			received(t, sim)
			r.ledger.wait(t, "every message", func() bool {
				open, err := s.Readings(t.Context())
				return err == nil && len(open) == 0 && messages(t, s, guild) >= int64(said)
			})
			if err := r.stop(); err != nil {
				t.Fatal(err)
			}
			if n := messages(t, s, guild); n != int64(said) {
				t.Errorf("%d messages counted, want %d", n, said)
			}
		})
	}
}
