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

// guard runs do and makes an error of its panic.
func guard(do func() error) (err error) {
	defer func() {
		reason := recover()
		if reason == http.ErrAbortHandler { // net/http's own way to cut a connection; it is meant for the server
			panic(reason)
		}
		if reason != nil {
			err = &panicked{reason: reason, stack: debug.Stack()}
		}
	}()
	return do()
}

// recovering turns a panic below into an error, which the error handler logs once, with its stack, and shows as a
// reference id.
func recovering(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		return guard(func() error { return next(c) })
	}
}
