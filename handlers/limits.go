package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// How much is taken in any minute.
const (
	scriptsPerMinute  = 60 // of /api/stats, from one address
	openingsPerMinute = 60 // of streams, for one person
	signInsPerMinute  = 10 // of each step of signing in, from one address
	deedsPerMinute    = 60 // of what changes something, by one person
	// In one guild by everybody together: ten people as fast as each may be. Discord takes 50 requests a second from a
	// bot, of which 10 are these; the rest stays for its own rules.
	guildDeedsPerMinute = 600
)

// limits are the limiters of a site.
type limits struct {
	scripts, openings, signIns, deeds, guildDeeds *limiter
}

func newLimits(openings int) limits {
	return limits{newLimiter(scriptsPerMinute), newLimiter(openings), newLimiter(signInsPerMinute),
		newLimiter(deedsPerMinute), newLimiter(guildDeedsPerMinute)}
}

// changes says whether a request of this method may change something.
func changes(method string) bool { return method != http.MethodGet && method != http.MethodHead }

// limitDeeds stands before every route that changes something.
func (s *site) limitDeeds(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		actor, err := s.visitor(c)
		if err == nil {
			err = s.deeds.enforce(s.accountOf(c, actor))
		}
		if err != nil {
			return err
		}
		return next(c)
	}
}

// limitSignIns stands before every step of signing in. Each step is counted by itself, or the landing page of a link
// would cost half of what its button may.
func (s *site) limitSignIns(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := s.signIns.enforce(c.Request().Method + " " + c.Path() + " " + clientOf(c)); err != nil {
			return err
		}
		return next(c)
	}
}
