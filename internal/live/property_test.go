package live

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
)

// ledger is the list that the hub is compared with: what a store would hold, and how far it was announced.
type ledger struct {
	mu        sync.Mutex
	changes   []entry
	announced int   // entries that the announcer has passed
	pruned    int64 // changes up to here are gone
}

type entry struct {
	guild  snowflake.GuildID
	seq    int64
	frames int
}

func (l *ledger) last() int64 {
	if len(l.changes) == 0 {
		return 0
	}
	return l.changes[len(l.changes)-1].seq
}

// reached is the newest change that the announcer has passed.
func (l *ledger) reached() int64 {
	if l.announced == 0 {
		return 0
	}
	return l.changes[l.announced-1].seq
}

// after is the first change of guild above seq, 0 for none.
func (l *ledger) after(guild snowflake.GuildID, seq int64) int64 {
	for _, e := range l.changes {
		if e.guild == guild && e.seq > seq {
			return e.seq
		}
	}
	return 0
}

func (e entry) render() []Frame {
	frames := make([]Frame, e.frames)
	for i := range frames {
		frames[i] = Frame{Seq: e.seq, Name: frame.Event, Data: fmt.Appendf(nil, "%d\n%d/%d", e.seq, i+1, e.frames)}
	}
	return frames
}

func (l *ledger) backfill(_ context.Context, topic Topic, after int64, limit int) ([]Frame, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if after < l.pruned || after > l.last() {
		return nil, false, nil
	}
	var frames []Frame
	for _, e := range l.changes {
		if e.guild != topic.guild || e.seq <= after {
			continue
		}
		if len(frames)+e.frames > limit {
			return frames, false, nil
		}
		frames = append(frames, e.render()...)
	}
	return frames, true, nil
}

// page is a reader and what it knows.
type page struct {
	*reader
	guild  snowflake.GuildID
	after  int64  // what it was rendered at
	lastID string // as its browser keeps it
	known  int64  // newest change it has whole, -1 before it has any
	half   int64  // change of which only a part came, before the connection broke
	partly int64  // change of which the last part came
	part   int
	loose  int64 // changes up to here may be missing or come again: the page fetched everything after a Resync
	marker string
	panel  int // newest state of a panel; an older one must not follow
}

// take checks one message against the list.
func (p *page) take(t *rapid.T, l *ledger, m message) {
	p.lastID = m.id
	switch Name(m.name) {
	case Resync:
		p.loose, p.known, p.half, p.part = l.last(), l.last(), 0, 0
	case frame.PanelCards:
		p.marker = m.data
	case frame.PanelActivity:
		n, _ := strconv.Atoi(m.data)
		if n < p.panel {
			t.Fatalf("panel %d came after %d", n, p.panel)
		}
		p.panel = n
	case frame.Event:
		var seq int64
		var part, parts int
		if _, err := fmt.Sscanf(m.data, "%d\n%d/%d", &seq, &part, &parts); err != nil {
			t.Fatalf("data %q: %v", m.data, err)
		}
		if seq <= p.loose {
			return
		}
		if want := l.after(p.guild, p.known); p.known >= 0 && seq != want {
			t.Fatalf("guild %d: got change %d after %d, want %d", p.guild, seq, p.known, want)
		}
		if l.after(p.guild, seq-1) != seq {
			t.Fatalf("guild %d got change %d, which is not its own", p.guild, seq)
		}
		if part != p.part+1 && !(part == 1 && p.half == seq) {
			t.Fatalf("change %d: part %d came after part %d", seq, part, p.part)
		}
		p.part, p.partly = part, seq
		if part == parts {
			p.known, p.half, p.part = seq, 0, 0
			if m.id != strconv.FormatInt(seq, 10) {
				t.Fatalf("change %d came with id %q", seq, m.id)
			}
		}
	default:
		t.Fatalf("unexpected message %q", m)
	}
}

func TestReadersGetEveryChangeOnceInOrderWhateverHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := &ledger{}
		s := newStage(t, Options{Backfill: l.backfill, PerUser: 1000, RingFrames: rapid.IntRange(1, 8).Draw(rt, "ring"),
			ReplayLimit: rapid.SampledFrom([]int{5, 1000}).Draw(rt, "limit"), Heartbeat: time.Millisecond})
		defer s.Shutdown("The run is over.")
		var open, gone []*page
		markers, panels := 0, 0
		either := rapid.SampledFrom([]snowflake.GuildID{1, 2})

		announce := func(n int) {
			for ; n > 0 && l.announced < len(l.changes); n-- {
				e := l.changes[l.announced]
				l.announced++
				if s.Watched(Guild(e.guild)) {
					s.Publish(Guild(e.guild), e.render()...)
				}
			}
		}
		show := func(p *page) {
			p.reader = s.read(fmt.Sprintf("guild=%d&after=%d", p.guild, p.after), p.lastID)
			open = append(open, p)
		}
		settle := func() {
			s.joined(len(open))
			markers++
			at := l.reached()
			for _, g := range []snowflake.GuildID{1, 2} {
				s.Publish(Guild(g), Frame{Seq: at, Name: frame.PanelCards, Data: fmt.Append(nil, markers)})
			}
			for _, p := range open {
				for p.marker != strconv.Itoa(markers) {
					m, ok := p.next(t)
					if !ok {
						rt.Fatalf("guild %d: the stream ended", p.guild)
					}
					p.take(rt, l, m)
				}
				if missing := l.after(p.guild, p.known); p.known >= 0 && missing != 0 && missing <= at {
					rt.Fatalf("guild %d: change %d never came", p.guild, missing)
				}
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"commit": func(rt *rapid.T) {
				l.mu.Lock()
				defer l.mu.Unlock()
				for range rapid.IntRange(1, 4).Draw(rt, "changes") {
					l.changes = append(l.changes, entry{either.Draw(rt, "guild"),
						l.last() + rapid.Int64Range(1, 3).Draw(rt, "step"),
						rapid.IntRange(1, 3).Draw(rt, "frames")})
				}
			},
			"announce": func(rt *rapid.T) { announce(rapid.IntRange(1, 6).Draw(rt, "changes")) },
			"panel": func(rt *rapid.T) {
				panels++
				seq := max(0, l.reached()+rapid.Int64Range(-5, 5).Draw(rt, "lead"))
				s.Publish(Guild(either.Draw(rt, "guild")),
					Frame{Seq: seq, Name: frame.PanelActivity, Data: fmt.Append(nil, panels)})
			},
			"open": func(rt *rapid.T) {
				p := &page{guild: either.Draw(rt, "guild"),
					after: rapid.SampledFrom([]int64{-1, l.reached(), l.last()}).Draw(rt, "after")}
				p.known = p.after
				show(p)
			},
			"drop": func(rt *rapid.T) {
				if len(open) == 0 {
					rt.Skip("nothing is open")
				}
				i := rapid.IntRange(0, len(open)-1).Draw(rt, "which")
				p := open[i]
				p.close()
				for m := range p.messages {
					if m.name != string(Heartbeat) {
						p.take(rt, l, m)
					}
				}
				if p.part > 0 {
					p.half = p.partly
				}
				open, gone = append(open[:i:i], open[i+1:]...), append(gone, p)
			},
			"come back": func(rt *rapid.T) {
				if len(gone) == 0 {
					rt.Skip("nobody is gone")
				}
				p := gone[0]
				gone = gone[1:]
				if p.lastID == "" && p.after < 0 {
					p.known, p.half, p.part = -1, 0, 0 // it never heard anything: it begins anew
				}
				show(p)
			},
			"prune": func(rt *rapid.T) {
				l.mu.Lock()
				defer l.mu.Unlock()
				l.pruned = max(l.pruned, l.last()-rapid.Int64Range(0, 10).Draw(rt, "kept"))
			},
			"sleep": func(*rapid.T) {
				for _, r := range s.all() {
					r.sleep(time.Now().Add(time.Hour))
				}
			},
			"settle": func(*rapid.T) { settle() },
		})
		announce(len(l.changes))
		settle()
		for _, p := range open {
			p.close()
		}
	})
}
