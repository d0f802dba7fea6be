package live

import "sync/atomic"

// Stats are a hub's figures: Open, Watched and RingBytes as they are now, everything else since it was made.
type Stats struct {
	Open      int   // streams that take live frames
	Watched   int   // topics that somebody watches, or left less than Linger ago
	RingBytes int64 // kept for replay
	Served    int64 // streams that were opened and have closed
	Published int64 // frames given to Publish that somebody watched
	Frames    int64 // deliveries: frames times streams
	Bytes     int64 // written to readers
	Slow      int64 // readers that were cut because they did not read
	Refused   int64 // streams refused by a limit
	Resyncs   int64 // readers sent to fetch everything again
	FromRing  int64 // changes replayed from memory
	FromStore int64 // changes replayed past memory
	Backfills int64 // calls of Backfill that gave all
	Late      int64 // changes published out of order: a fault of the announcer
	Invalid   int64 // frames that were dropped: a fault of the caller
}

// tally counts what a hub did. Frames and bytes are counted in each stream and added when it closes, because one
// counter that all cores write costs more than the rest of a delivery.
type tally struct {
	served, published, frames, bytes, slow, refused, resyncs atomic.Int64
	fromRing, fromStore, backfills, late, invalid            atomic.Int64
}

// add takes a closed stream's figures over. Its mu is held.
func (t *tally) add(s *stream) {
	t.served.Add(1)
	t.frames.Add(s.frames)
	t.bytes.Add(s.bytes)
	s.frames, s.bytes = 0, 0
}

// Stats gives the figures as of now.
func (h *Hub) Stats() Stats {
	t := &h.tally
	now := Stats{
		RingBytes: h.rings.Load(), Served: t.served.Load(), Published: t.published.Load(), Slow: t.slow.Load(),
		Refused: t.refused.Load(), Resyncs: t.resyncs.Load(), FromRing: t.fromRing.Load(), FromStore: t.fromStore.Load(),
		Backfills: t.backfills.Load(), Late: t.late.Load(), Invalid: t.invalid.Load(),
		Frames: t.frames.Load(), Bytes: t.bytes.Load(),
	}
	for _, r := range h.all() {
		if r.watched.Load() {
			now.Watched++
		}
		for _, s := range r.everyone() {
			s.mu.Lock()
			now.Frames += s.frames
			now.Bytes += s.bytes
			if s.joined && !s.ended {
				now.Open++
			}
			s.mu.Unlock()
		}
	}
	return now
}
