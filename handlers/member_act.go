package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/views/member"
	"guildwatch/views/violations"
)

// actOnMember does something about a member, without a violation that it answers. What is refused comes back with the
// reason, and with whoever was faster.
func (s *site) actOnMember(c echo.Context, grant access.Grant[access.ActOnMembers]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	look, err := memberLooker(c, grant)
	if err != nil {
		return err
	}
	if _, err := s.readMember(c.Request().Context(), look); err != nil {
		return err
	}
	order := orderOf(form)
	order.Target = look.user
	opened, err := s.Desk.Act(c.Request().Context(), grant, order)
	if err == nil {
		return c.Redirect(http.StatusSeeOther, violations.MemberURL(look.guild, look.user)+asDone(opened.Actions))
	}
	return s.memberRefused(c, grant, look, form, err)
}

// undoOfMember takes back what was done about a member.
func (s *site) undoOfMember(c echo.Context, grant access.Grant[access.ActOnMembers]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	look, err := memberLooker(c, grant)
	if err != nil {
		return err
	}
	read, err := s.readMember(c.Request().Context(), look)
	if err != nil {
		return err
	}
	opened, err := s.undo(c, grant, read.card.Actions, form)
	if err == nil {
		return c.Redirect(http.StatusSeeOther, violations.MemberURL(look.guild, look.user)+asDone(opened.Actions))
	}
	return s.memberRefused(c, grant, look, form, err)
}

func (s *site) memberRefused(
	c echo.Context, grant access.Grant[access.ActOnMembers], look memberLook, form url.Values, err error,
) error {
	status, sentence, ours := s.notDone(c, grant, look.user, err)
	if !ours {
		return err
	}
	read, err := s.readMember(c.Request().Context(), look)
	if err != nil {
		return err
	}
	return s.showMember(c, status, read, cameBack(read.memberForm(), form, sentence), member.ClearForm{})
}

// clearMember clears all warnings of a member.
func (s *site) clearMember(c echo.Context, grant access.Grant[access.ManageViolations]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	look, err := memberLooker(c, grant)
	if err != nil {
		return err
	}
	if form.Get("do") != "clear" {
		return fault.New(fault.Unprocessable, "Press the button to clear what is to be cleared.")
	}
	ctx := c.Request().Context()
	read, err := s.readMember(ctx, look)
	if err != nil {
		return err
	}
	_, err = s.Store.ClearWarnings(ctx, grant, look.user, form.Get("reason"))
	if err == nil {
		return c.Redirect(http.StatusSeeOther, violations.MemberURL(look.guild, look.user)+"?done=cleared")
	}
	if fault.Of(err) != fault.Invalid {
		return err
	}
	back := member.ClearForm{Reason: form.Get("reason"), Problem: problemOf(err).sentence}
	return s.showMember(c, http.StatusUnprocessableEntity, read, nil, back)
}
