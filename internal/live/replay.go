package live

import (
	"context"
	"errors"
)

var errIncomplete = errors.New("more changes than a replay may have")

// catchUp brings the ring, or the reader itself, so far that the ring covers what the reader lacks. It runs before the
// library knows the stream, because a subscriber that waits for the store would hold up the whole topic. The room is
// watched by now: what the store does not show yet will be published.
func (s *stream) catchUp(ctx context.Context) error {
	limit := s.room.hub.options.ReplayLimit
	for first := true; ctx.Err() == nil; first = false {
		if s.room.remembers(s.sent, first) {
			return nil
		}
		units, err := s.room.fill(ctx, s.sent, limit, first)
		if err != nil {
			return err
		}
		if s.room.remembers(s.sent, false) {
			return nil
		}
		for _, u := range units {
			s.pump(u.wire)
			s.sent = u.seq
		}
		s.room.hub.tally.fromStore.Add(int64(len(units)))
		if s.room.remembers(s.sent, false) {
			return nil
		}
		if limit -= len(units); limit <= 0 || len(units) == 0 {
			return errIncomplete
		}
	}
	return ctx.Err()
}

// remembers says whether the ring covers after. A reader who claims to be ahead of all changes seen here may be right,
// the page having been rendered a moment ago, or come from before the database was restored: strictly sends it to the
// store.
func (r *room) remembers(after int64, strictly bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ring.covers(after) && !(strictly && after > max(r.announced, r.shown))
}

// fill asks the store for the changes after the given one and keeps them in the ring, so that of thousands who come
// back together one asks. It gives the changes to the caller too, for the case that the ring cannot hold them.
func (r *room) fill(ctx context.Context, after int64, limit int, strictly bool) ([]unit, error) {
	o := &r.hub.options
	if o.Backfill == nil {
		return nil, errors.New("no store to replay from")
	}
	select {
	case r.filling <- struct{}{}:
		defer func() { <-r.filling }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if r.remembers(after, strictly) {
		return nil, nil
	}
	frames, complete, err := o.Backfill(ctx, r.topic, after, limit)
	if err != nil {
		return nil, err
	}
	if !complete {
		return nil, errIncomplete
	}
	all := units(frames, after, o.FrameBytes, r.hub.invalid)
	r.hub.tally.backfills.Add(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shown = max(r.shown, after)
	if len(all) > 0 {
		r.shown = max(r.shown, all[len(all)-1].seq)
	}
	r.ring.merge(after, all)
	r.ring.trim(o.RingFrames, o.RingBytes, o.RingsTotal)
	return all, nil
}

// join runs when the library has registered the stream: it fixes the position from which frames come live, and delivers
// what lies before it.
func (t *tap) join() {
	s, r := t.s, t.s.room
	r.mu.Lock()
	t.mark = r.position.Load()
	missed := r.waiting[s]
	delete(r.waiting, s)
	if s.sent >= 0 {
		missed = r.ring.since(s.sent)
	}
	if s.lost == "" && (s.sent >= 0 && !r.ring.covers(s.sent) || s.sent < 0 && len(missed) > r.hub.options.RingFrames) {
		s.lost = "more was published meanwhile than is kept"
	}
	if s.lost != "" {
		missed = nil
	}
	announced := r.announced
	latest := append([]unit(nil), r.latest...)
	r.mu.Unlock()

	var wire []byte
	frames := int64(0)
	give := func(one []byte) { wire, frames = append(wire, one...), frames+1 }
	if s.lost != "" {
		give(resync(s.lost, announced).wire)
		s.sent = -1
		r.hub.tally.resyncs.Add(1)
	}
	after := s.sent
	for _, u := range missed {
		give(u.wire)
		s.sent = u.seq
	}
	r.hub.tally.fromRing.Add(int64(len(missed)))
	for _, u := range latest {
		if u.seq > after || u.seq == after && !s.fresh {
			give(s.abreast(u))
		}
	}
	s.mu.Lock()
	s.joined = true
	s.mu.Unlock()
	if frames > 0 {
		s.deliver(wire, frames, false)
	}
}

// abreast is a panel's wire form, without the id if that would take the reader's last id back.
func (s *stream) abreast(u unit) []byte {
	if u.id < s.sent {
		return without(u.wire)
	}
	return u.wire
}

// pump writes replayed frames before the stream has joined, waiting for the reader once 32 KB have gathered.
func (s *stream) pump(wire []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	s.frames++
	s.pending = append(s.pending, wire...)
	if len(s.pending) >= chunk {
		s.flush()
	}
}
