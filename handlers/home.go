package handlers

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/frame"
	"guildwatch/views/overview"
	"guildwatch/views/start"
)

// home is the overview for the operator. Others land on their guild, or on the list of theirs.
func (s *site) home(c echo.Context, actor access.Actor) error {
	if actor.IsOperator() {
		return s.overview(c, actor)
	}
	mine, err := s.guildsOf(c.Request().Context(), actor)
	if err != nil {
		return err
	}
	if len(mine) == 1 {
		return c.Redirect(http.StatusSeeOther, mine[0].URL())
	}
	return c.Redirect(http.StatusSeeOther, "/servers")
}

// overview shows all guilds in aggregates. When the figures cannot be had the page still comes, with the reason in every panel.
func (s *site) overview(c echo.Context, actor access.Actor) error {
	ctx := c.Request().Context()
	figures, err := s.Stats.Overview(ctx)
	if region := regionOf(c); region != "" {
		if err != nil {
			return err
		}
		return showRegion(c, region, func(name frame.Name) templ.Component { return overview.Region(name, *figures) })
	}
	view, status := overview.View{}, http.StatusOK
	if err == nil {
		view.Overview = *figures
	} else {
		view.Failed, status = s.failPanels(c, err)
	}
	guilds, err := s.guildsOf(ctx, actor)
	if err != nil && status == http.StatusOK {
		return err
	}
	view.Page = s.pageFor(c, actor, guilds)
	view.Page.Title, view.Page.Live, view.Page.Seq = "Overview", "/live", view.Overview.Seq
	return render(c, status, overview.Page(view))
}

// servers lists the visitor's guilds.
func (s *site) servers(c echo.Context, actor access.Actor) error {
	guilds, err := s.guildsOf(c.Request().Context(), actor)
	if err != nil {
		return err
	}
	page := s.pageFor(c, actor, guilds)
	page.Title = "Your servers"
	return render(c, http.StatusOK, start.Guilds(start.Servers{Page: page}))
}
