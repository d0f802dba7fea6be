package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guildwatch/static"
)

var assets = static.Handler()

// static serves the embedded files under their hashed names. What is not there is told by the one error page.
func (s *site) static(c echo.Context) error {
	if _, found := static.Open(strings.TrimPrefix(c.Request().URL.Path, static.Root)); !found {
		return echo.ErrNotFound
	}
	assets.ServeHTTP(c.Response(), c.Request())
	return nil
}

// favicon answers the address that browsers try without being told.
func (s *site) favicon(c echo.Context) error { return wellKnown(c, "img/icon-192.png") }

// manifest answers the address that installers try.
func (s *site) manifest(c echo.Context) error { return wellKnown(c, "manifest.webmanifest") }

// wellKnown serves a file under a name without a hash, so it may be kept for a day only.
func wellKnown(c echo.Context, name string) error {
	asset, found := static.Open(strings.TrimPrefix(static.Path(name), static.Root))
	if !found {
		return echo.ErrNotFound
	}
	c.Response().Header().Set("Cache-Control", "public, max-age=86400")
	return c.Blob(http.StatusOK, asset.Type, asset.Body)
}
