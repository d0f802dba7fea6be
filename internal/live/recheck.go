package live

import (
	"runtime/debug"
	"sync"

	"guildwatch/internal/snowflake"
)

// recheckers is how many streams Recheck asks at once: an answer may have to wait for Discord, and one guild's must not
// hold up all others'.
const recheckers = 8

// Ending is why a stream has to end.
type Ending struct {
	Code   Code
	Reason string // a plain sentence for the reader
}

// Recheck asks the streams that match picks whether their reader may go on (Subscription.Still), ends those whose may
// not, and returns when all have been asked. match may be nil: all. What calls it must not hold anything that Still
// needs.
func (h *Hub) Recheck(match func(user snowflake.UserID, topic Topic) bool) {
	var asking sync.WaitGroup
	places := make(chan struct{}, recheckers)
	for _, r := range h.all() {
		for _, s := range r.everyone() {
			if s.still == nil || match != nil && !match(s.user, r.topic) {
				continue
			}
			places <- struct{}{}
			asking.Go(func() {
				defer func() { <-places }()
				s.recheck()
			})
		}
	}
	asking.Wait()
}

// recheck ends the stream if its reader may not go on, and if that cannot be found out for a panic.
func (s *stream) recheck() {
	if s.still == nil {
		return
	}
	defer func() {
		if reason := recover(); reason != nil {
			s.room.hub.options.Logger.Error("live: a panic while a stream's right was checked", "reason", reason,
				"stack", string(debug.Stack()))
			s.cut()
		}
	}()
	if ending := s.still(); ending != nil {
		s.end(encode(nil, End, object{"code": ending.Code, "reason": ending.Reason}.bytes(), 0))
	}
}
