package handlers

import (
	"context"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
)

// apiMetrics is GET /api/servers/{guild_id}/metrics: the dashboard's figures for one period.
func (s *site) apiMetrics(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	span, err := period(c.QueryParam("period"))
	if err != nil {
		return err
	}
	return s.answer(c, grant.Guild(), func(ctx context.Context) (any, error) {
		dashboard, err := s.Stats.Guild(ctx, grant.Guild(), span)
		if err != nil {
			return nil, err
		}
		return dashboard.Metrics(), nil
	})
}
