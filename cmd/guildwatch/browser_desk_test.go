package main

import (
	"context"
	"testing"
	"time"

	"guildwatch/internal/browser"
	"guildwatch/internal/moderation/rule"
)

// watch opens a page of the guild in a tab and waits until it is live. A page that is loaded again loses its mark.
func (s *stage) watch(tab context.Context, path string) {
	s.Helper()
	browser.Open(s, tab, "http://"+s.address+s.page()+path)
	browser.Wait(s, tab, `document.querySelector("[data-connection]").dataset.state === "live"`)
	browser.Eval[bool](s, tab, `(window.stayed = true)`)
}

func TestASlurShowsOnEveryPageAndIsUndoneFromAPhone(t *testing.T) {
	list := browser.New(t)
	complaints := browser.Listen(t, list)
	s := newStage(t)
	s.open()
	s.ruled(func(r *rule.Rule) { r.Respond, r.Timeout = rule.RespondTimeout, time.Hour })
	card, phone := browser.Tab(t, list), browser.Tab(t, list)
	browser.Phone(t, phone)
	s.watch(list, "/violations")
	s.watch(card, "/members/"+s.bob.String())
	s.watch(phone, "/members/"+s.bob.String())

	s.say(s.bob, "such a flurb")
	deed := func(text string) string {
		return `[...document.querySelectorAll(".deed")].filter(d => d.textContent.includes("` + text + `")).length > 0`
	}
	browser.Wait(t, list, deed("such a flurb"))
	for _, tab := range []context.Context{card, phone} {
		browser.Wait(t, tab, deed("No flurbs")+" && "+deed("Time out")+" && window.stayed")
	}
	if !browser.Eval[bool](t, list, "window.stayed") {
		t.Error("the list was loaded again")
	}
	s.until("the member is quiet", func() bool {
		member, _ := s.sim.MemberOf(s.guild, s.bob)
		return member.TimeoutUntil != nil && member.TimeoutUntil.After(s.sim.Now())
	})

	const undo = `form[action$="/undo"] button`
	browser.Wait(t, phone, `document.querySelector('`+undo+`')`)
	browser.Click(t, phone, undo)
	s.until("the member may write again", func() bool {
		member, _ := s.sim.MemberOf(s.guild, s.bob)
		return member.TimeoutUntil == nil || !member.TimeoutUntil.After(s.sim.Now())
	})
	browser.Wait(t, card, deed("Undone")+" && window.stayed")
	browser.Wait(t, phone, deed("Undone"))
	complaints.None(t)
	s.close()
}
