package static_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"guildwatch/internal/loopback"
	"guildwatch/static"
)

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri /policy"

//go:embed testdata/page.html
var source string

var page = template.Must(template.New("page").Funcs(template.FuncMap{"asset": static.Path}).Parse(source))

// site is a server with one live page, small enough to be seen through: what the scripts ask of it is counted, and it
// can be stopped and started on the same port.
type site struct {
	t       *testing.T
	address string
	server  *http.Server

	mu       sync.Mutex
	timing   map[string]int // durations of the page's scripts, ms
	changes  []change
	panels   map[string]string
	streams  map[*stream]bool
	openings []opening
	fetched  map[string]int // by region
	broken   map[string]bool
	refuse   func(w http.ResponseWriter) bool // answers instead of a stream
	quiet    bool                             // no heartbeats
	held     func(region string)              // called once between a region's rendering and its answer
	deed     http.HandlerFunc                 // answers the page's form
	reports  []string
	seen     []string // notifications that a page has told
}

type change struct {
	seq        int64
	name, data string
}

type opening struct {
	at    time.Time
	after string
}

type stream struct {
	frames chan string
	end    context.CancelFunc
}

func newSite(t *testing.T, timing map[string]int) *site {
	s := &site{t: t, address: loopback.Host() + ":0", timing: timing, panels: map[string]string{}, streams: map[*stream]bool{},
		fetched: map[string]int{}, broken: map[string]bool{}}
	s.start()
	t.Cleanup(func() {
		s.stop()
		for _, report := range s.reports {
			t.Errorf("against the policy: %s", report)
		}
	})
	return s
}

func (s *site) start() {
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.address = listener.Addr().String()
	mux := http.NewServeMux()
	mux.Handle(static.Root, static.Handler())
	mux.HandleFunc("/live", s.live)
	mux.HandleFunc("/page", s.page)
	mux.HandleFunc("/policy", s.report)
	mux.HandleFunc("/g/7", s.page)
	mux.HandleFunc("POST /g/7/notifications/{number}", func(w http.ResponseWriter, r *http.Request) {
		s.set(func() { s.seen = append(s.seen, r.FormValue("do")+" "+r.PathValue("number")) })
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /deed", func(w http.ResponseWriter, r *http.Request) { s.deed(w, r) })
	mux.HandleFunc("/site.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		io.WriteString(w, "html, body { overscroll-behavior: contain }")
	})
	mux.HandleFunc("/other", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "<!doctype html><title>other</title>")
	})
	s.server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		mux.ServeHTTP(w, r)
	})}
	go s.server.Serve(listener)
}

// stop ends the server as a crash does: every connection is cut.
func (s *site) stop() { s.server.Close() }

func (s *site) url(path string) string { return "http://" + s.address + path }

// publish commits one change and sends it to every open stream.
func (s *site) publish(name, data string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := change{int64(len(s.changes) + 1), name, data}
	s.changes = append(s.changes, c)
	s.send(encode(c.name, c.data, c.seq))
	return c.seq
}

// row publishes an event whose row carries its number.
func (s *site) row() int64 {
	s.mu.Lock()
	next := len(s.changes) + 1
	s.mu.Unlock()
	return s.publish("event", fmt.Sprintf(`<li id="event-%d">event %d</li>`, next, next))
}

// tell sends a frame that is no change.
func (s *site) tell(name, data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.send(encode(name, data, 0))
}

func (s *site) send(wire string) {
	for stream := range s.streams {
		stream.frames <- wire
	}
}

// set changes the site's behaviour under its lock.
func (s *site) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func encode(name, data string, seq int64) string {
	wire := "data: " + strings.ReplaceAll(data, "\n", "\ndata: ") + "\nevent: " + name + "\n"
	if seq > 0 {
		wire += fmt.Sprintf("id: %d\n", seq)
	}
	return wire + "\n"
}

func (s *site) live(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.openings = append(s.openings, opening{time.Now(), r.URL.Query().Get("after")})
	if s.refuse != nil && s.refuse(w) {
		s.mu.Unlock()
		return
	}
	ctx, end := context.WithCancel(r.Context())
	defer end()
	mine := &stream{make(chan string, 1000), end}
	s.streams[mine] = true
	after, _ := json.Number(r.URL.Query().Get("after")).Int64()
	for _, c := range s.changes {
		if c.seq > after {
			mine.frames <- encode(c.name, c.data, c.seq)
		}
	}
	for name, data := range s.panels {
		mine.frames <- encode(name, data, int64(len(s.changes)))
	}
	s.mu.Unlock()
	defer s.set(func() { delete(s.streams, mine) })

	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	beat := time.NewTicker(50 * time.Millisecond)
	defer beat.Stop()
	for ctx.Err() == nil {
		http.NewResponseController(w).Flush()
		select {
		case wire := <-mine.frames:
			io.WriteString(w, wire)
		case <-beat.C:
			s.mu.Lock()
			quiet := s.quiet
			s.mu.Unlock()
			if !quiet {
				io.WriteString(w, encode("heartbeat", fmt.Sprintf(`{"at":%q}`, time.Now().UTC().Format(time.RFC3339Nano)), 0))
			}
		case <-ctx.Done():
		}
	}
}

func (s *site) report(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.set(func() { s.reports = append(s.reports, string(body)) })
}

// open counts the streams that are open now.
func (s *site) open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.streams)
}

// opened lists the times at which a stream was asked for.
func (s *site) opened() []opening {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]opening(nil), s.openings...)
}

// fetches counts how often a region was fetched.
func (s *site) fetches(region string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fetched[region]
}

// page answers the page, rendered at ?seq, or one of its regions.
func (s *site) page(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	now := time.Now().UTC().Format(time.RFC3339Nano)
	if name := r.URL.Query().Get("region"); name != "" {
		s.part(w, name, now)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	seq := r.URL.Query().Get("seq")
	if seq == "" {
		seq = fmt.Sprint(len(s.changes))
	}
	timing, _ := json.Marshal(s.timing)
	err := page.Execute(w, map[string]any{"Now": now, "Timing": string(timing), "Seq": seq, "Text": make([]int, 60),
		"Cards": template.HTML(s.region("panel-cards", now, 0)), "Violations": template.HTML(s.region("violations", now, 0))})
	if err != nil {
		s.t.Error(err)
	}
}

func (s *site) part(w http.ResponseWriter, name, now string) {
	s.mu.Lock()
	s.fetched[name]++
	broken, held := s.broken[name], s.held
	s.held = nil
	answer := s.region(name, now, len(s.changes))
	s.mu.Unlock()
	if held != nil {
		held(name)
	}
	if broken {
		http.Error(w, "broken", http.StatusInternalServerError)
		return
	}
	io.WriteString(w, answer)
}

// region is one region as the page has it: its name, when it was rendered and at which change. It shows how often it
// was fetched.
func (s *site) region(name, now string, seq int) string {
	attribute, list := "", ""
	switch name {
	case "violations":
		attribute = ` data-refetch-on="violation"`
	case "events":
		for _, c := range s.changes {
			if c.name == "event" {
				list = c.data + list
			}
		}
		list = `<ol id="rows" sse-swap="event" hx-swap="afterbegin" data-max-rows="8">` + list + `</ol>`
	}
	return fmt.Sprintf(`<section id="%[1]s" data-region="%[1]s"%[2]s data-seq="%[3]d"><h2>%[1]s</h2>
		<time data-updated datetime="%[4]s">now</time><output>%[5]d</output>%[6]s</section>`, name, attribute, seq, now,
		s.fetched[name], list)
}
