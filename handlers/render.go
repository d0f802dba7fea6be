package handlers

import (
	"bytes"
	"context"
	"net/http"
	"runtime/debug"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// render sends a component as HTML. It renders into memory first: a template that fails or panics half-way must become an error
// page, not half a page with status 200.
func render(c echo.Context, status int, component templ.Component) error {
	buffer := buffers.Get().(*bytes.Buffer)
	defer giveBack(buffer)
	if err := renderTo(c.Request().Context(), buffer, component); err != nil {
		return err
	}
	return c.HTMLBlob(status, buffer.Bytes())
}

// renderTo makes an error of a template's panic.
func renderTo(ctx context.Context, buffer *bytes.Buffer, component templ.Component) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = &panicked{reason: reason, stack: debug.Stack()}
		}
	}()
	return component.Render(ctx, buffer)
}

// wantsPart says whether htmx asks for part of a page. When it restores history it wants the whole page, whatever the address says.
func wantsPart(r *http.Request) bool {
	return r.Header.Get("Hx-Request") == "true" && !restoresHistory(r)
}

func restoresHistory(r *http.Request) bool {
	return r.Header.Get("Hx-History-Restore-Request") == "true"
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// giveBack keeps a buffer for the next page, unless one huge page has made it huge.
func giveBack(buffer *bytes.Buffer) {
	if buffer.Cap() <= 256<<10 {
		buffer.Reset()
		buffers.Put(buffer)
	}
}
