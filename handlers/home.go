package handlers

import (
	"fmt"
	"math"
	"net/http"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/frame"
	"guildwatch/views/overview"
	"guildwatch/views/start"
	"guildwatch/views/ui"
)

// home is the overview for the operator. Others land on their guild, or on the list of theirs.
func (s *site) home(c echo.Context, actor access.Actor) error {
	if actor.IsOperator() {
		return s.overview(c, actor)
	}
	mine, err := s.guildsOf(c.Request().Context(), actor, 2)
	if err != nil {
		return err
	}
	if len(mine) == 1 {
		return c.Redirect(http.StatusSeeOther, mine[0].URL())
	}
	return c.Redirect(http.StatusSeeOther, "/servers")
}

// overview shows all guilds in aggregates. When the figures cannot be had the page still comes, with the reason in
// every panel.
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
	guilds, err := s.guildsOf(ctx, actor, switchable)
	if err != nil && status == http.StatusOK {
		return err
	}
	view.Page = s.pageFor(c, actor, guilds)
	view.Page.Title, view.Page.Live, view.Page.Seq = "Overview", "/live", view.Overview.Seq
	return render(c, status, overview.Page(view))
}

// servers lists the visitor's guilds, busiest first, a page at a time.
func (s *site) servers(c echo.Context, actor access.Actor) error {
	number, err := pageNumber(c.QueryParam("page"))
	if err != nil {
		return err
	}
	guilds, err := s.guildsOf(c.Request().Context(), actor, math.MaxInt)
	if err != nil {
		return err
	}
	first := (number - 1) * listed
	if first >= len(guilds) && number > 1 {
		return fault.New(fault.NotFound, "The list of your servers does not go that far.")
	}
	last := min(first+listed, len(guilds))
	view := start.Servers{Page: s.pageFor(c, actor, guilds[:min(switchable, len(guilds))]), Guilds: guilds[first:last]}
	view.Page.Title = "Your servers"
	if len(guilds) > listed {
		view.Shown = fmt.Sprintf("%s to %s of %s", ui.Count(int64(first+1)), ui.Count(int64(last)),
			ui.Count(int64(len(guilds))))
	}
	if number > 1 {
		view.Previous = "/servers?page=" + strconv.Itoa(number-1)
	}
	if last < len(guilds) {
		view.Next = "/servers?page=" + strconv.Itoa(number+1)
	}
	return render(c, http.StatusOK, start.Guilds(view))
}
