package main

import (
	"fmt"
	"testing"

	"guildwatch/internal/browser"
)

func TestTheBrowserShowsWhatHappensAndSurvivesARestart(t *testing.T) {
	tab := browser.New(t)
	complaints := browser.Listen(t, tab)
	s := newStage(t)
	s.open()
	s.connected()
	browser.Open(t, tab, "http://"+s.address+s.page())
	browser.Wait(t, tab, `document.querySelector("[data-connection]").dataset.state === "live"`)
	browser.Eval[bool](t, tab, `(window.stayed = true)`)

	s.sim.Timeout(s.guild, s.ada, s.bob, s.sim.Now().Add(3600e9), "first reason")
	browser.Wait(t, tab, rows("first reason", 1))

	s.close()
	browser.Wait(t, tab, `document.querySelector("[data-connection]").dataset.state !== "live"`)
	s.sim.Kick(s.guild, s.ada, s.bob, "second reason")
	s.open()
	browser.Wait(t, tab, rows("second reason", 1))
	browser.Wait(t, tab, `document.querySelector("[data-connection]").dataset.state === "live"`)
	if !browser.Eval[bool](t, tab, `window.stayed === true && `+rows("first reason", 1)) {
		t.Error("the page was reloaded, or a row was lost or doubled")
	}
	complaints.None(t)
	s.close()
}

// rows is a condition in the page: so many rows of the feed hold the text.
func rows(text string, n int) string {
	return fmt.Sprintf(`[...document.querySelectorAll("li.event")].filter(row => row.textContent.includes(%q)).length === %d`, text, n)
}
