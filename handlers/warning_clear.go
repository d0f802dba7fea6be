package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/views/ui"
	"guildwatch/views/warnings"
)

// clearWarning clears one warning. What cannot be done comes back with the reason, and with whoever was faster.
func (s *site) clearWarning(c echo.Context, grant access.Grant[access.ManageViolations]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	if form.Get("do") != "clear" {
		return fault.New(fault.Unprocessable, "Press the button to clear what is to be cleared.")
	}
	ctx := c.Request().Context()
	back, err := s.clearing(ctx, grant.Actor(), grant.Guild(), c.Param("warning"))
	if err != nil {
		return err
	}
	err = s.Store.ClearWarning(ctx, grant, back.Row.Number, form.Get("reason"))
	if err == nil {
		return c.Redirect(http.StatusSeeOther, warnings.URL(grant.Guild())+"?cleared=1")
	}
	status, ours := comesBack(err)
	if !ours {
		return err
	}
	back.Reason, back.Problem = form.Get("reason"), problemOf(err).sentence
	return s.returnWarnings(c, status, grant, warnings.View{Clear: back})
}

// clearOldWarnings clears all warnings from before a day of the guild.
func (s *site) clearOldWarnings(c echo.Context, grant access.Grant[access.ManageViolations]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	profile, known, err := s.Store.Profile(ctx, grant.Guild())
	if err == nil && !known {
		err = noGuild()
	}
	if err != nil {
		return err
	}
	back := warnings.BulkForm{Day: ui.Clip(form.Get("date"), 20), Reason: form.Get("reason")}
	var before time.Time
	if before, _, back.Problem = days(back.Day, "", ui.Zone(profile.TimeZone)); before.IsZero() && back.Problem == "" {
		back.Problem = "Choose a day."
	}
	if back.Problem != "" {
		return s.returnWarnings(c, http.StatusUnprocessableEntity, grant, warnings.View{Bulk: back})
	}
	n, err := s.Store.ClearWarningsBefore(ctx, grant, before, form.Get("reason"))
	if err == nil {
		query := url.Values{"cleared": {strconv.FormatInt(n, 10)}}
		return c.Redirect(http.StatusSeeOther, warnings.URL(grant.Guild())+"?"+query.Encode())
	}
	status, ours := comesBack(err)
	if !ours {
		return err
	}
	back.Problem = problemOf(err).sentence
	return s.returnWarnings(c, status, grant, warnings.View{Bulk: back})
}

// comesBack gives the status with which a form comes back after err; ours is false for what no form can mend.
func comesBack(err error) (status int, ours bool) {
	switch fault.Of(err) {
	case fault.Invalid:
		return http.StatusUnprocessableEntity, true
	case fault.Conflict:
		return http.StatusConflict, true
	}
	return 0, false
}

// returnWarnings shows the first page of the list with a form that came back.
func (s *site) returnWarnings(
	c echo.Context, status int, grant access.Grant[access.ManageViolations], view warnings.View,
) error {
	asked, err := warningsAskedOf(grant.Guild(), url.Values{})
	if err != nil {
		return err
	}
	read, err := s.readWarnings(c.Request().Context(), grant.Actor(), grant.Guild(), asked.filter, warningsListed+1)
	if err != nil {
		return err
	}
	view.Filter, view.List = asked.form, s.warningList(read, asked, grant.Role())
	return s.showWarnings(c, status, grant.Actor(), read, view)
}
