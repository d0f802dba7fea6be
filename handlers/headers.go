package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// policy lets the page load its own files and nothing else; avatars come from Discord. There is no inline script or
// style.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https://cdn.discordapp.com; " +
	"connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; " +
	"object-src 'none'; frame-ancestors 'none'"

// permissions turns off what a dashboard never needs.
const permissions = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), " +
	"microphone=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), usb=()"

// transport keeps browsers on https for a year once they came by it.
const transport = "max-age=31536000; includeSubDomains"

// secureHeaders goes on every answer, errors and assets included: a worker obeys the policy of its own script's answer.
// What is not an asset is never stored; assets overwrite Cache-Control.
func (s *site) secureHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", permissions)
		h.Set("Cache-Control", "no-store")
		if s.overHTTPS(c.Request()) {
			h.Set("Strict-Transport-Security", transport)
		}
		return next(c)
	}
}

// overHTTPS says whether the visitor came by https: to this process, or to the proxy that serves the public URL.
func (s *site) overHTTPS(r *http.Request) bool {
	public := s.PublicURL
	return r.TLS != nil || public != nil && public.Scheme == "https" && strings.EqualFold(r.Host, public.Host)
}
