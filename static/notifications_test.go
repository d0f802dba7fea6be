package static_test

import (
	"slices"
	"testing"

	"guildwatch/internal/browser"
)

// note is a frame for the visitor alone.
const note = `{"number":3,"kind":"export.done","message":"Your export <b>is</b> ready.","tone":"success","href":"/other"}`

// seenBy are the notifications that the pages of a site have told, in the order in which they said so.
func (s *site) seenBy() (list []string) {
	s.set(func() { list = slices.Clone(s.seen) })
	return list
}

// What comes for the visitor alone is a toast with a link, once, and the server hears that it was told.
func TestANotificationIsToldOnce(t *testing.T) {
	t.Parallel()
	s, tab := newSite(t, brisk(nil)), browser.New(t)
	view(t, tab, s, "/g/7")
	browser.Wait(t, tab, isLive)
	s.tell("notification", note)
	browser.Wait(t, tab, `document.querySelector(".toast-success a")?.textContent === "Your export <b>is</b> ready."`)
	eventually(t, "the server hears", func() bool { return slices.Equal(s.seenBy(), []string{"seen 3"}) })
	s.tell("notification", note) // as a stream that joins anew says it
	s.row()
	browser.Wait(t, tab, rows+` === "1"`)
	if n := browser.Eval[int](t, tab, `document.querySelectorAll(".toast-success a").length`); n != 1 || len(s.seenBy()) != 1 {
		t.Errorf("%d toasts, and the server heard %v", n, s.seenBy())
	}
	browser.Click(t, tab, ".toast-success a")
	browser.Wait(t, tab, `location.pathname === "/other"`)
}

// A tab that is hidden tells when it is looked at, unless another one has by then.
func TestAHiddenTabTellsLater(t *testing.T) {
	t.Parallel()
	s, tab := newSite(t, brisk(nil)), browser.New(t)
	view(t, tab, s, "/g/7")
	browser.Wait(t, tab, isLive)
	look := func(hidden string) {
		browser.Eval[bool](t, tab, `(() => { Object.defineProperty(document, "hidden", {value: `+hidden+
			`, configurable: true}); document.dispatchEvent(new Event("visibilitychange")); return true })()`)
	}
	look("true")
	s.tell("notification", note)
	s.tell("notification", `{"number":4,"message":"Your export failed.","tone":"error","href":"/other"}`)
	s.row()
	browser.Wait(t, tab, rows+` === "1"`)
	if n := browser.Eval[int](t, tab, `document.querySelectorAll(".toast a").length`); n != 0 {
		t.Fatalf("%d toasts that nobody sees", n)
	}
	browser.Eval[bool](t, tab, `dispatchEvent(new StorageEvent("storage", {key: "told", newValue: "7/3"}))`)
	look("false")
	browser.Wait(t, tab, `document.querySelector(".toast-error a")`)
	if browser.Eval[bool](t, tab, `Boolean(document.querySelector(".toast-success a"))`) {
		t.Error("it tells what another tab has told")
	}
	eventually(t, "the server hears", func() bool { return slices.Equal(s.seenBy(), []string{"seen 4"}) })
}
