package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/identity"
	"guildwatch/views/layout"
	"guildwatch/views/signin"
)

// What brings people to the sign-in page, and what it then says.
var arrivals = map[string]string{
	"sign-out":   "You are signed out.",
	"everywhere": "You are signed out in every browser.",
}

const (
	sessionOver = "Your session is over, so please sign in again."
	// insecure is told where a browser would drop the cookie: it keeps __Host- cookies on https, and on plain http for
	// 127.0.0.1 and localhost alone.
	insecure = "Nobody can sign in at this address: it is plain http, so whoever is on the way could read everything. " +
		"Open the dashboard by https, or on the machine that it runs on."
)

// doorFor is the sign-in page that leads back to what was asked for, where that is a page.
func doorFor(r *http.Request) string {
	next := identity.OwnPath(addressOf(r))
	if next == "/" {
		return "/sign-in"
	}
	return "/sign-in?next=" + url.QueryEscape(next)
}

// signIn says how to sign in. Whoever is signed in goes on to where they wanted to.
func (s *site) signIn(c echo.Context) error {
	visitor, err := s.identify(c)
	if err != nil {
		return err
	}
	next := identity.OwnPath(c.QueryParam("next"))
	if !visitor.Actor.IsNobody() {
		return c.Redirect(http.StatusSeeOther, next)
	}
	door := signin.Door{Page: s.doorFrame(c, visitor.Actor), Message: arrivals[c.QueryParam("from")]}
	if door.Message == "" && s.Sessions.token(c.Request()) != "" {
		door.Message = sessionOver
	}
	if s.bars(c.Request()) {
		door.Barred = insecure
	} else if s.OAuth != nil && s.OAuth.On(c.Request().Context()) {
		door.Discord = "/sign-in/discord?next=" + url.QueryEscape(next)
	}
	return render(c, http.StatusOK, signin.Page(door))
}

// doorFrame is the frame of the pages on which people sign in. What they show is theirs who opened them, so nothing is
// asked about guilds.
func (s *site) doorFrame(c echo.Context, actor access.Actor) layout.Page {
	p := s.pageFor(c, actor, nil)
	p.Title = "Sign in"
	return p
}

// bars says whether a browser would drop the session's cookie here, and everybody on the way could read it.
func (s *site) bars(r *http.Request) bool {
	return !s.Sessions.Plain && !s.overHTTPS(r) && !isLoopbackHost(r.Host)
}
