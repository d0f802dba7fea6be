package handlers

import (
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/labstack/echo/v4"
)

// panicked is a panic turned into an error. The stack is for the log alone.
type panicked struct {
	reason any
	stack  []byte
}

// Error is the panic's reason, without the stack.
func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.reason) }

// recovering turns a panic below into an error, which the error handler logs once, with its stack, and shows as a reference id.
func recovering(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			reason := recover()
			if reason == http.ErrAbortHandler { // net/http's own way to cut a connection; it is meant for the server
				panic(reason)
			}
			if reason != nil {
				err = &panicked{reason: reason, stack: debug.Stack()}
			}
		}()
		return next(c)
	}
}
