package handlers

import (
	"context"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
)

// apiMetrics is GET /api/servers/{guild_id}/metrics: the dashboard's figures of one period, or between from and to.
func (s *site) apiMetrics(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	query := c.QueryParams()
	return s.answer(c, grant.Guild(), func(ctx context.Context) (any, error) {
		window, err := s.window(ctx, grant.Guild(), query)
		if err != nil {
			return nil, err
		}
		dashboard, err := s.Stats.Guild(ctx, grant.Guild(), window)
		if err != nil {
			return nil, err
		}
		return dashboard.Metrics(), nil
	})
}
