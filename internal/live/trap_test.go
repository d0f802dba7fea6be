package live

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"guildwatch/internal/frame"
)

// The tests of this file are named after the library's traps: what would happen without the hub around it.

// deaf opens a stream that is never read, on a connection whose receive buffer is small.
func (s *stage) deaf(query string) net.Conn {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.server.Listener.Addr().String())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	fmt.Fprintf(conn, "GET /?%s HTTP/1.1\r\nHost: %s\r\n\r\n", query, s.server.Listener.Addr())
	return conn
}

// TestTrapOneSlowReaderStopsAll is F24 too.
func TestTrapOneSlowReaderStopsAll(t *testing.T) {
	s := newStage(t, Options{QueueBytes: 32 << 10, WriteTimeout: time.Minute})
	s.deaf("")
	healthy := s.read("", "")
	s.joined(2)
	row := strings.Repeat("x", 1024)
	slowest := time.Duration(0)
	for seq := int64(1); s.Stats().Slow == 0; seq++ {
		at := time.Now()
		s.Publish(Guild(guild), event(seq, row))
		slowest = max(slowest, time.Since(at))
		healthy.want(t, message{"event", row, fmt.Sprint(seq)})
		if seq > 4096 {
			t.Fatal("4 MB were published and the reader that reads nothing is not cut")
		}
	}
	if slowest > patience/2 { // a Publish that waited for the reader would take the minute
		t.Errorf("a Publish took %v beside a reader that does not read", slowest)
	}
	s.joined(1)
	s.Publish(Guild(guild), event(5000, "after"))
	healthy.want(t, message{"event", "after", "5000"})
}

func TestTrapWriteErrorsAndTimeIgnored(t *testing.T) {
	s := newStage(t, Options{WriteTimeout: 50 * time.Millisecond, QueueBytes: 1 << 30})
	s.deaf("")
	s.joined(1)
	row := strings.Repeat("x", 1024)
	for seq := int64(1); seq <= 1024; seq++ { // four times what the kernel takes
		s.Publish(Guild(guild), event(seq, row))
	}
	s.joined(0)
	if slow := s.Stats().Slow; slow != 1 {
		t.Errorf("%d readers were cut for reading nothing within WriteTimeout, want 1", slow)
	}
}

func TestTrapRegisteringHangsAfterConnectsAndDisconnects(t *testing.T) {
	s := newStage(t, Options{})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 25 {
				s.read("", "").close()
			}
		})
	}
	seq := int64(0)
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	for busy := true; busy; {
		select {
		case <-done:
			busy = false
		default:
			seq++
			s.Publish(Guild(guild), event(seq, "x"))
		}
	}
	s.joined(0)
	last := s.read("", "")
	s.joined(1)
	s.Publish(Guild(guild), event(seq+1, "x"))
	last.want(t, message{"event", "x", fmt.Sprint(seq + 1)})
}

func TestTrapCloseLeaksAGoroutineForEachSubscriber(t *testing.T) {
	before := runtime.NumGoroutine()
	s := newStage(t, Options{})
	var readers []*reader
	for range 20 {
		readers = append(readers, s.read("", ""))
	}
	s.joined(20)
	s.Shutdown("Over.")
	s.server.Close()
	for _, r := range readers {
		r.close()
	}
	until(t, "all goroutines are gone", func() bool { return runtime.NumGoroutine() <= before })
}

func TestTrapLibraryKeepsEveryEventAndRenumbers(t *testing.T) {
	s := newStage(t, Options{})
	first := s.read("", "")
	s.joined(1)
	s.Publish(Guild(guild), event(41, "old"))
	first.want(t, message{"event", "old", "41"})
	late := s.read("", "")
	s.joined(2)
	s.Publish(Guild(guild), event(42, "new"))
	late.want(t, message{"event", "new", "42"})
	if kept := len(s.library.CreateStream(Guild(guild).String()).Eventlog); kept != 0 {
		t.Errorf("the library keeps %d events", kept)
	}
}

func TestTrapLastEventIDThatIsNoNumber(t *testing.T) {
	s := newStage(t, Options{})
	for _, id := range []string{"x", "-1", "1.5", "99999999999999999999", "1 2"} {
		r := s.read("", id)
		s.joined(1)
		s.Publish(Guild(guild), event(s.Stats().Published+1, "x"))
		if m, _ := r.next(t); m.data != "x" {
			t.Errorf("Last-Event-ID %q: got %q, want the frame", id, m)
		}
		r.close()
		s.joined(0)
	}
}

func TestTrapEmptyDataEndsTheStream(t *testing.T) {
	s := newStage(t, Options{})
	r := s.read("", "")
	s.joined(1)
	s.Publish(Guild(guild), event(1, ""), event(2, "\n"), event(3, "still here"))
	r.want(t, message{"event", "", "1"})
	r.want(t, message{"event", "\n", "2"})
	r.want(t, message{"event", "still here", "3"})
}

func TestTrapIDLineWrittenEmpty(t *testing.T) {
	if wire := encode(nil, frame.Heartbeat, []byte("{}"), 0); bytes.Contains(wire, []byte("id:")) {
		t.Errorf("a frame without id says %q; an empty id clears the browser's", wire)
	}
}

func TestTrapEventsAreChangedByTheLibrary(t *testing.T) { // under -race
	s := newStage(t, Options{})
	a, b := s.read("guild=1", ""), s.read("guild=2", "")
	s.joined(2)
	shared := event(1, "shared")
	var all sync.WaitGroup
	all.Go(func() { s.Publish(Guild(1), shared) })
	all.Go(func() { s.Publish(Guild(2), shared) })
	all.Wait()
	a.want(t, message{"event", "shared", "1"})
	b.want(t, message{"event", "shared", "1"})
}

func TestTrapClientNamesTheStream(t *testing.T) {
	s := newStage(t, Options{})
	mine, other := s.read("guild=1&stream=2", ""), s.read("guild=2", "")
	s.joined(2)
	s.Publish(Guild(2), event(1, "theirs"))
	other.want(t, message{"event", "theirs", "1"})
	s.Publish(Guild(1), event(2, "mine"))
	mine.want(t, message{"event", "mine", "2"})
}

func TestTrapShutdownWaitsForStreams(t *testing.T) {
	s := newStage(t, Options{}, func(server *httptest.Server) { server.Config.ReadHeaderTimeout = time.Second })
	s.server.Config.RegisterOnShutdown(func() { s.Shutdown("Restarting.") })
	r := s.read("", "")
	s.joined(1)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.server.Config.Shutdown(ctx); err != nil {
		t.Fatalf("Shutdown: %v", err)
	}
	r.want(t, message{"end", `{"code":1012,"reason":"Restarting."}`, ""})
	r.wantEnd(t)
}

func TestTrapServerTimeoutsCutTheStream(t *testing.T) {
	const short = 250 * time.Millisecond // until it is over the request must have been read
	s := newStage(t, Options{Heartbeat: short / 10}, func(server *httptest.Server) {
		server.Config.WriteTimeout, server.Config.ReadTimeout = short, short
	})
	r := s.read("", "")
	for began := time.Now(); time.Since(began) < 2*short; {
		select {
		case m, ok := <-r.messages:
			if !ok || m.name != "heartbeat" {
				t.Fatalf("got %q (stream open: %t), want a heartbeat", m, ok)
			}
		case <-time.After(patience):
			t.Fatal("no heartbeat came")
		}
	}
}

func TestTrapNoHeartbeatAndProxiesBuffer(t *testing.T) {
	s := newStage(t, Options{Heartbeat: 5 * time.Millisecond})
	r := s.read("", "")
	for name, want := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store",
		"X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff", "Content-Encoding": ""} {
		if got := r.response.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if m := <-r.messages; m.name != "heartbeat" || !strings.HasPrefix(m.data, `{"at":"20`) || m.id != "" {
		t.Errorf("got %q, want a heartbeat with a time and without an id", m)
	}
	if wait := <-r.retry; len(wait) != 4 {
		t.Errorf("retry: %s, want 1000 to 4999", wait)
	}
}

// feed writes to t as the library does.
func (t *tap) feed(head, data string) {
	fmt.Fprintf(t, "id: %s\n", head)
	fmt.Fprintf(t, "data: %s\n\n", data)
	fmt.Fprint(t, "\n")
	t.Flush()
}

// tapped is a stream that has the change up to sent, on a room whose ring holds the changes 1 and 2, and writes to a
// buffer.
func tapped(t *testing.T, sent int64) (*tap, *recorder) {
	s := newStage(t, Options{})
	r := s.roomFor(Guild(guild))
	r.watched.Store(true)
	s.Publish(Guild(guild), event(1, "in the ring"), event(2, "in the ring"))
	l := &recorder{}
	st := &stream{room: r, link: l, cancel: func() {}, stop: func() {}, sent: sent}
	live := &tap{s: st}
	live.WriteHeader(http.StatusOK)
	live.Flush()
	return live, l
}

func TestTrapSubscribedIsNotRegistered(t *testing.T) {
	live, out := tapped(t, 1)
	live.feed("1 1", "live 1")
	live.feed("2 -2", "live 2") // both were on their way when the stream registered; memory has given them, or newer
	live.feed("3 3", "live 3")
	if want := "data: in the ring\nevent: event\nid: 2\n\ndata: live 3\n\n"; out.String() != want {
		t.Errorf("the reader got %q, want %q", out, want)
	}
	live.feed("5 5", "live 5")
	if !live.s.ended {
		t.Error("position 4 was skipped and the stream goes on")
	}
}

func TestFramesPublishedTogetherLeaveTogether(t *testing.T) {
	live, out := tapped(t, 2)
	live.feed("3 3 +", "change")
	live.feed("4 -3 +", "panel")
	if out.Len() > 0 {
		t.Errorf("%q left although more follows", out)
	}
	live.feed("5 2", "a change that the reader has")
	if want := "data: change\n\ndata: panel\n\n"; out.String() != want || out.writes != 1 {
		t.Errorf("the reader got %q in %d writes, want %q in one", out, out.writes, want)
	}
}

// recorder is a link to a buffer.
type recorder struct {
	bytes.Buffer
	writes int
}

func (r *recorder) try(p []byte) (int, error) { r.writes++; return r.Write(p) }
func (r *recorder) write(p []byte) error      { _, err := r.try(p); return err }
func (r *recorder) deadline(time.Time)        {}
func (r *recorder) reset()                    {}

func TestTrapWrappedResponseHasNoFlusher(t *testing.T) {
	type wrapped struct{ http.ResponseWriter }
	var s *stage
	s = newStage(t, Options{}, func(server *httptest.Server) {
		server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.answer(unwrapper{wrapped{w}, w}, r)
		})
	})
	r := s.read("", "")
	s.joined(1)
	s.Publish(Guild(guild), event(1, "x"))
	r.want(t, message{"event", "x", "1"})
}

type unwrapper struct {
	http.ResponseWriter
	inner http.ResponseWriter
}

func (u unwrapper) Unwrap() http.ResponseWriter { return u.inner }

// TestTrapsWithoutADirectConnection repeats what matters where frames go through net/http: TLS, HTTP/2, no ConnContext.
func TestTrapsWithoutADirectConnection(t *testing.T) {
	for name, configure := range map[string]func(*httptest.Server){
		"TLS":            func(server *httptest.Server) { server.StartTLS() },
		"HTTP/2":         func(server *httptest.Server) { server.EnableHTTP2 = true; server.StartTLS() },
		"no ConnContext": func(server *httptest.Server) { server.Config.ConnContext = nil },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, Options{Heartbeat: time.Millisecond}, configure)
			r, gone := s.read("after=1", "7"), s.read("", "")
			s.joined(2)
			gone.close()
			s.joined(1)
			r.want(t, message{"resync", `{"reason":"what was missed cannot be replayed"}`, "7"})
			for seq := int64(8); seq < 200; seq++ {
				s.Publish(Guild(guild), event(seq, strings.Repeat("x", 1000)))
			}
			for seq := int64(8); seq < 200; seq++ {
				if m, _ := r.next(t); m.id != fmt.Sprint(seq) {
					t.Fatalf("got %.50q, want change %d", m, seq)
				}
			}
			s.Shutdown("Over.")
			r.want(t, message{"end", `{"code":1012,"reason":"Over."}`, "199"})
			r.wantEnd(t)
		})
	}
}
