package handlers

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/frame"
	"guildwatch/internal/stats"
	"guildwatch/views/analytics"
	"guildwatch/views/ui"
)

// analytics shows what a guild's moderation did over a period or a chosen time. What was chosen and makes no sense is
// said beside its form, over the last day.
func (s *site) analytics(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	ctx := c.Request().Context()
	status, view := http.StatusOK, analytics.View{Chosen: chosenTime(c.QueryParams())}
	window, err := s.window(ctx, grant.Guild(), c.QueryParams())
	if view.Chosen.Asked && !view.Chosen.Set() {
		window, err = stats.WindowOf(s.now(), stats.PeriodDay) // until a time is chosen
	}
	if fault.Of(err) == fault.Invalid && regionOf(c) == "" && view.Chosen.Set() {
		status, view.Chosen.Problem = http.StatusUnprocessableEntity, problemOf(err).sentence
		window, err = stats.WindowOf(s.now(), stats.PeriodDay)
	}
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
	if err != nil && status == http.StatusOK {
		return err
	}
	known := view.Analytics.Profile
	view.Page = s.guildFrameAmong(c, grant.Actor(), guilds, grant.Guild(), known.Name, known.Icon, view.Analytics.Seq)
	return render(c, status, analytics.Page(view))
}

// chosenTime is what the form was filled in with.
func chosenTime(query url.Values) analytics.Chosen {
	return analytics.Chosen{From: ui.Clip(query.Get("from"), 40), To: ui.Clip(query.Get("to"), 40),
		Asked: query.Get("period") == string(stats.PeriodCustom)}
}
