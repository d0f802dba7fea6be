package static_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"guildwatch/internal/browser"
)

// rows are the ids in the live list, newest first.
const rows = `[...document.querySelectorAll("#rows > li")].map(row => row.id.slice("event-".length)).join(" ")`

func live(t *testing.T, timing map[string]int) (*site, context.Context) {
	t.Helper()
	s, tab := newSite(t, brisk(timing)), browser.New(t)
	view(t, tab, s, "/page")
	browser.Wait(t, tab, isLive)
	return s, tab
}

func TestRowsArriveOnTopAndFallOffTheEnd(t *testing.T) {
	t.Parallel()
	s, tab := live(t, nil)
	for range 10 {
		s.row()
	}
	browser.Wait(t, tab, rows+` === "10 9 8 7 6 5 4 3"`)
	if browser.Eval[bool](t, tab, `Boolean(document.querySelector("[data-empty]"))`) {
		t.Error("the list still says that it is empty")
	}
	browser.Wait(t, tab, `/^(\d+ new events|event 10)$/.test(document.querySelector("[data-announce]").textContent)`)
	s.publish("event", `<li id="event-7" data-say="changed">event 7, done</li>`)
	browser.Wait(t, tab, `document.getElementById("event-7").textContent === "event 7, done"`)
	s.publish("event",
		`<li id="event-12" data-toast="A raid began" data-toast-kind="warning" data-toast-href="/other">raid</li>`)
	browser.Wait(t, tab, rows+` === "12 10 9 8 7 6 5 4"`)
	browser.Click(t, tab, ".toast-warning a")
	browser.Wait(t, tab, `location.pathname === "/other"`)
}

func TestMessagesOfPeopleStayText(t *testing.T) {
	t.Parallel()
	s, tab := live(t, nil)
	s.publish("event", "<li id=\"event-1\">first line\nevent: end\n"+
		"&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; \u202eoverride</li>")
	browser.Wait(t, tab, `document.getElementById("event-1")`)
	want := "first line\nevent: end\n</script><img src=x onerror=alert(1)> \u202eoverride"
	if got := browser.Eval[string](t, tab, `document.getElementById("event-1").textContent`); got != want {
		t.Errorf("shows %q", got)
	}
}

func TestARowThatComesDuringAFetchIsNotLostWithIt(t *testing.T) {
	t.Parallel()
	s, tab := live(t, nil)
	s.row()
	browser.Wait(t, tab, rows+` === "1"`)
	// The region is rendered before the second row, and its answer comes after it.
	arrived, goOn := make(chan bool), make(chan bool)
	s.set(func() {
		s.held = func(string) { close(arrived); <-goOn }
	})
	s.tell("refetch", `{"name":"event"}`)
	<-arrived
	s.row()
	browser.Wait(t, tab, rows+` === "2 1"`)
	close(goOn)
	browser.Wait(t, tab, `document.querySelector("#events output")?.textContent === "1"`)
	browser.Wait(t, tab, rows+` === "2 1"`)
}

func TestARegionIsFetchedWhenTheStreamSaysSo(t *testing.T) {
	t.Parallel()
	s, tab := live(t, nil)
	s.tell("refetch", `{"name":"panel-cards"}`)
	browser.Wait(t, tab, `document.querySelector("#panel-cards output").textContent === "1"`)
	if others := s.fetches("events") + s.fetches("violations"); others != 0 {
		t.Errorf("%d other regions were fetched", others)
	}
	s.tell("resync", `{"reason":"too long ago"}`)
	for _, name := range []string{"panel-cards", "events", "violations"} {
		browser.Wait(t, tab, fmt.Sprintf(`Number(document.querySelector("#%s output").textContent) > 0`, name))
	}
	s.tell("panel-cards", `<section id="panel-cards" data-region="panel-cards"><output>live</output></section>`)
	browser.Wait(t, tab, `document.querySelector("#panel-cards output").textContent === "live"`)
}

func TestAFilteredListRefetchesAtMostOnceInItsTime(t *testing.T) {
	t.Parallel()
	s, tab := live(t, map[string]int{"refetch": 1000})
	begun := browser.Eval[float64](t, tab, "performance.now()")
	s.set(func() { // in one piece, so that all come within the time however busy the machine is
		burst := ""
		for range 30 {
			s.changes = append(s.changes, change{int64(len(s.changes) + 1), "violation", `{"number":1}`})
			burst += encode("violation", `{"number":1}`, int64(len(s.changes)))
		}
		s.send(burst)
	})
	eventually(t, "once at the start and once at the end", func() bool { return s.fetches("violations") == 2 })
	if took := browser.Eval[float64](t, tab, "performance.now()") - begun; took < 900 {
		t.Errorf("the second fetch came after %.0f ms, want 1000", took)
	}
	browser.Eval[bool](t, tab, `new Promise(done => setTimeout(done, 1200, true))`)
	if fetched := s.fetches("violations"); fetched != 2 {
		t.Errorf("%d fetches for one burst", fetched)
	}
}

func TestARegionThatFailsOffersAnotherTry(t *testing.T) {
	t.Parallel()
	s, tab := live(t, nil)
	s.set(func() { s.broken["panel-cards"] = true })
	s.tell("refetch", `{"name":"panel-cards"}`)
	browser.Wait(t, tab, `document.querySelector("#panel-cards[data-failed] .panel-failed[role=alert]")`)
	shown := browser.Eval[string](t, tab, `document.querySelector(".panel-failed p").textContent`)
	if strings.Contains(shown, "broken") {
		t.Errorf("shows the error's own text: %q", shown)
	}
	s.set(func() { s.broken["panel-cards"] = false })
	browser.Click(t, tab, ".panel-failed button")
	browser.Wait(t, tab, `!document.querySelector(".panel-failed, [data-failed], [aria-busy]")`)
}

func TestAgesStayTrueAndOldRegionsAreMarked(t *testing.T) {
	t.Parallel()
	s, tab := live(t, map[string]int{"stale": 2000})
	browser.Wait(t, tab, `document.querySelector("#panel-cards time").textContent === "Updated just now"`)
	browser.Wait(t, tab, `document.querySelector("#panel-cards[data-stale] time[data-stale]")`)
	// The list is as fresh as the stream, whatever its own time said.
	if browser.Eval[bool](t, tab, `document.querySelector("#events").hasAttribute("data-stale")`) {
		t.Error("a list that the stream feeds is stale while the stream lives")
	}
	s.tell("refetch", `{"name":"panel-cards"}`)
	browser.Wait(t, tab, `document.querySelector("#panel-cards:not([data-stale])")`)
}

func TestAToastGoesByItself(t *testing.T) {
	t.Parallel()
	_, tab := live(t, map[string]int{"toast": 1500})
	browser.Wait(t, tab, `toasts.includes("Saved") && !document.querySelector(".toast")`)
	browser.Eval[bool](t, tab, `document.body.dispatchEvent(new CustomEvent("toast",
		{bubbles: true, detail: {message: "<b>bold</b>", kind: "info", href: "https://elsewhere.example/"}}))`)
	browser.Wait(t, tab, `document.querySelector("span.toast-text")?.textContent === "<b>bold</b>"`)
	browser.Click(t, tab, ".toast-close")
	browser.Wait(t, tab, `!document.querySelector(".toast")`)
}

func TestAMenuClosesAsExpected(t *testing.T) {
	t.Parallel()
	_, tab := live(t, nil)
	const isOpen = `document.querySelector("[data-nav]").open`
	browser.Click(t, tab, "[data-nav] summary")
	browser.Wait(t, tab, isOpen)
	browser.Press(t, tab, "\x1b")
	browser.Wait(t, tab, "!"+isOpen)
	if !browser.Eval[bool](t, tab, `document.activeElement.matches("[data-nav] summary")`) {
		t.Error("the focus did not return to the menu's button")
	}
	browser.Click(t, tab, "[data-nav] summary")
	browser.Click(t, tab, "[data-nav] a")
	browser.Wait(t, tab, "!"+isOpen)
}
