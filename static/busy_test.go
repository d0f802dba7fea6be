package static_test

import (
	"net/http"
	"testing"

	"guildwatch/internal/browser"
)

func TestAFormIsSentOnceAndItsButtonSaysSo(t *testing.T) {
	t.Parallel()
	s := newSite(t, brisk(nil))
	asked, answer := make(chan string, 8), make(chan bool)
	s.deed = func(w http.ResponseWriter, r *http.Request) {
		asked <- r.FormValue("deed")
		<-answer
		http.Redirect(w, r, "/other", http.StatusSeeOther)
	}
	tab := browser.New(t)
	view(t, tab, s, "/page")
	const busy = `[...document.querySelectorAll("button[aria-busy=true]")].map(b => b.value).join()`
	// Twice in one go, as an impatient thumb does, and then another one.
	pressed := browser.Eval[string](t, tab,
		`(document.querySelectorAll("form button").forEach(b => { b.click(); b.click() }), `+busy+`)`)
	if pressed != "ban" {
		t.Errorf("busy are %q", pressed)
	}
	if got := <-asked; got != "ban" {
		t.Errorf("the button that was pressed came as %q", got)
	}
	close(answer)
	browser.Wait(t, tab, `location.pathname === "/other"`)
	if len(asked) != 0 {
		t.Errorf("the form was sent again: %q", <-asked)
	}
	browser.Eval[bool](t, tab, `(history.back(), true)`)
	browser.Wait(t, tab, `location.pathname === "/page" && `+busy+` === ""`)
}

func TestAFormWhoseAnswerIsADownloadIsFreeAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t, brisk(map[string]int{"answer": 50}))
	s.deed = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	tab := browser.New(t)
	view(t, tab, s, "/page")
	const busy = `document.querySelectorAll("[aria-busy=true]").length`
	if n := browser.Eval[int](t, tab, `(document.querySelector("form button").click(), `+busy+`)`); n != 2 {
		t.Errorf("%d are busy, want the form and its button", n)
	}
	browser.Wait(t, tab, busy+` === 0`)
}
