package static_test

import (
	"testing"

	"guildwatch/internal/browser"
)

func TestALongPullAtTheTopRefreshes(t *testing.T) {
	t.Parallel()
	s := newSite(t, brisk(nil))
	tab := browser.New(t)
	browser.Phone(t, tab)
	view(t, tab, s, "/page")
	browser.Wait(t, tab, isLive)
	top := browser.Point{X: 195, Y: 120}

	browser.Drag(t, tab, top, browser.Point{X: 195, Y: 150}, nil)
	browser.Drag(t, tab, top, browser.Point{X: 195, Y: 340}, func() {
		browser.Wait(t, tab, `document.querySelector(".pull.is-ready .pull-text").textContent === "Release to refresh"`)
		if fetched := s.fetches("panel-cards"); fetched != 0 {
			t.Errorf("%d fetches before the finger was lifted, and after a short pull", fetched)
		}
	})
	browser.Wait(t, tab, `[...document.querySelectorAll(".toast-text")].some(text => text.textContent === "Updated")`)
	for _, name := range []string{"panel-cards", "events", "violations"} {
		if fetched := s.fetches(name); fetched != 1 {
			t.Errorf("%s was fetched %d times", name, fetched)
		}
	}
	browser.Wait(t, tab, `!document.querySelector(".pull.is-pulling, .pull.is-loading")`)

	browser.Eval[bool](t, tab, "(scrollTo(0, 600), true)")
	browser.Wait(t, tab, "scrollY > 500")
	browser.Drag(t, tab, top, browser.Point{X: 195, Y: 340}, func() {
		if browser.Eval[bool](t, tab, `Boolean(document.querySelector(".pull.is-pulling"))`) {
			t.Error("a pull in the middle of the page shows the indicator")
		}
	})
	if fetched := s.fetches("panel-cards"); fetched != 1 {
		t.Errorf("a pull in the middle of the page refreshed")
	}
}

func TestASwipeGoesFromSectionToSection(t *testing.T) {
	t.Parallel()
	s := newSite(t, brisk(nil))
	tab := browser.New(t)
	browser.Phone(t, tab)
	view(t, tab, s, "/page")
	browser.Wait(t, tab, isLive)
	left, right := browser.Point{X: 80, Y: 400}, browser.Point{X: 300, Y: 400}
	browser.Eval[bool](t, tab, `(document.getElementById("first").scrollIntoView(), true)`)

	browser.Drag(t, tab, right, browser.Point{X: 290, Y: 100}, nil) // mostly up: that is scrolling
	browser.Eval[bool](t, tab, `(document.getElementById("first").scrollIntoView(), true)`)
	browser.Drag(t, tab, right, left, nil)
	browser.Wait(t, tab, `Math.abs(document.getElementById("second").getBoundingClientRect().top) < 40`)
	browser.Wait(t, tab, `document.querySelector("[data-sections] [href='#second']").ariaCurrent === "true"`)
	browser.Drag(t, tab, left, right, nil)
	browser.Wait(t, tab, `Math.abs(document.getElementById("first").getBoundingClientRect().top) < 40`)
}
