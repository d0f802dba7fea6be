package handlers

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/live"
)

// line is a listener in memory: its connections have deadlines, but their clock is the test's.
type line struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l line) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l line) Close() error   { close(l.closed); return nil }
func (l line) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

// Whoever sends a byte a second is cut off, wherever the request leads: the head after 5 s, the body after 30 s more.
func TestDrippingRequestsAreCut(t *testing.T) {
	post := "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
		"Content-Length: 1000\r\n\r\n"
	chunked := "POST /demo/role HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n"
	for name, c := range map[string]struct {
		request string
		within  time.Duration
	}{
		"nothing":                   {"", 10 * time.Second},
		"a head":                    {"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", 10 * time.Second},
		"a form":                    {fmt.Sprintf(post, "/demo/role", "localhost"), 40 * time.Second},
		"a body that leads nowhere": {fmt.Sprintf(post, "/nothing", "localhost"), 40 * time.Second},
		"a body for a foreign name": {fmt.Sprintf(post, "/demo/role", "evil.example"), 40 * time.Second},
		"a body for another method": {fmt.Sprintf(post, "/api/stats", "localhost"), 40 * time.Second},
		"a body of unknown length":  {chunked, 40 * time.Second},
		"a body with a GET of a page": {"GET /servers HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n",
			40 * time.Second},
		"a body with a GET of a stream": {"GET /live/7 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n",
			40 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			hub := live.New(live.Options{})
			defer hub.Shutdown("")
			_, handler := build(Options{Hub: hub, Identity: as(access.Person(7, false)), Roster: byActor(nil),
				DemoKey: []byte("key"),
				Logger:  slog.New(slog.DiscardHandler)})
			server := NewServer(handler, hub, slog.New(slog.DiscardHandler))
			l := line{make(chan net.Conn), make(chan struct{})}
			go func() { _ = server.Serve(l) }()
			defer server.Close()
			here, there := net.Pipe()
			defer here.Close()
			l.conns <- there
			go func() { _, _ = io.Copy(io.Discard, here) }()
			began := time.Now()
			_, err := io.WriteString(here, c.request)
			for err == nil && time.Since(began) < time.Hour {
				time.Sleep(time.Second) // the bubble's clock
				_, err = io.WriteString(here, "x")
			}
			if took := time.Since(began); took > c.within {
				t.Errorf("%s may drip for %s, allowed are %s", name, took, c.within)
			}
		})
	}
}

// A stream has no deadline for its answer, whatever came before it on the same connection.
func TestStreamsHaveNoDeadline(t *testing.T) {
	for path, bounded := range map[string]bool{"/live/7": false, "/live": false, "/servers": true, "/nothing": true} {
		hub := live.New(live.Options{})
		_, handler := build(Options{Hub: hub, Identity: as(access.Person(7, false)), Roster: byActor(nil),
			Logger: slog.New(slog.DiscardHandler)})
		w := &bounds{}
		r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://localhost"+path, nil)
		handler.ServeHTTP(w, r)
		hub.Shutdown("")
		if bounded == w.write.IsZero() {
			t.Errorf("%s: the answer's deadline is %v", path, w.write)
		}
	}
}

// bounds is an answer that notes its last deadline.
type bounds struct {
	header http.Header
	write  time.Time
}

func (b *bounds) Header() http.Header {
	if b.header == nil {
		b.header = http.Header{}
	}
	return b.header
}
func (b *bounds) Write(p []byte) (int, error)         { return len(p), nil }
func (b *bounds) WriteHeader(int)                     {}
func (b *bounds) SetWriteDeadline(at time.Time) error { b.write = at; return nil }
func (b *bounds) SetReadDeadline(_ time.Time) error   { return nil }
