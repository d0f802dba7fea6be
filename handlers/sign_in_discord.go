package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/identity"
)

// startDiscord sends the browser to Discord's own page. It is a GET: the page's policy lets no form lead to another
// site.
func (s *site) startDiscord(c echo.Context) error {
	if s.OAuth == nil {
		return echo.ErrNotFound
	}
	actor, err := s.visitor(c)
	if err != nil {
		return err
	}
	next := identity.OwnPath(c.QueryParam("next"))
	switch {
	case s.bars(c.Request()):
		return s.refuseSignIn(c, &identity.Refusal{Reason: identity.Insecure})
	case !actor.IsNobody():
		return c.Redirect(http.StatusSeeOther, next)
	}
	if there := s.startFrom(c.Request(), next); there != "" {
		return c.Redirect(http.StatusSeeOther, there)
	}
	departure, err := s.OAuth.Start(c.Request().Context(), next)
	if err != nil {
		return s.refuseSignIn(c, err)
	}
	c.SetCookie(s.departing(departure.Cookie, departure.Life))
	return c.Redirect(http.StatusSeeOther, departure.URL)
}

// startFrom is where to begin instead; empty: here. Discord sends people back to one name of the dashboard alone, so
// the cookie has to be that name's: who came to localhost is sent to 127.0.0.1 first. Once only, because a proxy may
// hide the name that the browser used.
func (s *site) startFrom(r *http.Request, next string) string {
	back, err := url.Parse(s.OAuth.Redirect())
	if err != nil || strings.EqualFold(back.Host, r.Host) || r.URL.Query().Has("moved") {
		return ""
	}
	back.Path, back.RawQuery = "/sign-in/discord", url.Values{"next": {next}, "moved": {"1"}}.Encode()
	return back.String()
}

// finishDiscord is where Discord sends the browser back to.
func (s *site) finishDiscord(c echo.Context) error {
	if s.OAuth == nil {
		return echo.ErrNotFound
	}
	ctx, value := c.Request().Context(), ""
	if cookie, err := c.Cookie(s.departing("", 0).Name); err == nil {
		value = cookie.Value
	}
	arrival, err := s.OAuth.Finish(ctx, value, c.QueryParams())
	c.SetCookie(s.departing("", -time.Second))
	if err != nil {
		return s.refuseSignIn(c, err)
	}
	if err := s.Sessions.begin(c.Response(), c.Request(), arrival.User, c.RealIP()); err != nil {
		return unrecognised(err)
	}
	s.Roster.Meet(ctx, arrival.User, arrival.Guilds)
	return c.Redirect(http.StatusSeeOther, arrival.Next)
}

// departing is the cookie of a browser that is on Discord's page: it alone may come back. A negative life drops it.
func (s *site) departing(value string, life time.Duration) *http.Cookie {
	cookie := &http.Cookie{Name: "__Host-sign-in", Value: value, Path: "/", MaxAge: int(life.Seconds()), Secure: true,
		HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if s.Sessions.Plain {
		cookie.Name, cookie.Secure = "sign-in", false
	}
	return cookie
}
