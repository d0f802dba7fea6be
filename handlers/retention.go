package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/store"
	"guildwatch/views/settings"
)

// setRetention sets for how long the guild keeps what it knows of single members.
func (s *site) setRetention(c echo.Context, grant access.Grant[access.UpdateSettings]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	back := &settings.KeepForm{Text: form.Get("text_days"), Rows: form.Get("rows_days")}
	text, wrongText := strconv.Atoi(strings.TrimSpace(back.Text))
	rows, wrongRows := strconv.Atoi(strings.TrimSpace(back.Rows))
	if wrongText != nil || wrongRows != nil {
		err = fault.New(fault.Invalid, "Write both as a number of days.")
	} else {
		err = s.Store.SetRetention(c.Request().Context(), grant, store.Retention{Text: text, Rows: rows})
	}
	if fault.Of(err) != fault.Invalid {
		if err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, settings.URL(grant.Guild())+"?saved=yes")
	}
	read, wrong := s.readSettings(c.Request().Context(), grant.Guild())
	if wrong != nil {
		return wrong
	}
	back.Problem = problemOf(err).sentence
	return s.showSettingsWith(c, http.StatusUnprocessableEntity, grant.Actor(), read, read.form(read.settings()), back)
}

// kept is what the page shows of it.
func kept(r store.Retention) settings.Kept {
	return settings.Kept{Text: r.Text, Rows: r.Rows, From: r.From}
}
