package live

import "guildwatch/internal/snowflake"

// End sends an End frame to the streams that match picks and closes them, within 1 s, whatever their reader does.
// Nothing follows the frame; what was published a moment before may not have come. reason is a plain sentence for the
// reader.
func (h *Hub) End(match func(user snowflake.UserID, topic Topic) bool, code Code, reason string) {
	wire := encode(nil, End, object{"code": code, "reason": reason}.bytes(), 0)
	for _, r := range h.all() {
		for _, s := range r.everyone() {
			if match(s.user, r.topic) {
				s.end(wire)
			}
		}
	}
}

// Shutdown refuses new streams, ends all with code 1012, and returns when every goroutine of the hub is gone, at most
// about 1 s later. It fits http.Server.RegisterOnShutdown. A second call only waits.
func (h *Hub) Shutdown(reason string) {
	h.mu.Lock()
	first := !h.closed
	h.closed = true
	h.mu.Unlock()
	if first {
		close(h.quit)
	}
	h.End(func(snowflake.UserID, Topic) bool { return true }, Restarting, reason)
	h.serving.Wait()
	h.beating.Wait()
	if first {
		h.library.Close() // only now: closed under a subscriber, the library leaks its goroutine
	}
}

// afterShutdown ends a stream that was admitted before Shutdown and entered its room after.
func (h *Hub) afterShutdown(s *stream) {
	select {
	case <-h.quit:
		s.end(encode(nil, End, object{"code": Restarting, "reason": "guildwatch is restarting."}.bytes(), 0))
	default:
	}
}
