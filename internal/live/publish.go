package live

import "guildwatch/internal/snowflake"

// Publish sends frames to every stream of topic, in order. All frames of one change belong into one call, and calls for
// a topic come from one announcer in seq order. Nobody watching is no error. Publish waits for no reader: a slow one is
// cut and comes back. Frames that are no change or panel of the closed set, or changes without a seq, are dropped and
// logged.
func (h *Hub) Publish(topic Topic, frames ...Frame) {
	r := h.find(topic)
	if r == nil || !r.watched.Load() {
		return
	}
	r.order.Lock()
	defer r.order.Unlock()
	r.publish(units(frames, r.announced, h.options.FrameBytes, h.invalid))
	h.tally.published.Add(int64(len(frames)))
}

// Watched says whether a frame for topic would reach anybody, or be remembered for somebody who just left. Ask after
// the change is committed: then who comes later finds it by Backfill.
func (h *Hub) Watched(topic Topic) bool {
	r := h.find(topic)
	return r != nil && r.watched.Load()
}

// Tell sends a personal frame to user's streams of topic, between the others. It carries no id and is never replayed.
func (h *Hub) Tell(user snowflake.UserID, topic Topic, f Frame) {
	r := h.find(topic)
	if r == nil || user == 0 {
		return
	}
	for _, s := range r.everyone() {
		if s.user == user {
			s.tell(f)
		}
	}
}

// tell gives the stream a frame for its user alone.
func (s *stream) tell(f Frame) {
	if f.Name.Class() != personal {
		s.room.hub.invalid(f)
		return
	}
	s.deliver(bounded(nil, f.Name, f.Data, 0, s.room.hub.options.FrameBytes), 1, false)
}

func (h *Hub) invalid(f Frame) {
	h.tally.invalid.Add(1)
	h.options.Logger.Error("live: a frame was dropped: want a change with a seq, a panel, or for one user what is personal",
		"name", f.Name, "seq", f.Seq)
}
