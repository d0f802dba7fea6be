package handlers

import (
	"bytes"
	"context"
	"net/http"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// render sends a component as HTML. It renders into memory first: a template that fails or panics half-way must become
// an error page, not half a page with status 200. Templates stop when their context is over, but the page that says
// that time is up must come nevertheless.
func render(c echo.Context, status int, component templ.Component) error {
	buffer := buffers.Get().(*bytes.Buffer)
	defer giveBack(buffer)
	if err := component.Render(context.WithoutCancel(c.Request().Context()), buffer); err != nil {
		return err
	}
	return c.HTMLBlob(status, buffer.Bytes())
}

// wantsPart says whether htmx asks for part of a page. When it restores history it wants the whole page, whatever the
// address says.
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
