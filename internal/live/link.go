package live

import (
	"net"
	"net/http"
	"time"
)

// link is what a stream's bytes leave through. One goroutine at a time tries or writes; reset and deadline may come
// between.
type link interface {
	try(p []byte) (n int, err error) // writes what goes without waiting, perhaps nothing
	write(p []byte) error            // writes all, until the deadline
	deadline(t time.Time)            // for the write that waits now and all later ones; zero for none
	reset()                          // breaks the connection; unsent bytes are thrown away
}

// open sends the response's head and gives the link for its body.
//
// A plain HTTP/1.1 connection that went through ConnContext is written to directly: net/http's three buffers and chunks
// are of no use to frames that leave whole, and it has no way to write without waiting. Transfer-Encoding identity is
// its documented way to a body that ends with the connection. Anything else (TLS, HTTP/2) is written through net/http.
func open(w http.ResponseWriter, r *http.Request) link {
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no")
	header.Set("X-Content-Type-Options", "nosniff")
	through := response{w, http.NewResponseController(w)}

	conn, direct := r.Context().Value(connKey{}).(*net.TCPConn)
	direct = direct && r.ProtoMajor == 1 && header.Get("Content-Encoding") == ""
	if direct {
		header.Set("Transfer-Encoding", "identity")
	}
	w.WriteHeader(http.StatusOK)
	_ = through.control.Flush()
	if direct {
		if s := directly(conn); s != nil {
			return s
		}
	}
	return through
}

// response writes through net/http. It cannot write without waiting.
type response struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (l response) try([]byte) (int, error) { return 0, nil }

func (l response) write(p []byte) error {
	if _, err := l.w.Write(p); err != nil {
		return err
	}
	return l.control.Flush()
}

func (l response) deadline(t time.Time) { _ = l.control.SetWriteDeadline(t) }

func (l response) reset() { l.deadline(time.Unix(1, 0)) }
