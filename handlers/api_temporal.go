package handlers

import (
	"context"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/stats"
)

// answerAnalytics sends what show makes of a guild's analytics, over a period, or from and to.
func (s *site) answerAnalytics(
	c echo.Context, grant access.Grant[access.ViewDashboard], show func(*stats.Analytics) any,
) error {
	query := c.QueryParams()
	return s.answer(c, grant.Guild(), func(ctx context.Context) (any, error) {
		window, err := s.window(ctx, grant.Guild(), query)
		if err != nil {
			return nil, err
		}
		analytics, err := s.Stats.Analytics(ctx, grant.Guild(), window)
		if err != nil {
			return nil, err
		}
		return show(analytics), nil
	})
}

// apiTemporal is GET /api/servers/{guild_id}/temporal-analytics: when rules were broken.
func (s *site) apiTemporal(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	return s.answerAnalytics(c, grant, func(a *stats.Analytics) any { return a.TemporalAnswer() })
}

// apiWorkload is GET /api/servers/{guild_id}/workload: what moderators did, how fast, and how alike they answered.
func (s *site) apiWorkload(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	return s.answerAnalytics(c, grant, func(a *stats.Analytics) any { return a.WorkloadAnswer() })
}
