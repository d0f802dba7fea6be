package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/views/signin"
)

// sessions lists the browsers in which the visitor is signed in.
func (s *site) sessions(c echo.Context, actor access.Actor) error {
	if s.Sessions == nil {
		return echo.ErrNotFound
	}
	ctx := c.Request().Context()
	list, err := s.Store.Sessions(ctx, actor)
	if err != nil {
		return err
	}
	guilds, err := s.guildsOf(ctx, actor, switchable)
	if err != nil {
		return err
	}
	view := signin.Sessions{Page: s.pageFor(c, actor, guilds)}
	view.Page.Title = "Your sessions"
	for _, one := range list {
		view.List = append(view.List, signin.Session{ID: strconv.FormatInt(one.ID, 10), Device: one.Device,
			Address: one.Address, Began: one.Created, LastUsed: one.LastUsed, Ends: one.Expires,
			Current: one.ID == sessionOf(c).ID})
	}
	return render(c, http.StatusOK, signin.List(view))
}

// endSession signs one of the visitor's own browsers out. Another's session is none.
func (s *site) endSession(c echo.Context, actor access.Actor) error {
	if s.Sessions == nil {
		return echo.ErrNotFound
	}
	id, err := strconv.ParseInt(c.Param("session_id"), 10, 64)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "There is no such session.")
	}
	if err := s.Store.EndSession(c.Request().Context(), actor, id); err != nil {
		return err
	}
	if id == sessionOf(c).ID {
		s.Sessions.forget(c.Response())
		return c.Redirect(http.StatusSeeOther, "/sign-in?from=sign-out")
	}
	return c.Redirect(http.StatusSeeOther, "/sessions")
}
