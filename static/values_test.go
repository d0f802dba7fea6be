package static_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"guildwatch/internal/browser"
	"guildwatch/static"
)

// Keys of browser.Press.
const (
	down, left, right, up, end, home = "\u0301", "\u0302", "\u0303", "\u0304", "\u0305", "\u0306"
	escape                           = "\x1b"
)

// charts is a panel with a day and a week in it, as the pages draw them.
func charts(t *testing.T) string {
	t.Helper()
	panel := `<section id="panel-cards" data-region="panel-cards"><link rel="stylesheet" href="` + static.Path("css/app.css") + `">`
	for _, name := range []string{"Activity-whole", "Hours-violations"} {
		html, err := os.ReadFile("../views/viewtest/testdata/chart." + name + ".html")
		if err != nil {
			t.Fatal(err)
		}
		panel += string(html)
	}
	return panel + "</section>"
}

// charted is a live page whose panel has charts, with nothing pointed at.
func charted(t *testing.T, phone bool) (*site, context.Context, string) {
	t.Helper()
	s, tab, panel := newSite(t, brisk(nil)), browser.New(t), charts(t)
	if phone {
		browser.Phone(t, tab)
	}
	view(t, tab, s, "/page")
	browser.Wait(t, tab, isLive)
	s.tell("panel-cards", panel)
	browser.Wait(t, tab, `[...document.querySelectorAll(".chart-reader")].some(r => getComputedStyle(r).position === "absolute")`)
	browser.Eval[bool](t, tab, `(document.documentElement.style.scrollBehavior = "auto", document.querySelector("main").tabIndex = -1, true)`)
	return s, tab, panel
}

// said are the readouts that are seen, each with its parts; spoken is what the focused reader tells a screen reader.
const (
	said = `[...document.querySelectorAll(".chart-reading")].filter(r => r.getClientRects().length)` +
		`.map(r => [...r.children].map(c => c.textContent).join("|")).join(";")`
	spoken = `document.activeElement.getAttribute("aria-valuetext")`
)

func hears(t *testing.T, tab context.Context, what, want string) {
	t.Helper()
	if got := browser.Eval[string](t, tab, said); got != want {
		t.Errorf("%s: the readout says %q, want %q", what, got, want)
	}
	if want == "" {
		return
	}
	if got := browser.Eval[string](t, tab, spoken); got != strings.ReplaceAll(want, "|", ", ") {
		t.Errorf("%s: a screen reader hears %q", what, got)
	}
}

func TestChartsAreReadWithTheKeys(t *testing.T) {
	t.Parallel()
	_, tab, _ := charted(t, false)
	const height = `document.querySelector("main").scrollHeight`
	before := browser.Eval[int](t, tab, `(document.querySelector("main").focus(), `+height+`)`)
	hears(t, tab, "at first", "")

	now, earlier, first := written(t, tab, hours, 23), written(t, tab, hours, 22), written(t, tab, hours, 0)
	for _, step := range []struct{ what, key, want string }{
		{"Tab", "\t", now}, {"left", left, earlier}, {"right", right, now}, {"right at the end", right, now},
		{"Home", home, first}, {"left at the start", left, first}, {"End", end, now}, {"Escape", escape, ""},
		{"right after Escape", right, now},
	} {
		browser.Press(t, tab, step.key)
		hears(t, tab, step.what, step.want)
	}
	if after := browser.Eval[int](t, tab, height); after != before {
		t.Errorf("the readout moved the page: %d, then %d pixels high", before, after)
	}
	// One stop for each drawing; between them the table of the first.
	browser.Press(t, tab, "\t\t")
	slot := func(day, hour int) string { return written(t, tab, slots, 24*day+hour) }
	for _, step := range []struct{ what, key, want string }{
		{"Tab to the week", "", slot(0, 0)}, {"right in the week", right, slot(0, 1)}, {"down", down, slot(1, 1)},
		{"up", up, slot(0, 1)}, {"up at the top", up, slot(0, 1)}, {"End of the week", end, slot(6, 23)},
		{"down at the bottom", down, slot(6, 23)},
	} {
		if step.key != "" {
			browser.Press(t, tab, step.key)
		}
		hears(t, tab, step.what, step.want)
	}
	browser.Press(t, tab, "\t")
	hears(t, tab, "Tab out of the week", "")
	if titles := browser.Eval[int](t, tab, `document.querySelectorAll(".week-wide td[title]").length`); titles != 168 {
		t.Errorf("%d of 168 hours have their title after they were read", titles)
	}
}

// Points, in their order.
const (
	hours = ".plot-wide .plot-hits rect"
	pairs = ".plot-narrow .plot-hits rect"
	slots = ".week-wide td"
)

// written is what the server wrote of a point, a part for each line.
func written(t *testing.T, tab context.Context, points string, index int) string {
	t.Helper()
	words := browser.Eval[string](t, tab, fmt.Sprintf(`(p => p.dataset.says ?? p.querySelector("title")?.textContent ?? p.title)
		(document.querySelectorAll(%q)[%d])`, points, index))
	if len(words) < len("00:00 to 01:00") {
		t.Fatalf("point %d of %s has the words %q", index, points, words)
	}
	return strings.ReplaceAll(words, "\n", "|")
}

// shows waits until the only readout that is seen has these words.
func shows(t *testing.T, tab context.Context, words string) {
	t.Helper()
	browser.Wait(t, tab, fmt.Sprintf("%s === %q", said, words))
}

func TestAChartThatIsSwappedIsReadOn(t *testing.T) {
	t.Parallel()
	s, tab, panel := charted(t, false)
	browser.Eval[bool](t, tab, `(document.getElementById("day-reader").focus(), true)`)
	before, next := written(t, tab, hours, 21), written(t, tab, hours, 22)
	browser.Press(t, tab, left+left)
	hears(t, tab, "before", before)

	changed := func(words, to string) string {
		title := "<title>" + strings.ReplaceAll(words, "|", "\n")
		if strings.Count(panel, title) != 1 {
			t.Fatalf("the panel has %q %d times", title, strings.Count(panel, title))
		}
		return strings.Replace(panel, title, title+to, 1)
	}
	// A frame in which its words stay the same does not make a screen reader say them anew.
	browser.Eval[bool](t, tab, `(new MutationObserver(all => window.spoken = all.length)
		.observe(document.activeElement, {attributes: true, attributeFilter: ["aria-valuetext"]}), true)`)
	s.tell("panel-cards", changed(next, "\nelsewhere"))
	browser.Wait(t, tab, `document.getElementById("panel-cards").innerHTML.includes("elsewhere")`)
	hears(t, tab, "after a frame about another point", before)
	if browser.Eval[bool](t, tab, `"spoken" in window`) {
		t.Error("a frame that left the point as it was is spoken")
	}

	s.tell("panel-cards", changed(before, "\n&lt;b&gt;new&lt;/b&gt;"))
	shows(t, tab, before+"|<b>new</b>")
	hears(t, tab, "after a frame", before+"|<b>new</b>")
	browser.Press(t, tab, right)
	hears(t, tab, "on from there", next)

	// Replaced as a whole, by another way than a morph: the focus comes back to the new one.
	browser.Eval[bool](t, tab, fmt.Sprintf(`(htmx.swap(document.getElementById("panel-cards"), %q,
		{swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0}), true)`, changed(next, "\nagain")))
	shows(t, tab, next+"|again")
	if id := browser.Eval[string](t, tab, "document.activeElement.id"); id != "day-reader" {
		t.Errorf("the focus is on %q", id)
	}
	hears(t, tab, "after it was replaced", next+"|again")

	browser.Press(t, tab, escape)
	s.tell("panel-cards", changed(next, "\nhidden"))
	browser.Wait(t, tab, `document.getElementById("panel-cards").innerHTML.includes("hidden")`)
	hears(t, tab, "a frame after Escape", "")
	browser.Press(t, tab, left)
	hears(t, tab, "a key after that frame", before)
}

func TestChartsAreReadByPointing(t *testing.T) {
	t.Parallel()
	_, tab, _ := charted(t, false)
	browser.Click(t, tab, hours+":nth-child(23)")
	shows(t, tab, written(t, tab, hours, 22))
	browser.Click(t, tab, ".week-wide tbody tr:nth-child(2) td:nth-child(3)")
	shows(t, tab, written(t, tab, slots, 25))
	browser.Press(t, tab, escape)
	hears(t, tab, "Escape", "")
	browser.Click(t, tab, ".week-wide tbody tr:nth-child(2) td:nth-child(4)")
	shows(t, tab, written(t, tab, slots, 26))
	browser.Click(t, tab, "#first h2")
	shows(t, tab, "")
}

func TestAFingerReadsTheChartThatAPhoneShows(t *testing.T) {
	t.Parallel()
	_, tab, _ := charted(t, true)
	at := browser.Eval[[]browser.Point](t, tab, `(() => {
		document.getElementById("day-reader").scrollIntoView({block: "center", behavior: "instant"});
		const points = [...document.querySelectorAll("`+pairs+`")].map(r => r.getBoundingClientRect());
		return [points[10], points[2]].map(r => ({X: r.left + r.width / 2, Y: r.top + r.height / 2}));
	})()`)
	browser.Drag(t, tab, at[0], at[0], nil)
	shows(t, tab, written(t, tab, pairs, 10))
	browser.Drag(t, tab, at[0], at[1], nil)
	shows(t, tab, written(t, tab, pairs, 2))
}
