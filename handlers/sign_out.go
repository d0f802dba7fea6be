package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/identity"
)

// signOut ends the session of this browser. Whoever is not signed in is where they wanted to be.
func (s *site) signOut(c echo.Context) error {
	if s.Sessions == nil {
		return echo.ErrNotFound
	}
	form, err := formOf(c)
	if err != nil {
		return err
	}
	if err := s.Sessions.end(c.Response(), c.Request()); err != nil {
		return unrecognised(err)
	}
	if next := identity.OwnPath(form.Get("next")); next != "/" {
		return c.Redirect(http.StatusSeeOther, next)
	}
	return c.Redirect(http.StatusSeeOther, "/sign-in?from=sign-out")
}

// signOutEverywhere ends all sessions of the visitor, this one too.
func (s *site) signOutEverywhere(c echo.Context, actor access.Actor) error {
	if s.Sessions == nil {
		return echo.ErrNotFound
	}
	if _, err := s.Store.EndSessions(c.Request().Context(), actor, 0); err != nil {
		return err
	}
	s.Sessions.forget(c.Response())
	return c.Redirect(http.StatusSeeOther, "/sign-in?from=everywhere")
}
