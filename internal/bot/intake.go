package bot

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/desk"
	"guildwatch/internal/snowflake"
)

// intake takes dispatches from the socket's goroutine and brings them, in the order of their channel or guild, to the
// desk. It does no I/O on the caller's goroutine and never makes it wait for a lane.
type intake struct {
	desk     *desk.Desk
	ledger   moderation.Ledger
	clock    func() time.Time
	log      *slog.Logger
	pace     pace
	lanes    []*lane
	interact func(payload []byte, at time.Time) // gets its own copy
	limited  func(payload []byte)
	doubt    func(snowflake.GuildID) // a record of the guild was given up
	planned  func()                  // something may be to be read back
	seen     func(moderation.Event)  // nil outside tests

	mu     sync.Mutex // orders events and marks
	at     moderation.Position
	latest time.Time         // arrival of a record: news must not look old after the clock was set back
	tally  *moderation.Tally // of what no lane counts
	gaps   gapBook
	lost   []*loss // sessions that are gone, since the last mark

	events, duplicates, malformed, quarantined, shed, recorded, commits atomic.Int64
}

// newIntake makes n lanes.
func newIntake(in *intake, n int, b bounds, guilds *roster, members *memberList, s *scout) *intake {
	in.tally = moderation.NewTally()
	for range n {
		w := worker{in: in, guilds: guilds, members: members, scout: s, tally: moderation.NewTally()}
		in.lanes = append(in.lanes, newLane(b, w))
	}
	return in
}

// accept takes one dispatch that the socket's goroutine has read into buf, and says whether it keeps buf. A sequence
// number that was there before is a repetition: it is counted and changes nothing.
func (in *intake) accept(e envelope, buf *bytes.Buffer, at time.Time) (kept bool) {
	var by int64
	var guild snowflake.GuildID
	if routes[e.kind].by != "" {
		lane, g := place(e.kind, e.data)
		by, guild = lane, snowflake.GuildID(g)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if e.seq != 0 && e.seq <= in.at.Seq {
		in.duplicates.Add(1)
		return false
	}
	in.events.Add(1)
	in.at.Seq, in.at.SavedAt = max(in.at.Seq, e.seq), at
	if routes[e.kind].rank == rankRecord {
		if at.Before(in.latest) {
			at = in.latest
		}
		in.latest = at
	}
	switch {
	case e.kind == kindInteraction:
		in.interact(bytes.Clone(e.data), at)
	case e.kind == kindRateLimited:
		in.limited(e.data)
	case routes[e.kind].by != "":
		if in.laneOf(by).push(item{kind: e.kind, guild: guild, at: at, payload: e.data, buf: buf}) {
			return true
		}
		in.shed.Add(1)
		in.gaps.shed(guild, at, gapBurst)
		if routes[e.kind].rank == rankRecord {
			in.doubt(guild)
		}
	}
	return false
}

// submit hands in an event that the loop translated itself.
func (in *intake) submit(event moderation.Event) {
	guild := event.Where().Guild
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.laneOf(int64(guild)).push(item{kind: kindMade, guild: guild, at: event.Where().At, event: event}) {
		in.shed.Add(1)
		in.gaps.shed(guild, in.clock().UTC(), gapBurst)
	}
}

// offer hands in a page of history; false when its lane has no room for it now.
func (in *intake) offer(p *page) bool {
	by := int64(p.Channel)
	if by == 0 {
		by = int64(p.Guild)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.laneOf(by).push(item{kind: kindPage, guild: p.Guild, at: in.clock(), payload: p.body, page: p})
}

// laneOf spreads ids evenly: their low bits alone count up within a millisecond.
func (in *intake) laneOf(id int64) *lane {
	return in.lanes[(uint64(id)*0x9e3779b97f4a7c15>>32)%uint64(len(in.lanes))]
}

// begin says that what follows belongs to this session, from this sequence number on.
func (in *intake) begin(at moderation.Position) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.at = at
}

// loss is a session that is gone. Settled is closed once all that it brought is committed, and that it is gone.
type loss struct {
	gap     moderation.Gap // its end is not known yet
	settled chan struct{}
}

// lose says that the session is gone.
func (in *intake) lose(gap moderation.Gap) *loss {
	l := &loss{gap: gap, settled: make(chan struct{})}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.at = moderation.Position{}
	in.lost = append(in.lost, l)
	return l
}

// position is how far the socket's goroutine has come.
func (in *intake) position() moderation.Position {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.at
}

// beat notes an answered heartbeat: until it was asked for nothing was missed. What came later may not have been sent.
func (in *intake) beat(asked time.Time, latency time.Duration) {
	in.mu.Lock()
	defer in.mu.Unlock()
	now := in.clock().UTC()
	if saved := in.at.SavedAt; in.at.Session != "" && (asked.After(saved) || saved.After(now)) { // the clock was set back
		in.at.SavedAt = asked.UTC()
	}
	// A measured latency is only counted: there is no way for it to fail.
	_ = in.desk.Handle(context.Background(), in.tally,
		moderation.LatencyMeasured{Origin: moderation.Origin{At: now}, Latency: latency})
}

// gaveUp notes an event that was received and could not be handled.
func (in *intake) gaveUp(guild snowflake.GuildID, at time.Time) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.gaps.shed(guild, at.UTC(), gapBroken)
}

// missed notes a time during which events may have been missed.
func (in *intake) missed(gap moderation.Gap) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.gaps.add(gap)
}

// unrecorded notes what the desk has given up since it was last asked. With last, it hands out all gaps.
func (in *intake) unrecorded(last bool) []moderation.Gap {
	missed := in.desk.Missed()
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, m := range missed {
		in.gaps.miss(m.Guild, m.From.UTC(), m.To.UTC(), m.Cases, gapCases)
	}
	if !last {
		return nil
	}
	return in.gaps.take(true)
}

// depth is how many events wait in all lanes.
func (in *intake) depth() int {
	n := 0
	for _, l := range in.lanes {
		n += l.depth()
	}
	return n
}
