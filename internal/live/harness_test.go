package live

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
)

// patience is how long a test waits for what must come; only a failing test waits that long.
const patience = 30 * time.Second

// guild is the guild of most tests.
const guild snowflake.GuildID = 81384788765712384

// stage is a hub behind a real server on a real socket.
type stage struct {
	*Hub
	t      testing.TB
	server *httptest.Server
	still  func(snowflake.UserID) *Ending // may a user go on; nil: always. Set before the first read
	first  func(snowflake.UserID) []Frame // what a user is told on joining; nil: nothing. Set before the first read
}

func newStage(t testing.TB, o Options, configure ...func(*httptest.Server)) *stage {
	t.Helper()
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	s := &stage{Hub: New(o), t: t}
	s.server = httptest.NewUnstartedServer(http.HandlerFunc(s.answer))
	s.server.Config.ConnContext = ConnContext
	for _, c := range configure {
		c(s.server)
	}
	if s.server.URL == "" {
		s.server.Start()
	}
	t.Cleanup(func() {
		s.Shutdown("The test is over.")
		s.server.Close()
	})
	return s
}

// answer reads the subscription from the query, as no route of the product may.
func (s *stage) answer(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	number := func(name string, none int64) int64 {
		if n, err := strconv.ParseInt(q.Get(name), 10, 64); err == nil {
			return n
		}
		return none
	}
	topic := Guild(snowflake.GuildID(number("guild", int64(guild))))
	if q.Has("json") {
		topic = GuildJSON(topic.guild)
	}
	sub := Subscription{Topic: topic, User: snowflake.UserID(number("user", 0)), Viewer: r.RemoteAddr,
		After: number("after", -1)}
	if s.still != nil {
		sub.Still = func() *Ending { return s.still(sub.User) }
	}
	if s.first != nil {
		sub.First = func() []Frame { return s.first(sub.User) }
	}
	err := s.Serve(w, r, sub)
	if f := (*fault.Error)(nil); errors.As(err, &f) {
		w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
		http.Error(w, f.Public, f.Kind.Status())
	} else if err != nil {
		s.t.Errorf("Serve returned %v, want nil or a *fault.Error", err)
	}
}

// message is one event as a browser dispatches it.
type message struct {
	name, data, id string
}

// reader reads a stream as the EventSource specification says.
type reader struct {
	response *http.Response
	cancel   context.CancelFunc
	closed   <-chan struct{}
	messages chan message // closed when the stream is over
	retry    chan string
}

// read opens a stream; query is like "guild=1&after=5", lastID the Last-Event-ID to send, if any.
func (s *stage) read(query, lastID string) *reader {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.server.URL+"/?"+query, nil)
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	transport := s.server.Client().Transport.(*http.Transport).Clone()
	transport.DisableCompression = true
	s.t.Cleanup(transport.CloseIdleConnections)
	response, err := transport.RoundTrip(request)
	if err != nil {
		cancel()
		s.t.Fatalf("open a stream: %v", err)
	}
	r := &reader{response: response, cancel: cancel, closed: ctx.Done(),
		messages: make(chan message, 4096), retry: make(chan string, 1)}
	s.t.Cleanup(r.close)
	go r.parse(bufio.NewReader(response.Body), lastID)
	return r
}

func (r *reader) parse(lines *bufio.Reader, lastID string) {
	defer close(r.messages)
	var name string
	var data []string
	for {
		line, err := readLine(lines)
		if err != nil {
			return
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "" && data != nil:
			select {
			case r.messages <- message{name: name, data: strings.Join(data, "\n"), id: lastID}:
			case <-r.closed:
				return
			}
			name, data = "", nil
		case line == "":
			name = ""
		case field == "data":
			data = append(data, value)
		case field == "event":
			name = value
		case field == "id" && !strings.Contains(value, "\x00"):
			lastID = value
		case field == "retry":
			r.retry <- value
		}
	}
}

// readLine reads up to CR, LF or CRLF, each of which ends a line of an event stream.
func readLine(r *bufio.Reader) (string, error) {
	var line strings.Builder
	for {
		b, err := r.ReadByte()
		switch {
		case err != nil:
			return "", err
		case b == '\n':
			return line.String(), nil
		case b == '\r':
			if next, err := r.Peek(1); err == nil && next[0] == '\n' {
				_, _ = r.ReadByte()
			}
			return line.String(), nil
		}
		line.WriteByte(b)
	}
}

func (r *reader) close() {
	r.cancel()
	_ = r.response.Body.Close()
}

// next is the next message that is no heartbeat; false when the stream is over.
func (r *reader) next(t testing.TB) (message, bool) {
	t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case m, ok := <-r.messages:
			if ok && m.name == string(Heartbeat) {
				continue
			}
			return m, ok
		case <-timeout:
			t.Fatal("no message came")
		}
	}
}

// want fails unless the next message is m.
func (r *reader) want(t testing.TB, want message) {
	t.Helper()
	if got, ok := r.next(t); !ok || got != want {
		t.Fatalf("got %q (stream open: %t), want %q", got, ok, want)
	}
}

// wantEnd fails unless the stream is over, with nothing before that.
func (r *reader) wantEnd(t testing.TB) {
	t.Helper()
	if m, ok := r.next(t); ok {
		t.Fatalf("got %q, want the end of the stream", m)
	}
}

// event is the frame of a change.
func event(seq int64, data string) Frame {
	return Frame{Seq: seq, Name: frame.Event, Data: []byte(data)}
}

// until waits for a condition that no channel announces.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	timeout, look := time.After(patience), time.NewTicker(time.Millisecond)
	defer look.Stop()
	for !holds() {
		select {
		case <-look.C:
		case <-timeout:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// joined waits until n streams are open and take frames, and those that were closed are gone.
func (s *stage) joined(n int) {
	s.t.Helper()
	until(s.t, strconv.Itoa(n)+" streams have joined", func() bool { return s.admitted() == n && s.Stats().Open == n })
}

func (s *stage) admitted() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.open
}
