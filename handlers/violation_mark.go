package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/views/violations"
)

// markViolation says that a rule was wrong, or that it was right after all.
func (s *site) markViolation(c echo.Context, grant access.Grant[access.ManageViolations]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	look, err := caseLooker(c, grant)
	if err != nil {
		return err
	}
	done := "false"
	switch form.Get("wrong") {
	case "yes":
	case "no":
		done = "right"
	default:
		return fault.New(fault.Unprocessable, "Choose whether the rule was wrong.")
	}
	if err := s.Store.MarkFalsePositive(c.Request().Context(), grant, look.number, done == "false"); err != nil {
		return err
	}
	return backToCase(c, look, done)
}

// claimViolation says that the visitor is on a violation, or is not any more.
func (s *site) claimViolation(c echo.Context, grant access.Grant[access.ManageViolations]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	look, err := caseLooker(c, grant)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	do := form.Get("do")
	switch do {
	case "claim":
		err = s.Store.ClaimViolation(ctx, grant, look.number)
	case "release":
		err = s.Store.ReleaseViolation(ctx, grant, look.number)
	default:
		err = fault.New(fault.Unprocessable, "Choose whether you are on it.")
	}
	if fault.Of(err) != fault.Conflict {
		if err != nil {
			return err
		}
		return backToCase(c, look, do)
	}
	sentence := problemOf(err).sentence
	read, err := s.readCase(ctx, look)
	if err != nil {
		return err
	}
	act := s.actForm(read)
	if act != nil {
		act.Problem = sentence
	}
	return s.showCase(c, http.StatusConflict, read, act, violations.NoteForm{})
}

// noteViolation writes a note beside a violation. One that cannot be kept comes back.
func (s *site) noteViolation(c echo.Context, grant access.Grant[access.ManageViolations]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	look, err := caseLooker(c, grant)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	err = s.Store.NoteViolation(ctx, grant, look.number, form.Get("text"))
	if err == nil {
		return backToCase(c, look, "note")
	}
	if fault.Of(err) != fault.Invalid {
		return err
	}
	note := violations.NoteForm{Text: form.Get("text"), Problem: problemOf(err).sentence}
	read, err := s.readCase(ctx, look)
	if err != nil {
		return err
	}
	return s.showCase(c, http.StatusUnprocessableEntity, read, nil, note)
}

// backToCase leads back to the violation, which says what happened.
func backToCase(c echo.Context, look caseLook, done string) error {
	return c.Redirect(http.StatusSeeOther, violations.PageURL(look.guild, look.number)+"?done="+done)
}
