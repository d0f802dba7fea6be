// Package handlers is the web edge: it parses, checks the right, asks stats and live, and renders. routes.go lists
// every address with the right it needs. Nothing here knows SQL, writes HTML or decides a rule of the domain.
package handlers

import (
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// site is the handlers with all they stand on.
type site struct {
	Options
	hosts   hosts
	origins *http.CrossOriginProtection
	flights flights
	limits
	meters  *meters
	started time.Time
	export  time.Duration // how long a form waits for its file

	exposition http.Handler // /metrics
}

// New builds the whole surface of guildwatch as one handler.
func New(options Options) http.Handler {
	_, e := build(options)
	return e
}

// build gives the site with its router, whose routes tests walk.
func build(options Options) (*site, *echo.Echo) {
	if options.Logger == nil {
		options.Logger = slog.Default()
	}
	if options.OpeningsPerMinute == 0 {
		options.OpeningsPerMinute = openingsPerMinute
	}
	s := &site{Options: options, hosts: newHosts(options.PublicURL, options.Hosts),
		origins: http.NewCrossOriginProtection(), limits: newLimits(options.OpeningsPerMinute),
		meters: newMeters(), started: time.Now(), export: exportPatience}
	s.exposition = s.newExposition()
	if public := options.PublicURL; public != nil {
		// A browser without Sec-Fetch-Site behind a proxy that rewrites Host; the value was validated as a URL with a
		// host.
		_ = s.origins.AddTrustedOrigin(public.Scheme + "://" + public.Host)
	}

	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(io.Discard) // echo's own log says nothing that fail does not
	e.IPExtractor = addressFrom(options.TrustedProxies)
	e.HTTPErrorHandler = s.fail
	e.Use(
		reference,
		hurry,
		s.observe,
		s.secureHeaders,
		s.checkHost,
		recovering,
		s.sameOrigin,
		limitBody,
	)
	for _, r := range routes {
		s.add(e, r)
	}
	return s, e
}
