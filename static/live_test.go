package static_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"guildwatch/internal/browser"
	"guildwatch/internal/frame"
	"guildwatch/static"
)

func TestMain(m *testing.M) { browser.Main(m) }

// brisk are durations for tests: a reconnect after 50 to 100 ms instead of 0.5 to 1 s, and so on.
func brisk(more map[string]int) map[string]int {
	timing := map[string]int{"first": 100, "longest": 2000, "settled": 0, "ping": 500, "dead": 3000, "tick": 50, "say": 100}
	for name, ms := range more {
		timing[name] = ms
	}
	return timing
}

// record keeps the change number of every row that is about to be swapped in, what the connection was called, and toasts:
// on a busy machine one is gone before anybody looks.
const record = `window.seen = []; window.says = []; window.toasts = [];
new MutationObserver(() => document.querySelectorAll(".toast-text").forEach(text =>
	toasts.includes(text.textContent) || toasts.push(text.textContent))).observe(document, {subtree: true, childList: true});
addEventListener("htmx:sseBeforeMessage", e => e.target.id === "rows" && seen.push(Number(e.detail.lastEventId)));
addEventListener("DOMContentLoaded", () => {
	const state = document.querySelector("[data-connection]");
	const kinds = {subtree: true, childList: true, characterData: true};
	if (state) new MutationObserver(() => says.push(state.textContent.replace(/\s+/g, " ").trim())).observe(state, kinds);
});`

const isLive = `document.querySelector("[data-connection]").dataset.state === "live"`

// view opens the page in a tab, which must break nothing: no policy, no exception, no console error.
func view(t *testing.T, tab context.Context, s *site, path string) {
	t.Helper()
	complaints := browser.Listen(t, tab)
	t.Cleanup(func() { complaints.None(t) })
	browser.Before(t, tab, record)
	browser.Open(t, tab, s.url(path))
}

func seen(t *testing.T, tab context.Context) []int { return browser.Eval[[]int](t, tab, "seen") }

// eventually waits for something outside the page.
func eventually(t *testing.T, what string, true func() bool) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for !true() {
		select {
		case <-again.C:
		case <-deadline.C:
			t.Fatalf("never: %s", what)
		}
	}
}

func TestScriptsKnowTheNamesOfAllFrames(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	tab := browser.New(t)
	view(t, tab, s, "/page")
	names := browser.Eval[[]string](t, tab, fmt.Sprintf("import(%q).then(m => m.names)", static.Path("js/frames.js")))
	for _, name := range frame.Names() {
		if !slices.Contains(names, string(name)) {
			t.Errorf("frames.js lacks %s", name)
		}
	}
	if len(names) != len(frame.Names()) {
		t.Errorf("frames.js has %v, internal/frame has %v", names, frame.Names())
	}
}

func TestTenTabsShareOneStream(t *testing.T) {
	t.Parallel()
	s := newSite(t, brisk(nil))
	window := browser.New(t)
	var tabs []context.Context
	for range 10 {
		tabs = append(tabs, browser.Tab(t, window))
	}
	for _, tab := range tabs {
		view(t, tab, s, "/page")
	}
	for _, tab := range tabs {
		browser.Wait(t, tab, isLive)
	}
	s.row()
	for _, tab := range tabs {
		browser.Wait(t, tab, `document.getElementById("event-1")`)
	}
	if open, opened := s.open(), len(s.opened()); open != 1 || opened != 1 {
		t.Errorf("%d streams open, %d ever, want one", open, opened)
	}
	for _, tab := range tabs[1:] {
		browser.Close(t, tab)
	}
	s.row()
	browser.Wait(t, tabs[0], `document.getElementById("event-2")`)
	if open := s.open(); open != 1 {
		t.Errorf("%d streams open for the last tab", open)
	}
	browser.Close(t, tabs[0])
	eventually(t, "the stream closes behind the last tab", func() bool { return s.open() == 0 })
}

func TestAJoiningTabGetsWhatLiesBetweenItsPageAndNowOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, brisk(nil))
	s.row()
	first := browser.New(t)
	view(t, first, s, "/page?seq=1")
	browser.Wait(t, first, isLive)
	for range 4 {
		s.row()
	}
	browser.Wait(t, first, `document.getElementById("event-5")`)

	behind, ahead, before := browser.Tab(t, first), browser.Tab(t, first), browser.Tab(t, first)
	view(t, behind, s, "/page?seq=3")
	browser.Wait(t, behind, `document.getElementById("event-5")`)
	view(t, ahead, s, "/page?seq=6") // rendered after change 6, which the stream is about to bring
	view(t, before, s, "/page?seq=0")
	browser.Wait(t, ahead, isLive)
	browser.Wait(t, before, isLive)
	// Who is behind what is kept refetches.
	browser.Wait(t, before, `document.querySelector("#events output")?.textContent === "1"`)
	s.row()
	s.row()
	expected := map[context.Context][]int{first: {2, 3, 4, 5, 6, 7}, behind: {4, 5, 6, 7}, ahead: {7}, before: {6, 7}}
	for tab, want := range expected {
		browser.Wait(t, tab, `document.getElementById("event-7")`)
		if got := seen(t, tab); !slices.Equal(got, want) {
			t.Errorf("saw %v, want %v", got, want)
		}
	}
	if opened := len(s.opened()); opened != 1 {
		t.Errorf("%d streams for four tabs", opened)
	}
}

func TestARestartLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, brisk(map[string]int{"offline": 500, "longest": 400}))
	tab := browser.New(t)
	view(t, tab, s, "/page")
	browser.Wait(t, tab, isLive)
	for range 3 {
		s.row()
	}
	browser.Wait(t, tab, `document.getElementById("event-3")`)
	s.stop()
	browser.Wait(t, tab, `document.querySelector("[data-connection]").dataset.state === "reconnecting"`)
	browser.Wait(t, tab, `says.some(text => /^Reconnecting next try in \d+ s$/.test(text))`)
	for range 3 {
		s.row() // nobody hears it
	}
	browser.Wait(t, tab, `document.querySelector("[data-connection]").dataset.state === "offline"`)
	s.start()
	browser.Wait(t, tab, `document.getElementById("event-6")`)
	s.row()
	browser.Wait(t, tab, `document.getElementById("event-7")`)
	browser.Wait(t, tab, isLive)
	if got := seen(t, tab); !slices.Equal(got, []int{1, 2, 3, 4, 5, 6, 7}) {
		t.Errorf("saw %v", got)
	}
	if opened := s.opened(); opened[len(opened)-1].after != "3" {
		t.Errorf("resumed after %s, want 3", opened[len(opened)-1].after)
	}
}

func TestAServerThatSendsAChangeTwiceIsShownOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, brisk(nil))
	tab := browser.New(t)
	view(t, tab, s, "/page")
	browser.Wait(t, tab, isLive)
	s.row()
	s.set(func() { s.send(encode("event", `<li id="event-1">event 1</li>`, 1)) })
	// Two frames of one change: the number comes with the last, and a connection cut between them brings both again.
	s.set(func() { s.send(encode("violation", "{}", 0)); cut(s) })
	s.set(func() {
		s.changes = append(s.changes, change{2, "event", `<li id="event-2">event 2</li>`})
	})
	browser.Wait(t, tab, `document.getElementById("event-2")`)
	if got := seen(t, tab); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("saw %v", got)
	}
}

// cut ends every stream as a lost connection does. The caller holds the lock.
func cut(s *site) {
	for stream := range s.streams {
		stream.end()
	}
}

func TestAnEndStopsAndSaysWhy(t *testing.T) {
	t.Parallel()
	s := newSite(t, brisk(map[string]int{"first": 20}))
	tab := browser.New(t)
	view(t, tab, s, "/page")
	browser.Wait(t, tab, isLive)
	s.tell("end", `{"code":1012,"reason":"restarting"}`)
	eventually(t, "a restarting server is asked again", func() bool { return len(s.opened()) == 2 })
	browser.Wait(t, tab, isLive)
	s.tell("end", `{"code":4003,"reason":"Your role was taken away."}`)
	browser.Wait(t, tab, `document.querySelector("[data-connection-text]").textContent === "Your role was taken away."`)
	browser.Wait(t, tab, `document.querySelector("[data-connection]").dataset.state === "offline"`)
	// Ten times the wait before a reconnect.
	browser.Eval[bool](t, tab, `new Promise(done => setTimeout(done, 200, true))`)
	if opened := len(s.opened()); opened != 2 {
		t.Errorf("%d streams were opened, want 2: none after the end", opened)
	}
	browser.Open(t, tab, s.url("/page"))
	browser.Wait(t, tab, isLive)
}

func TestSilenceIsALostConnection(t *testing.T) {
	t.Parallel()
	s := newSite(t, brisk(map[string]int{"silence": 400}))
	tab := browser.New(t)
	view(t, tab, s, "/page")
	browser.Wait(t, tab, isLive)
	s.set(func() { s.quiet = true })
	eventually(t, "a silent stream is replaced", func() bool { return len(s.opened()) > 1 })
	s.set(func() { s.quiet = false })
	s.row()
	browser.Wait(t, tab, `document.getElementById("event-1")`)
}

func TestARefusedStreamSaysWhyOrWaitsAsTold(t *testing.T) {
	t.Parallel()
	s := newSite(t, brisk(map[string]int{"longest": 400, "poll": 100, "pollLongest": 200}))
	s.refuse = func(w http.ResponseWriter) bool {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	tab := browser.New(t)
	view(t, tab, s, "/page")
	eventually(t, "regions are fetched instead", func() bool { return s.fetches("panel-cards") > 1 })
	eventually(t, "a second try", func() bool { return len(s.opened()) > 2 })
	// The first try, the question why, and the second try.
	if opened := s.opened(); opened[2].at.Sub(opened[1].at) < 900*time.Millisecond {
		t.Errorf("asked again after %s, was told 1 s", opened[2].at.Sub(opened[1].at))
	}
	s.set(func() {
		s.refuse = func(w http.ResponseWriter) bool { w.WriteHeader(http.StatusServiceUnavailable); return true }
		s.openings = nil
	})
	eventually(t, "five tries", func() bool { return len(s.opened()) >= 10 })
	opened := s.opened()
	longest := time.Duration(0)
	for i := range opened[1:] {
		longest = max(longest, opened[i+1].at.Sub(opened[i].at))
	}
	if longest < 200*time.Millisecond {
		t.Errorf("no wait grew to 200 ms, the longest is %s", longest)
	}
	s.set(func() { s.refuse = nil })
	browser.Wait(t, tab, isLive)
	before := s.fetches("panel-cards")
	browser.Eval[bool](t, tab, `new Promise(done => setTimeout(done, 500, true))`)
	if after := s.fetches("panel-cards"); after > before+1 {
		t.Errorf("%d fetches while live: polling goes on", after-before)
	}
	s.set(func() {
		s.refuse = func(w http.ResponseWriter) bool { w.WriteHeader(http.StatusUnauthorized); return true }
		cut(s)
	})
	browser.Wait(t, tab, `document.querySelector("[data-connection-text]").textContent.startsWith("Your session is over")`)
}

func TestWithoutSharedWorkersThePageKeepsItsOwnStream(t *testing.T) {
	t.Parallel()
	s := newSite(t, brisk(nil))
	tab := browser.New(t)
	browser.Before(t, tab, "delete window.SharedWorker")
	view(t, tab, s, "/page")
	browser.Wait(t, tab, isLive)
	s.row()
	browser.Wait(t, tab, `document.getElementById("event-1")`)
	s.set(func() { cut(s) })
	s.row()
	browser.Wait(t, tab, `document.getElementById("event-2")`)
	if got := seen(t, tab); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("saw %v", got)
	}
}

func TestAPageThatComesBackGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	s := newSite(t, brisk(nil))
	tab := browser.New(t)
	view(t, tab, s, "/page")
	browser.Wait(t, tab, isLive)
	s.row()
	browser.Wait(t, tab, `document.getElementById("event-1")`)
	browser.Eval[bool](t, tab, `window.kept = true`)
	browser.Open(t, tab, s.url("/other"))
	eventually(t, "a page in the back-forward cache has no stream", func() bool { return s.open() == 0 })
	s.row()
	browser.Eval[bool](t, tab, "history.back() ?? true")
	browser.Wait(t, tab, `document.title === "page"`)
	browser.Wait(t, tab, isLive)
	if !browser.Eval[bool](t, tab, "Boolean(window.kept)") {
		t.Log("the page was loaded anew: this Chromium kept no copy")
		return
	}
	browser.Wait(t, tab, `document.getElementById("event-2")`)
	if got := seen(t, tab); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("saw %v", got)
	}
}
