package handlers

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/frame"
	"guildwatch/internal/stats"
	"guildwatch/views/guild"
)

// dashboard shows one guild over one period. When the figures cannot be had the page still comes, with the reason in
// every panel.
func (s *site) dashboard(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	span, err := period(c.QueryParam("period"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	figures, err := s.Stats.Guild(ctx, grant.Guild(), span)
	if region := regionOf(c); region != "" {
		if err != nil {
			return err
		}
		return showRegion(c, region, func(name frame.Name) templ.Component { return guild.Region(name, *figures) })
	}
	view, status := guild.View{Guild: stats.Guild{Period: span}}, http.StatusOK
	switch {
	case err == nil:
		view.Guild = *figures
	case fault.Of(err) == fault.NotFound: // the bot left between the check and here
		return err
	default:
		view.Failed, status = s.failPanels(c, err)
	}
	guilds, err := s.guildsOf(ctx, grant.Actor(), switchable)
	if err != nil && status == http.StatusOK {
		return err
	}
	known := view.Guild.Profile
	view.Page = s.guildFrameAmong(c, grant.Actor(), guilds, grant.Guild(), known.Name, known.Icon, view.Guild.Seq)
	return render(c, status, guild.Page(view))
}
