package handlers

import (
	"context"

	"github.com/labstack/echo/v4"
)

// apiStats is GET /api/stats: the overview's aggregates, at most 60 times a minute for one address.
func (s *site) apiStats(c echo.Context) error {
	if err := s.scripts.enforce(clientOf(c)); err != nil {
		return err
	}
	return s.answer(c, 0, func(ctx context.Context) (any, error) {
		overview, err := s.Stats.Overview(ctx)
		if err != nil {
			return nil, err
		}
		return overview.Public(), nil
	})
}
