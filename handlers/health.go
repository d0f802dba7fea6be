package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// State is how a part of guildwatch, or all of it, is doing.
type State string

// The states, best first.
const (
	Well     State = "ok"
	Degraded State = "degraded" // something is missing, the rest works
	Down     State = "down"     // it cannot do what it is for
)

// Part is one part of guildwatch on /health: database, cache, Discord, live streams.
type Part struct {
	Name   string `json:"name"`
	State  State  `json:"status"`
	Reason string `json:"reason"` // plain words, with the remedy; empty when all is well
}

// healthAnswer is the JSON of /health. Parts is absent for the public.
type healthAnswer struct {
	Status    State  `json:"status"`
	Version   string `json:"version"`
	BuildTime string `json:"build_time"`
	Parts     []Part `json:"parts,omitempty"`
}

// health answers 200, or 503 when a part is down. The parts and their reasons are for the operator and for this
// machine.
func (s *site) health(c echo.Context) error {
	parts := s.Health(c.Request().Context())
	answer := healthAnswer{Status: worst(parts), Version: s.Version, BuildTime: s.BuildTime}
	if s.mayInspect(c) {
		answer.Parts = parts
	}
	status := http.StatusOK
	if answer.Status == Down {
		status = http.StatusServiceUnavailable
		sayWhen(c.Response().Header(), retrySoon)
	}
	return c.JSON(status, answer)
}

// worst is the state of the whole: that of its worst part.
func worst(parts []Part) State {
	whole := Well
	for _, part := range parts {
		if part.State == Down || part.State == Degraded && whole == Well {
			whole = part.State
		}
	}
	return whole
}

// mayInspect says whether the visitor may look behind the scenes: the operator, and whoever sits at this machine.
func (s *site) mayInspect(c echo.Context) bool {
	if fromLoopback(c.Request()) {
		return true
	}
	actor, err := s.visitor(c)
	return err == nil && actor.IsOperator()
}
