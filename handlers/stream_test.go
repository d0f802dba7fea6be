package handlers

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/frame"
	"guildwatch/internal/live"
	"guildwatch/internal/snowflake"
)

// listener is an open stream as a browser has one.
type listener struct {
	*http.Response
	lines *bufio.Scanner
	close context.CancelFunc
}

// listen opens a stream; it is closed with the test at the latest.
func (h *house) listen(t *testing.T, path string, headers ...string) *listener {
	t.Helper()
	// longer than anything here takes, so that nothing hangs for ever
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, "GET", h.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	h.show(r)
	response, err := h.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return &listener{response, bufio.NewScanner(response.Body), cancel}
}

// until reads lines up to the one wanted and gives all of them.
func (l *listener) until(t *testing.T, want string) []string {
	t.Helper()
	var read []string
	for l.lines.Scan() {
		read = append(read, l.lines.Text())
		if l.lines.Text() == want {
			return read
		}
	}
	t.Fatalf("the stream ended without %q: %v, %q", want, l.lines.Err(), read)
	return nil
}

// joined reads up to a first frame. A stream joins its topic a moment after its headers; what is published then is kept
// for it.
func (l *listener) joined(t *testing.T, h *house, topic live.Topic) {
	t.Helper()
	if l.StatusCode != 200 {
		t.Fatalf("%s: status %d", l.Request.URL, l.StatusCode)
	}
	until(t, func() bool { return h.Hub.Watched(topic) })
	h.Hub.Publish(topic, live.Frame{Name: frame.PanelActivity, Data: []byte("joined")})
	l.until(t, "data: joined")
}

// Each path gets its own topic's frames and no other's.
func TestStreamsCarryTheirTopic(t *testing.T) {
	h := open(t, nil)
	topics := map[string]live.Topic{"/live": live.Overview(), "/live/" + home.String(): live.Guild(home),
		"/api/stats/realtime": live.OverviewJSON(), "/api/servers/" + home.String() + "/events": live.GuildJSON(home)}
	for path, topic := range topics {
		l := h.listen(t, path)
		l.joined(t, h, topic)
		for _, name := range []string{"X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy",
			"X-Request-Id"} {
			if len(l.Header.Values(name)) != 1 {
				t.Errorf("%s: %s is %q", path, name, l.Header.Values(name))
			}
		}
		if l.Header.Get("Content-Type") != "text/event-stream" || l.Header.Get("Cache-Control") != "no-store" ||
			l.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %v", path, l.Header)
		}
		for _, other := range topics {
			if other != topic {
				h.Hub.Publish(other, live.Frame{Name: frame.PanelActivity, Data: []byte("not yours")})
			}
		}
		h.Hub.Publish(topic, live.Frame{Seq: 7, Name: frame.Event, Data: []byte("yours")})
		for _, line := range l.until(t, "id: 7") {
			if strings.Contains(line, "not yours") {
				t.Errorf("%s carries another topic's frames", path)
			}
		}
		l.close()
	}
}

// A page that was rendered at change 7 gets 8 and later; a browser that comes back with a newer Last-Event-ID gets what
// it missed.
func TestStreamsResume(t *testing.T) {
	h := open(t, nil)
	path := "/live/" + home.String()
	first := h.listen(t, path)
	first.joined(t, h, live.Guild(home)) // while somebody watches, changes are kept for those who come back
	for seq := range int64(5) {
		h.Hub.Publish(live.Guild(home), live.Frame{Seq: seq + 6, Name: frame.Event, Data: []byte("change")})
	}
	first.until(t, "id: 10")
	ids := func(lines []string) (ids string) {
		for _, line := range lines {
			if id, ok := strings.CutPrefix(line, "id: "); ok {
				ids += " " + id
			}
		}
		return ids
	}
	if got := ids(h.listen(t, path+"?after=7").until(t, "id: 10")); got != " 8 9 10" {
		t.Errorf("after=7 gets%s", got)
	}
	if got := ids(h.listen(t, path+"?after=7", "Last-Event-ID", "9").until(t, "id: 10")); got != " 10" {
		t.Errorf("Last-Event-ID 9 gets%s", got)
	}
	if got := ids(h.listen(t, path+"?after=7", "Last-Event-ID", "3x").until(t, "id: 10")); got != " 8 9 10" {
		t.Errorf("an odd Last-Event-ID gets%s", got)
	}
	for _, after := range []string{"x", "-1", "1.5", "9223372036854775808", "%00", "7%0a8"} {
		if got := h.get(t, 400, path+"?after="+after); codeOf(t, got) != "invalid" {
			t.Errorf("after=%s: %s", after, got.body)
		}
	}
}

// The sixth stream of a person on a guild is refused before any header; when one closes there is room again.
func TestTheSixthStreamIsRefused(t *testing.T) {
	h := open(t, func(o *Options) { o.Identity = as(access.Person(7, true)) })
	path := "/live/" + home.String()
	var open []*listener
	for range 5 {
		l := h.listen(t, path)
		l.joined(t, h, live.Guild(home))
		open = append(open, l)
	}
	got := h.get(t, http.StatusTooManyRequests, path)
	if codeOf(t, got) != "too_many_requests" || got.Header.Get("Retry-After") == "" ||
		got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("the sixth: %v %s", got.Header, got.body)
	}
	h.listen(t, "/live").joined(t, h, live.Overview()) // another topic has room of its own
	open[0].close()
	until(t, func() bool { return h.Hub.Stats().Open == 5 })
	h.listen(t, path).joined(t, h, live.Guild(home))
}

// A session may open so many streams in a minute, wherever it comes from; others are not held up by it.
func TestOpeningsAreLimitedBySession(t *testing.T) {
	h := open(t, func(o *Options) {
		o.OpeningsPerMinute = 3
		o.Identity = func(_ http.ResponseWriter, r *http.Request) (Visitor, error) {
			id, _ := snowflake.Parse[snowflake.UserID](r.Header.Get("As"))
			return Visitor{Actor: access.Person(id, true)}, nil
		}
	}).timeless()
	for range 3 {
		h.listen(t, "/live", "As", "7").close()
	}
	got := h.get(t, http.StatusTooManyRequests, "/live", "As", "7", "X-Forwarded-For", "192.0.2.9")
	if got.Header.Get("Retry-After") != "60" {
		t.Errorf("Retry-After %q, %s", got.Header.Get("Retry-After"), got.body)
	}
	h.get(t, http.StatusTooManyRequests, "/live/"+home.String(), "As", "7")
	h.listen(t, "/live", "As", "8").joined(t, h, live.Overview())
}

// When the server stops, streams hear that it restarts and the stop does not wait for them.
func TestStreamsEndWhenTheServerStops(t *testing.T) {
	h := open(t, nil)
	l := h.listen(t, "/live")
	l.joined(t, h, live.Overview())
	stopped := make(chan error, 1)
	go func() { stopped <- h.Config.Shutdown(t.Context()) }()
	if last := strings.Join(l.until(t, "event: end"), "\n"); !strings.Contains(last, "1012") {
		t.Errorf("the last frame: %s", last)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// until looks again and again, for as long as anything here may take.
func until(t *testing.T, met func() bool) {
	t.Helper()
	again, late := time.NewTicker(2*time.Millisecond), time.After(20*time.Second)
	defer again.Stop()
	for !met() {
		select {
		case <-again.C:
		case <-late:
			t.Fatal("the condition was never met")
		}
	}
}
