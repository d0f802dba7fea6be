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
		dashboard, err := s.Stats.Guild(ctx, grant.Guild(), stats.PeriodDay)
		if err != nil {
			return nil, err
		}
		return dashboard.HealthAnswer(), nil
	})
}

// apiOffenders is GET /api/servers/{guild_id}/top-offenders: who broke most rules in one period.
func (s *site) apiOffenders(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	span, err := period(c.QueryParam("period"))
	if err != nil {
		return err
	}
	return s.answer(c, grant.Guild(), func(ctx context.Context) (any, error) {
		dashboard, err := s.Stats.Guild(ctx, grant.Guild(), span)
		if err != nil {
			return nil, err
		}
		return dashboard.OffendersAnswer(), nil
	})
}
