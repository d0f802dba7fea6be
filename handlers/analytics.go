package handlers

import (
	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/frame"
	"guildwatch/internal/stats"
	"guildwatch/views/analytics"
)

// analytics shows what a guild's moderation did over a period or a chosen time.
func (s *site) analytics(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	ctx := c.Request().Context()
	window, chosen, status, err := s.chosenWindow(c, grant.Guild())
	if err != nil {
		return err
	}
	figures, err := s.Stats.Analytics(ctx, grant.Guild(), window)
	if region := regionOf(c); region != "" {
		if err != nil {
			return err
		}
		return showRegion(c, region, func(name frame.Name) templ.Component { return analytics.Region(name, figures) })
	}
	view := analytics.View{Chosen: chosen}
	switch {
	case err == nil:
		view.Analytics = figures
	case fault.Of(err) == fault.NotFound: // the bot left between the check and here
		return err
	default:
		view.Analytics = &stats.Analytics{Window: window}
		view.Failed, status = s.failPanels(c, err)
	}
	guilds, err := s.guildsOf(ctx, grant.Actor(), switchable)
	if err != nil && view.Failed == "" {
		return err
	}
	known := view.Analytics.Profile
	view.Page = s.guildFrameAmong(c, grant.Actor(), guilds, grant.Guild(), known.Name, known.Icon, view.Analytics.Seq)
	return render(c, status, analytics.Page(view))
}
