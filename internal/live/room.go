package live

import (
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/r3labs/sse/v2"
)

// room is one topic: the library's permanent stream and what is remembered beside it while somebody watches.
//
// Every publication has a position, 1 and up without gaps, given under mu before the library gets it. A stream that
// registers with the library and then reads the position under mu knows exactly which publications memory must give it
// (up to that position) and which will come to it live (all after).
type room struct {
	hub   *Hub
	topic Topic
	id    string   // of the library's stream
	url   *url.URL // from which the library reads id; shared by all requests

	position atomic.Int64 // last one given out; written under mu
	watched  atomic.Bool  // written under mu

	order sync.Mutex // held while publications go to the library, in order; no stream ever takes it

	mu        sync.Mutex // short: never held while waiting for the library, the store or a reader
	announced int64      // the newest change that was published, 0 for unknown
	shown     int64      // the newest change that the store has shown
	ring      ring
	latest    []unit // of each panel, in the order of their first publication
	streams   map[*stream]struct{}
	expected  int                // streams that have come and not gone
	waiting   map[*stream][]unit // of those without a position: the changes published since they came, until they are registered
	left      time.Time          // when the last stream went

	filling chan struct{} // holds one token while a backfill runs
}

// expect wakes the room when it slept. From now on s gets what is published, even when it has no position from which memory
// could give it.
func (r *room) expect(s *stream) {
	r.mu.Lock()
	r.expected++
	if s.sent < 0 {
		r.waiting[s] = nil
	}
	first := !r.watched.Swap(true)
	r.mu.Unlock()
	if first && r.hub.options.Watching != nil {
		r.hub.options.Watching(r.topic)
	}
}

// enter makes s, which has a link by now, one of the room's streams.
func (r *room) enter(s *stream) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.streams[s] = struct{}{}
}

func (r *room) leave(s *stream) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expected--
	delete(r.streams, s)
	delete(r.waiting, s)
	r.left = time.Now()
}

// sleep forgets what is kept for watchers when the last one left before the given time.
func (r *room) sleep(before time.Time) {
	r.order.Lock()
	defer r.order.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.expected > 0 || !r.watched.Load() || r.left.After(before) {
		return
	}
	r.watched.Store(false)
	r.ring.clear()
	r.latest, r.announced, r.shown = nil, 0, 0
}

// everyone lists the room's streams.
func (r *room) everyone() []*stream {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]*stream, 0, len(r.streams))
	for s := range r.streams {
		all = append(all, s)
	}
	return all
}

// publish gives units their positions and hands them to the library. order is held. A change that comes after a newer
// one has no place any more, for who resumes at the newer one would lose it: everyone is told to fetch again.
func (r *room) publish(units []unit) {
	r.mu.Lock()
	if !r.watched.Load() {
		r.mu.Unlock()
		return
	}
	for i, u := range units {
		switch {
		case u.class == change && u.seq <= r.announced:
			units[i] = resync("a change came late", 0)
			r.ring.restart(r.announced)
			r.hub.tally.late.Add(1)
			r.hub.options.Logger.Error("live: a change was published out of order",
				"topic", r.topic, "seq", u.seq, "after", r.announced)
		case u.class == change:
			r.announced = u.seq
			r.ring.add(u)
			for s, missed := range r.waiting {
				if len(missed) <= r.hub.options.RingFrames {
					r.waiting[s] = append(missed, u)
				}
			}
		case u.class == panel:
			r.keep(u)
		}
	}
	r.ring.trim(r.hub.options.RingFrames, r.hub.options.RingBytes, r.hub.options.RingsTotal)
	end := r.position.Add(int64(len(units)))
	r.mu.Unlock()
	for i, u := range units {
		behind := int64(len(units) - 1 - i)
		r.hub.library.Publish(r.id, &sse.Event{
			ID:   head(end-behind, u, behind > 0),
			Data: u.wire[len(dataField) : len(u.wire)-1], // the library writes the first "data: " and the last line end
		})
	}
}

func (r *room) keep(u unit) {
	for i := range r.latest {
		if r.latest[i].name == u.name {
			r.latest[i] = u
			return
		}
	}
	r.latest = append(r.latest, u)
}

// head is the library's id of a publication: its position; its id, negative for what is no change; and a + if another
// unit of the same Publish follows at once. It never reaches the wire; tap reads it.
func head(position int64, u unit, follows bool) []byte {
	id := u.id
	if u.class != change {
		id = -id
	}
	text := strconv.AppendInt(append(strconv.AppendInt(make([]byte, 0, 24), position, 10), ' '), id, 10)
	if follows {
		text = append(text, " +"...)
	}
	return text
}

// resync tells a page to fetch everything again. The id moves its last one to where the live frames go on.
func resync(reason string, id int64) unit {
	return unit{name: Resync, class: control, wire: encode(nil, Resync, object{"reason": reason}.bytes(), id)}
}
