package live

import (
	"bytes"
	"net/http"
	"strconv"
)

// tap is the ResponseWriter that the library writes a stream to. It never blocks, because the library's one goroutine
// for a topic waits for every subscriber. Of each event the library writes three pieces: an id line, which holds head
// and goes no further; the data lines, which hold the whole frame; an empty line, which is in the frame already.
type tap struct {
	s      *stream
	header http.Header // the library sets three; the real ones are sent before it is asked
	status int
	joined bool

	piece    int
	mark     int64 // position up to which join has given everything
	position int64
	id       int64 // of the change, negative of a panel's
	follows  bool  // another frame was published together with this one
}

func (t *tap) Header() http.Header {
	if t.header == nil {
		t.header = make(http.Header, 3)
	}
	return t.header
}

// WriteHeader is called with 200 as soon as the library has registered the subscriber.
func (t *tap) WriteHeader(status int) { t.status = status }

// Flush joins memory to the live frames when it is called first.
func (t *tap) Flush() {
	t.piece = 0
	if !t.joined && t.status == http.StatusOK {
		t.joined, t.header = true, nil
		t.join()
	}
}

func (t *tap) Write(p []byte) (int, error) {
	t.piece++
	switch {
	case !t.joined: // an error page of the library: the stream ends at once
	case t.piece == 1:
		t.read(p)
	case t.piece == 2 && t.position > t.mark:
		t.pass(p)
	}
	return len(p), nil
}

// read takes apart what head wrote, within "id: 12 4711\n".
func (t *tap) read(p []byte) {
	position, id, _ := bytes.Cut(bytes.TrimSuffix(p[len("id: "):], []byte{'\n'}), []byte{' '})
	id, _, t.follows = bytes.Cut(id, []byte{' '})
	before := t.position
	t.position, _ = strconv.ParseInt(string(position), 10, 64)
	t.id, _ = strconv.ParseInt(string(id), 10, 64)
	if before > 0 && t.position != before+1 {
		t.s.room.hub.options.Logger.Error("live: the library skipped a frame", "topic", t.s.room.topic,
			"position", t.position, "after", before)
		t.s.cut()
	}
}

// pass hands a live frame on, unless the reader has that change already: the store showed it before it was announced.
func (t *tap) pass(wire []byte) {
	s, frames := t.s, int64(1)
	switch {
	case t.id > 0 && t.id <= s.sent:
		wire, frames = nil, 0
	case t.id > 0:
		s.sent = t.id
	case -t.id < s.sent:
		wire = without(wire)
	}
	// Two ahead is a burst. One ahead is the next frame of a steady flow, which would come a whole fan-out later.
	more := t.follows || s.room.position.Load() > t.position+1
	s.deliver(wire, frames, more)
}
