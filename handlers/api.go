package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/snowflake"
)

// strict refuses what a script under /api asks for by a parameter that the route does not know.
func strict(params []string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if _, err := checkQuery(c.Request().URL.RawQuery, params); err != nil {
				return err
			}
			return next(c)
		}
	}
}

// answer sends what load gives as JSON. Identical requests at the same time, from visitors with the same role, share
// one run, as long as nothing is written meanwhile.
func (s *site) answer(c echo.Context, guild snowflake.GuildID, load func(context.Context) (any, error)) error {
	r := c.Request()
	key := flightKey(r.URL.Path, r.URL.Query(), guild, roleOf(c), s.Store.LastSeq())
	body, err := s.flights.do(r.Context(), key, func(ctx context.Context) ([]byte, error) {
		value, err := load(ctx)
		if err != nil {
			return nil, err
		}
		return json.Marshal(value)
	})
	if err != nil {
		return err
	}
	return sendJSON(c, body)
}

// sendJSON sends body, or 304 to who has it already. The tag is weak, because the same answer travels compressed or
// not.
func sendJSON(c echo.Context, body []byte) error {
	sum := sha256.Sum256(body)
	tag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	h := c.Response().Header()
	h.Set("Etag", tag)
	h.Set("Cache-Control", "private, no-cache")
	if matches(c.Request().Header.Get("If-None-Match"), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.JSONBlob(http.StatusOK, body)
}

// matches says whether an If-None-Match header names tag; weak and strong spelling count as the same.
func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
