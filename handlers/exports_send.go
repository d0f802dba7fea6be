package handlers

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/export"
	"guildwatch/internal/snowflake"
	"guildwatch/views/ui"
)

// download is GET /api/servers/{guild_id}/export/{id}: the file of a finished export.
func (s *site) download(c echo.Context, grant access.Grant[access.Export]) error {
	// Each is a row of the audit log, which keeps its rows for ever.
	if err := s.guildDeeds.enforce(snowflake.String(grant.Guild())); err != nil {
		return err
	}
	return s.sendExport(c, grant, c.Param("export_id"))
}

// sendExport sends a finished file, once the audit log says to whom. Its length is said first, so that a download that
// breaks off is noticed by whoever reads it, and each piece has a deadline of its own: somebody with a slow line gets a
// large file as well.
func (s *site) sendExport(c echo.Context, grant access.Grant[access.Export], id string) error {
	file, err := s.Exports.Open(c.Request().Context(), grant, id)
	if err != nil {
		return s.refusedExport(c, grant, err)
	}
	defer file.Close()
	get := c.Request().Method != http.MethodHead
	if get {
		if err := s.Store.NoteDownload(c.Request().Context(), grant, file.Export); err != nil {
			return err
		}
	}
	response := c.Response()
	header := response.Header()
	header.Set("Content-Type", contentTypes[export.Format(file.Format)])
	header.Set("Content-Disposition", disposition(file))
	header.Set("Content-Length", strconv.FormatInt(file.Bytes, 10))
	header.Set("Cache-Control", "private, no-store")
	response.WriteHeader(http.StatusOK)
	if !get {
		return nil
	}
	control := http.NewResponseController(response.Writer)
	piece := make([]byte, 64<<10)
	for {
		n, err := file.Read(piece)
		if n > 0 {
			_ = control.SetWriteDeadline(time.Now().Add(patience))
			if _, err := response.Write(piece[:n]); err != nil {
				return nil // nobody is left to tell; the length says that something is missing
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

var contentTypes = map[export.Format]string{
	export.CSV: "text/csv; charset=utf-8; header=present", export.JSON: "application/json; charset=utf-8",
}

// disposition names the file: by letters that every program takes, and with the server's name for those that know
// filename* (RFC 6266).
func disposition(file *export.File) string {
	day := file.At.UTC().Format("2006-01-02")
	plain := "guildwatch-" + file.What + "-" + day + "." + file.Format
	full := fileName(file.Guild) + " " + file.What + " " + day + "." + file.Format
	return mime.FormatMediaType("attachment", map[string]string{"filename": plain}) +
		"; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(full), "+", "%20")
}

// fileName is a text as part of a file's name: without what a system gives a meaning to, and without what is not seen.
func fileName(text string) string {
	name := strings.TrimSpace(strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:*?"<>|%~`, r), !unicode.IsPrint(r), unicode.In(r, unicode.Cf):
			return -1
		}
		return r
	}, ui.Clip(text, 60)), ". "))
	if name == "" {
		return "guildwatch"
	}
	return name
}
