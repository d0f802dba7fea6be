package handlers

import (
	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/frame"
	"guildwatch/internal/stats"
	"guildwatch/views/guild"
)

// dashboard shows one guild over a period or a chosen time. When the figures cannot be had the page still comes, with the
// reason in every panel.
func (s *site) dashboard(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	ctx := c.Request().Context()
	window, chosen, status, err := s.chosenWindow(c, grant.Guild())
	if err != nil {
		return err
	}
	figures, err := s.Stats.Guild(ctx, grant.Guild(), window)
	if region := regionOf(c); region != "" {
		if err != nil {
			return err
		}
		return showRegion(c, region, func(name frame.Name) templ.Component { return guild.Region(name, *figures) })
	}
	view := guild.View{Guild: stats.Guild{Window: window}, Chosen: chosen}
	switch {
	case err == nil:
		view.Guild = *figures
	case fault.Of(err) == fault.NotFound: // the bot left between the check and here
		return err
	default:
		view.Failed, status = s.failPanels(c, err)
	}
	guilds, err := s.guildsOf(ctx, grant.Actor(), switchable)
	if err != nil && view.Failed == "" {
		return err
	}
	known := view.Guild.Profile
	view.Page = s.guildFrameAmong(c, grant.Actor(), guilds, grant.Guild(), known.Name, known.Icon, view.Guild.Seq)
	return render(c, status, guild.Page(view))
}
