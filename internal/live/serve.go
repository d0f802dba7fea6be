package live

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"

	"guildwatch/internal/fault"
)

// Serve answers r with the stream that sub describes, until the reader goes, End or Shutdown ends it, or it is too
// slow. Before any header is sent it may return a *fault.Error: TooMany for one stream more than PerUser on a guild,
// Unavailable at Total or during Shutdown, both with RetryAfter, Invalid for the zero Topic. After that it returns nil.
//
// The route must have no middleware that buffers, compresses or times out. A WriteTimeout of the server does not apply.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, sub Subscription) error {
	if sub.Topic == (Topic{}) {
		return fault.New(fault.Invalid, "Say which stream you want.")
	}
	who := viewer{user: sub.User, guild: sub.Topic.guild}
	if sub.User == 0 {
		who.name = sub.Viewer
	}
	if err := h.admit(who); err != nil {
		return err
	}
	defer h.release(who)

	ctx, cancel := context.WithCancel(r.Context())
	catching, stop := context.WithCancel(ctx)
	s := &stream{room: h.roomFor(sub.Topic), user: sub.User, still: sub.Still, ctx: ctx, cancel: cancel, stop: stop,
		draining: true, pending: hello()}
	s.sent, s.fresh = start(sub.After, r.Header.Get("Last-Event-ID"))
	s.room.expect(s)
	defer s.room.leave(s)
	s.link = open(w, r)
	s.room.enter(s)
	defer s.finish()
	h.afterShutdown(s)
	s.recheck()
	if sub.First != nil {
		for _, f := range sub.First() {
			s.tell(f)
		}
	}

	if s.sent >= 0 {
		if err := s.catchUp(catching); err != nil {
			s.lost = "what was missed cannot be replayed"
		}
	}
	stop()
	s.drain()
	if ctx.Err() == nil {
		inner := &http.Request{Method: http.MethodGet, URL: s.room.url, Header: noHeader}
		h.library.ServeHTTP(&tap{s: s}, inner.WithContext(ctx))
	}
	return nil
}

// noHeader is the header of every request that the library sees: a Last-Event-ID in it would have to be an int.
var noHeader = http.Header{}

// start is the seq that a reader has, and whether that is a page's rather than a stream's.
func start(after int64, lastEventID string) (sent int64, fresh bool) {
	last, err := strconv.ParseInt(lastEventID, 10, 64)
	if err != nil || last < 0 || last < after {
		return max(after, -1), true
	}
	return last, false
}

// hello tells the browser to wait between 1 and 5 s before it comes back, each its own time: after a restart thousands
// do.
func hello() []byte {
	wait := 1000 + rand.Int64N(4000) // #nosec G404 -- spread, not secret
	return append(strconv.AppendInt([]byte("retry: "), wait, 10), frameEnd...)
}
