package bot

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// A lane is a queue: what is taken is what was pushed and not shed, in order, and its limits hold.
func TestALaneIsAQueueWithLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := bounds{soft: 5, hard: 9, softBytes: 50, hardBytes: 90}
		l := newLane(b, worker{})
		var model []int
		size, next := 0, 0
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				k := rapid.SampledFrom([]kind{kindMessageCreate, kindAuditEntry}).Draw(t, "kind")
				n := rapid.IntRange(0, 30).Draw(t, "bytes")
				count, room := b.soft, b.softBytes
				if k == kindAuditEntry {
					count, room = b.hard, b.hardBytes
				}
				fits := len(model) < count && size+n <= room
				next++
				if got := l.push(item{kind: k, payload: make([]byte, n), guild: snowflake.GuildID(next)}); got != fits {
					t.Fatalf("push with %d items and %d bytes: %v", len(model), size, got)
				}
				if fits {
					model, size = append(model, next), size+n
				}
			},
			"mark": func(t *rapid.T) {
				next++
				if !l.push(item{kind: kindMade, mark: &mark{}, guild: snowflake.GuildID(next)}) {
					t.Fatal("a mark was shed")
				}
				model = append(model, next)
			},
			"take": func(t *rapid.T) {
				if len(model) == 0 {
					t.Skip("empty")
				}
				it, ok := l.take()
				if !ok || int(it.guild) != model[0] {
					t.Fatalf("took %d, want %d", it.guild, model[0])
				}
				model, size = model[1:], size-len(it.payload)
			},
			"": func(t *rapid.T) {
				if l.depth() != len(model) || l.bytes != size {
					t.Fatalf("holds %d items, %d bytes; want %d, %d", l.depth(), l.bytes, len(model), size)
				}
			},
		})
	})
}

// blocked makes the ledger hold up one lane until release: joins wait, all else passes.
func blocked(l *ledger) (release func()) {
	l.failing(func(call string) error {
		if call == "Join" {
			return fault.New(fault.Unavailable, "The disk is full.")
		}
		return nil
	})
	return func() { l.failing(nil) }
}

func TestAFullLaneShedsMessagesAndRecordsTheGap(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	r := start(t, sim, nil, func(o *Options) {
		o.Lanes = 1
		o.bounds = bounds{soft: 10, hard: 1000, softBytes: 1 << 20, hardBytes: 1 << 20}
	})
	r.wait(t, StateConnected)
	r.ledger.waitCalls(t, "KeepMembers", 1)
	release := blocked(r.ledger)
	for i := range 3 {
		sim.Join(guild, sim.AddUser(discordsim.User{Username: fmt.Sprintf("new%d", i)}))
	}
	say(sim, channel, ada, 0, 100)
	received(t, sim)
	if n := int(r.Status().Shed) + r.intake.lanes[0].queued(kindMessageCreate); n != 100 {
		t.Errorf("%d messages wait or were shed, want 100", n)
	}
	release()
	joins := waitEvents[moderation.MemberJoined](t, r, 3)
	if len(joins) < 3 {
		t.Errorf("%d joins, want 3: what becomes a row is not shed", len(joins))
	}
	r.ledger.wait(t, "the gap", func() bool { return len(r.ledger.gaps) > 0 })
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	shed, dropped := r.Status().Shed, int64(0)
	for _, gap := range r.ledger.gaps {
		dropped += gap.Dropped
		if gap.Guild != guild || !gap.From.Before(gap.To) || gap.Reason == "" {
			t.Errorf("gap %+v", gap)
		}
	}
	if counted := messages(t, r.ledger.Store, guild); counted+shed != 100 || shed == 0 || dropped != shed {
		t.Errorf("%d counted, %d shed, %d in gaps; want 100 in all", counted, shed, dropped)
	}
	if told := r.Status().Gaps; told != int64(len(r.ledger.gaps)) {
		t.Errorf("the status tells of %d gaps, %d were recorded", told, len(r.ledger.gaps))
	}
}

// queued counts what of one kind waits.
func (l *lane) queued(k kind) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.count {
		if l.ring[(l.head+i)%len(l.ring)].kind == k {
			n++
		}
	}
	return n
}

func TestWhileTheLedgerIsUnavailableNothingIsLost(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	r.ledger.waitCalls(t, "KeepMembers", 1)
	refused := make(chan struct{}, 3)
	r.ledger.failing(func(call string) error {
		if call == "Join" {
			select {
			case refused <- struct{}{}:
			default: // enough of them: nobody looks any more, and the ledger is locked
			}
		}
		return fault.New(fault.Unavailable, "The disk is full.")
	})
	sim.Join(guild, sim.AddUser(discordsim.User{Username: "late"}))
	say(sim, channel, ada, 0, 30)
	waitEvents[moderation.MessagePosted](t, r, 30)
	for joins := range 3 {
		select {
		case <-refused:
		case <-time.After(soon):
			t.Fatalf("the join was tried %d times", joins)
		}
	}
	r.ledger.failing(nil)
	r.ledger.waitCalls(t, "Join", 1)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, r.ledger.Store, guild); n != 30 {
		t.Errorf("%d messages counted, want 30", n)
	}
	if s := r.Status(); s.Shed != 0 || s.Quarantined != 0 {
		t.Errorf("status %+v", s)
	}
}

// What is not recorded when time is up must not count as done: Discord sends it again.
func TestAnUnrecordedEventHoldsThePositionBack(t *testing.T) {
	sim := discord(t)
	guild, _, _ := harbour(sim)
	r := start(t, sim, nil, func(o *Options) { o.pace.drain = 50 * time.Millisecond })
	r.wait(t, StateConnected)
	r.ledger.waitCalls(t, "KeepMembers", 1)
	r.ledger.wait(t, "a stored position", func() bool { return r.ledger.at.Session != "" })
	blocked(r.ledger)
	sim.Join(guild, sim.AddUser(discordsim.User{Username: "late"}))
	waitEvents[moderation.MemberJoined](t, r, 1)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if n := r.Status().Quarantined; n != 0 {
		t.Errorf("%d events were given up", n)
	}
	again := start(t, sim, newLedger(r.ledger.Store))
	again.ledger.waitCalls(t, "Join", 1)
	if n := len(sim.Identifies()); n != 1 {
		t.Errorf("%d sessions were started, want 1", n)
	}
}

func TestAPanicCostsTheEventNotTheLane(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	r := start(t, sim, nil, func(o *Options) {
		see := o.seen
		o.seen = func(e moderation.Event) {
			if m, is := e.(moderation.MessagePosted); is && m.Texts[0].Value == "13" {
				panic("unlucky")
			}
			see(e)
		}
	})
	r.wait(t, StateConnected)
	say(sim, channel, ada, 0, 20)
	seen := waitEvents[moderation.MessagePosted](t, r, 19)
	if got := strings.Join(contents(seen), " "); strings.Contains(got, "13") || !strings.HasSuffix(got, "18 19") {
		t.Errorf("handled: %s", got)
	}
	if s := r.Status(); s.Quarantined != 1 {
		t.Errorf("%d events quarantined, want 1", s.Quarantined)
	}
	if gap := r.ledger.waitGaps(t, 1)[0]; gap.Dropped != 1 || gap.Guild != guild || gap.Reason != gapBroken {
		t.Errorf("the gap is %+v", gap)
	}
	if log := r.logged.String(); !strings.Contains(log, "unlucky") || !strings.Contains(log, "MESSAGE_CREATE") || !strings.Contains(log, "lane_test.go") {
		t.Errorf("the log does not say what happened:\n%s", log)
	}
}

func TestACleanMessageCostsNoCallOfTheLedger(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	r := start(t, sim, nil, func(o *Options) { o.pace.flush = time.Hour })
	r.wait(t, StateConnected)
	r.ledger.waitCalls(t, "KeepMembers", 1)
	r.ledger.waitCalls(t, "KeepNativeRules", 1)
	before := r.ledger.total()
	reads := r.ledger.Reads()
	ctx := within(t)
	if n, err := sim.Burst(ctx, 2000, func(int) discordsim.Post {
		return discordsim.Post{Channel: channel, Author: ada, Content: "a clean message"}
	}); err != nil || n != 2000 {
		t.Fatal(n, err)
	}
	waitEvents[moderation.MessagePosted](t, r, 2000)
	// The historian may look only now for what was missed before, once.
	if after := r.ledger.total(); after != before || r.ledger.Reads() > reads+1 {
		t.Errorf("2000 clean messages cost %d calls and %d reads", after-before, r.ledger.Reads()-reads)
	}
	if requests := sim.Requests(); len(requests) > 10 {
		t.Errorf("%d REST requests went out", len(requests))
	}
}

func (l *ledger) total() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, calls := range l.calls {
		n += calls
	}
	return n
}

// From the member list on every event is a message, so at every flush the messages counted are the numbers passed.
func TestEachFlushHoldsExactlyTheEventsUpToItsPosition(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	r := start(t, sim, nil, func(o *Options) {
		o.pace.flush = time.Millisecond
		o.bounds = bounds{soft: 1 << 20, hard: 1 << 20, softBytes: 1 << 30, hardBytes: 1 << 30} // all in one channel
	})
	r.ledger.waitCalls(t, "KeepMembers", 1)
	const n = 6000
	if _, err := sim.Burst(within(t), n, func(int) discordsim.Post {
		return discordsim.Post{Channel: channel, Author: ada, Content: "x"}
	}); err != nil {
		t.Fatal(err)
	}
	received(t, sim)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	last := r.ledger.each[len(r.ledger.each)-1].at.Seq
	var sum int64
	for _, f := range r.ledger.each {
		sum += f.messages
		if f.messages > 0 && sum != n-(last-f.at.Seq) {
			t.Fatalf("at position %d of %d there are %d messages", f.at.Seq, last, sum)
		}
	}
	if sum != n || len(r.ledger.each) < 2 {
		t.Errorf("%d messages in %d flushes", sum, len(r.ledger.each))
	}
}

// Marks and events in any order: each flushed tally holds exactly the events up to its position.
func TestAPositionIsCommittedWithExactlyItsEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := bench()
		in := w.in
		in.desk, in.lanes = unruled(nil), nil
		newIntake(in, rapid.IntRange(1, 5).Draw(t, "lanes"), defaultBounds, w.guilds, w.members, w.scout)
		ctx := context.Background()
		for _, l := range in.lanes {
			go l.work(ctx)
		}
		in.begin(moderation.Position{Session: "s"})
		var seq, counted int64
		for range rapid.IntRange(1, 20).Draw(t, "rounds") {
			for range rapid.IntRange(0, 30).Draw(t, "messages") {
				seq++
				channel := rapid.Int64Range(1, 1000).Draw(t, "channel")
				payload := fmt.Appendf(nil, `{"id":"%d","channel_id":"%d","guild_id":"3","content":"x"}`, seq<<22, channel)
				in.accept(envelope{seq: seq, kind: kindMessageCreate, data: payload}, nil, time.Now())
			}
			m, _, _ := in.mark(false)
			<-m.done
			for _, n := range m.tally.Counts {
				counted += n.Messages
			}
			if m.at.Seq != seq || counted != seq {
				t.Fatalf("position %d with %d of %d messages", m.at.Seq, counted, seq)
			}
		}
		for _, l := range in.lanes {
			l.close()
		}
	})
}
