package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/violations"
)

// actOnViolation does something about the member who broke a rule, or about their message. What is refused comes back
// with the reason, and with whoever was faster.
func (s *site) actOnViolation(c echo.Context, grant access.Grant[access.ActOnMembers]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	look, err := caseLooker(c, grant)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	read, err := s.readCase(ctx, look)
	if err != nil {
		return err
	}
	order := orderOf(form)
	order.Target, order.Violation = read.detail.User, read.number
	order.Channel, order.Message = read.detail.Channel, read.detail.Message
	opened, err := s.Desk.Act(ctx, grant, order)
	if err == nil {
		return toCase(c, look, opened)
	}
	status, sentence, ours := s.notDone(c, grant, read.detail.User, err)
	if !ours {
		return err
	}
	if read, err = s.readCase(ctx, look); err != nil {
		return err
	}
	return s.showCase(c, status, read, cameBack(s.actForm(read), form, sentence), violations.NoteForm{})
}

// cameBack is a form as it was sent, with why nothing was done.
func cameBack(fresh *violations.ActForm, form url.Values, why string) *violations.ActForm {
	if fresh != nil {
		fresh.Reason, fresh.Length, fresh.Problem = form.Get("reason"), form.Get("length"), why
	}
	return fresh
}

// undoOfViolation takes back what was done about a violation.
func (s *site) undoOfViolation(c echo.Context, grant access.Grant[access.ActOnMembers]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	look, err := caseLooker(c, grant)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	read, err := s.readCase(ctx, look)
	if err != nil {
		return err
	}
	opened, err := s.undo(c, grant, read.detail.Actions, form)
	if err == nil {
		return toCase(c, look, opened)
	}
	status, sentence, ours := s.notDone(c, grant, read.detail.User, err)
	if !ours {
		return err
	}
	if read, err = s.readCase(ctx, look); err != nil {
		return err
	}
	return s.showCase(c, status, read, cameBack(s.actForm(read), form, sentence), violations.NoteForm{})
}

// undo takes back one of the actions that a page shows; any other is not there.
func (s *site) undo(
	c echo.Context, grant access.Grant[access.ActOnMembers], shown []store.ActionRow, form url.Values,
) (moderation.Opened, error) {
	id, err := strconv.ParseInt(form.Get("action"), 10, 64)
	if err != nil || !slices.ContainsFunc(shown, func(a store.ActionRow) bool { return a.ID == id }) {
		return moderation.Opened{}, fault.New(fault.NotFound, "There is no such action here.")
	}
	return s.Desk.Undo(c.Request().Context(), grant, id, moderation.SourceDashboard)
}

// orderOf is what a form asks for, about nobody yet.
func orderOf(form url.Values) moderation.Order {
	order := moderation.Order{Kind: moderation.ActionKind(form.Get("kind")), Reason: form.Get("reason"),
		Source: moderation.SourceDashboard}
	// What is no number is no length, which the desk refuses with a sentence.
	if n, err := strconv.Atoi(form.Get("length")); err == nil && n > 0 && n <= 28*24*60 {
		order.Timeout = time.Duration(n) * time.Minute
	}
	return order
}

// notDone says why an order was refused, and with which status the page comes back; ours is false for what is no
// refusal. Who may not do it is noted in the audit log.
func (s *site) notDone(
	c echo.Context, grant access.Grant[access.ActOnMembers], target snowflake.UserID, err error,
) (status int, sentence string, ours bool) {
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		return 0, "", false
	}
	switch refusal.Kind {
	case fault.Invalid:
		return http.StatusUnprocessableEntity, refusal.Public, true
	case fault.Conflict:
		return http.StatusConflict, refusal.Public, true
	case fault.Forbidden:
		s.noteDenial(c, deniedTo(grant, access.Member(target)))
		return http.StatusForbidden, refusal.Public, true
	}
	return 0, "", false
}

// toCase leads back to the violation, which says what happened.
func toCase(c echo.Context, look caseLook, opened moderation.Opened) error {
	return c.Redirect(http.StatusSeeOther, violations.PageURL(look.guild, look.number)+asDone(opened.Actions))
}

// asDone is the part of an address by which a page says what happened.
func asDone(actions []int64) string {
	if len(actions) == 0 {
		return ""
	}
	return "?done=" + strconv.FormatInt(actions[0], 10)
}
