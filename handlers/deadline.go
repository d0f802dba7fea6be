package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// How long things may take. Streams have no such limits; live sets a deadline for each of their writes.
const (
	answerTime = 5 * time.Second  // for an answer under /api to be ready (product.md, section 3)
	pageTime   = 10 * time.Second // for a page to be ready; one that takes longer is reported as down
	patience   = 30 * time.Second // for a visitor to send a body or to read an answer
)

// within gives what runs below limit to finish: whatever waits, for the database or for another, hears of the end by
// the context. The page that tells of an error comes after the end and has the request's own context again: with one
// that is over, it would lack what has to be read for it.
func within(limit time.Duration) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			whole := c.Request().Context()
			ctx, cancel := context.WithTimeout(whole, limit)
			defer cancel()
			c.SetRequest(c.Request().WithContext(ctx))
			defer func() { c.SetRequest(c.Request().WithContext(whole)) }()
			return next(c)
		}
	}
}

// hurry sets the deadlines that the server as a whole must not have, because streams never end. It comes before
// whatever may refuse the request: net/http reads the rest of a refused body before it answers, and without a deadline
// one that drips would hold its connection for ever.
func hurry(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		control := http.NewResponseController(c.Response().Writer)
		// A writer without deadlines is a test's recorder, which never waits for anybody.
		_ = control.SetWriteDeadline(time.Now().Add(patience))
		if c.Request().ContentLength != 0 {
			_ = control.SetReadDeadline(time.Now().Add(patience))
		}
		return next(c)
	}
}

// stay lifts the deadline for the answer from a stream.
func stay(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		_ = http.NewResponseController(c.Response().Writer).SetWriteDeadline(time.Time{})
		return next(c)
	}
}
