package handlers

import (
	"context"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/stats"
)

// apiHealth is GET /api/servers/{guild_id}/health: the score of the last 24 hours with each penalty.
func (s *site) apiHealth(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	return s.answer(c, grant.Guild(), func(ctx context.Context) (any, error) {
		dashboard, err := s.Stats.Guild(ctx, grant.Guild(), stats.Last(stats.PeriodDay))
		if err != nil {
			return nil, err
		}
		return dashboard.HealthAnswer(), nil
	})
}

// apiOffenders is GET /api/servers/{guild_id}/top-offenders: who broke most rules in one period, or between from and to.
func (s *site) apiOffenders(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	query := c.QueryParams()
	return s.answer(c, grant.Guild(), func(ctx context.Context) (any, error) {
		window, err := s.window(ctx, grant.Guild(), query)
		if err != nil {
			return nil, err
		}
		analytics, err := s.Stats.Members(ctx, grant.Guild(), window)
		if err != nil {
			return nil, err
		}
		return analytics.OffendersAnswer(), nil
	})
}
