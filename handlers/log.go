package handlers

import (
	"crypto/rand"
	"log/slog"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
)

// requestHeader carries the reference that error pages show and the log has. What the visitor sends under that name is
// ignored.
const requestHeader = "X-Request-Id"

// reference gives each request its id: 60 random bits, enough to find one request in a log, short enough to be read
// out.
func reference(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := strings.ToLower(rand.Text()[:12])
		c.Response().Header().Set(requestHeader, id)
		c.SetRequest(c.Request().WithContext(access.WithRequest(c.Request().Context(), id)))
		return next(c)
	}
}

func referenceOf(c echo.Context) string { return c.Response().Header().Get(requestHeader) }

// observe logs each request once it is answered and counts it. It names the route instead of the path, and no query: a
// path may hold a link that signs somebody in, and a query what somebody searched for.
func (s *site) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		if err := next(c); err != nil {
			c.Error(err) // answered here, so that the status below is the true one
		}
		took := time.Since(start)
		r, response := c.Request(), c.Response()
		s.meters.count(r.Method, routeOf(c), response.Status, took, response.Header().Get("Content-Type") != streamType)
		level := slog.LevelInfo
		if strings.HasPrefix(c.Path(), "/static/") || c.Path() == "/health" || c.Path() == "/metrics" {
			level = slog.LevelDebug // asked for all the time by pages and machines
		}
		s.Logger.Log(r.Context(), level, "request", "request", referenceOf(c), "method", r.Method, "route", routeOf(c),
			"guild", guildOf(c), "status", response.Status, "bytes", response.Size, "took", took, "ip", c.RealIP())
		return nil
	}
}

// streamType marks what has no end, so that its duration says nothing.
const streamType = "text/event-stream"

// routeOf is the pattern that the request matched, never its path.
func routeOf(c echo.Context) string {
	if c.Path() == "" {
		return "none"
	}
	return c.Path()
}

// guildOf is the guild in the request's path, 0 where there is none. What is no id is not logged: it may be anything.
func guildOf(c echo.Context) snowflake.GuildID {
	id, _ := snowflake.Parse[snowflake.GuildID](c.Param("guild_id"))
	return id
}
