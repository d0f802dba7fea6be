package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/native"
	"guildwatch/internal/snowflake"
	"guildwatch/views/rules"
)

// nativeTime bounds the wait for Discord when a rule of its own is changed; the whole answer has 5 s.
const nativeTime = 4 * time.Second

// makeNative has Discord make a rule, or tries it without making it.
func (s *site) makeNative(c echo.Context, grant access.Grant[access.UpdateRules]) error {
	read, err := s.readRules(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	values, err := formOf(c)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(values.Get("trigger"))
	if err != nil || native.Most(moderation.Trigger(number)) == 0 {
		return fault.New(fault.Unprocessable, "Choose what the rule looks for.")
	}
	sent := posted{values}
	form := sent.filledNative(0, moderation.Trigger(number))
	editor := rules.NativeEditor{Place: read.place(grant.Role()), Form: &form}
	if own := read.madeFrom(strconv.FormatInt(form.Own, 10)); own != nil {
		editor = read.promotion(own, grant.Role())
		editor.Form = &form
	} else {
		form.Own = 0
	}
	draft, done, err := s.checkNative(c, grant, read, editor, sent, moderation.NativeRule{})
	if done || err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), nativeTime)
	defer cancel()
	made, err := s.Native.Make(ctx, grant, draft)
	if err != nil {
		return s.refusedNative(c, grant, read, editor, err)
	}
	to := rules.NativeURL(grant.Guild(), made.ID)
	if form.Own > 0 {
		to += "?from=" + strconv.FormatInt(form.Own, 10)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// saveNative has Discord change a rule, or tries what the form says. A form that was made before somebody else changed
// the rule, here or in Discord, comes back with what differs.
func (s *site) saveNative(c echo.Context, grant access.Grant[access.UpdateRules]) error {
	read, err := s.readRules(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	row, err := read.nativeNamed(c)
	if err != nil {
		return err
	}
	values, err := formOf(c)
	if err != nil {
		return err
	}
	sent := posted{values}
	form := sent.filledNative(row.Rule.ID, row.Rule.Trigger)
	editor := rules.NativeEditor{Place: read.place(grant.Role()), Now: row, Form: &form}
	draft, done, err := s.checkNative(c, grant, read, editor, sent, row.Rule)
	if done || err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), nativeTime)
	defer cancel()
	_, err = s.Native.Change(ctx, grant, row.Rule.ID, form.Seen, func(now moderation.NativeRule) moderation.NativeRule {
		draft.Spec.Actions = nativeActions(&form, now.Spec.Actions)
		return draft
	})
	var overtaken *native.Overtaken
	switch {
	case errors.As(err, &overtaken):
		return s.overtakenNative(c, grant, editor, draft, overtaken.Now)
	case err != nil:
		return s.refusedNative(c, grant, read, editor, err)
	}
	return toNatives(c, grant.Guild())
}

// checkNative is the rule that a form describes; done when the form came back, because of its flaws or to be tried.
func (s *site) checkNative(
	c echo.Context, grant access.Grant[access.UpdateRules], read *rulesRead, editor rules.NativeEditor, sent posted,
	was moderation.NativeRule,
) (draft moderation.NativeRule, done bool, err error) {
	form := editor.Form
	draft = sent.nativeDraft(form, was)
	if !read.exemptNative(&draft, form, &was) {
		form.ExemptChannels, form.ExemptRoles, form.Alert = nil, nil, ""
		form.Problem = "Nothing was saved. Choose channels and roles of this server."
		return draft, true, s.showNative(c, http.StatusUnprocessableEntity, grant.Actor(), read, editor)
	}
	for _, flaw := range native.Flaws(&draft) {
		if form.Problems[flaw.Field] == "" {
			form.Problems[flaw.Field] = flaw.Text
		}
	}
	try := sent.Get("do") == "try"
	if n := utf8.RuneCountInString(form.Sample); try && (n == 0 || n > sampleLength) {
		form.Problems["sample"] = "Write a message of 1 to 4 000 characters."
	}
	switch {
	case len(form.Problems) > 0 && try:
		form.Problem = "Nothing was tried."
	case len(form.Problems) > 0:
		form.Problem = "Nothing was saved."
	case try:
		trial := native.Try(&draft, form.Sample)
		editor.Trial = &trial
		return draft, true, s.showNative(c, http.StatusOK, grant.Actor(), read, editor)
	default:
		return draft, false, nil
	}
	return draft, true, s.showNative(c, http.StatusUnprocessableEntity, grant.Actor(), read, editor)
}

// refusedNative shows a form that Discord refused, with the reason; what is no refusal of the form's is an error.
func (s *site) refusedNative(
	c echo.Context, grant access.Grant[access.UpdateRules], read *rulesRead, editor rules.NativeEditor, err error,
) error {
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind == fault.Internal || refusal.Kind == fault.NotFound {
		return err
	}
	s.logProblem(c, err, problemOf(err))
	editor.Form.Problem = "Nothing was saved. " + refusal.Public
	status := refusal.Kind.Status()
	if refusal.Kind == fault.Forbidden || refusal.Kind == fault.Invalid {
		status = http.StatusUnprocessableEntity // it is guildwatch that may not, not who asks
	}
	return s.showNative(c, status, grant.Actor(), read, editor)
}

// overtakenNative shows a form beside what somebody else made of the rule. Saved once more, it replaces that.
func (s *site) overtakenNative(
	c echo.Context, grant access.Grant[access.UpdateRules], editor rules.NativeEditor, draft, now moderation.NativeRule,
) error {
	read, err := s.readRules(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	editor.Place, editor.Now.Rule, editor.Now.Known = read.place(grant.Role()), now, true
	editor.Form.Seen = native.Mark(&now)
	editor.Form.Problem = "Somebody was faster: the rule was changed here or in Discord, and yours is not saved. Look at what " +
		"differs, then save again if you still want yours."
	editor.Newer = rules.NativeDifferences(&now, &draft, read.names())
	return s.showNative(c, http.StatusConflict, grant.Actor(), read, editor)
}

// switchNative switches a rule on or off in Discord.
func (s *site) switchNative(c echo.Context, grant access.Grant[access.UpdateRules]) error {
	id, seen, on, err := nativePress(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), nativeTime)
	defer cancel()
	if err := s.hasNative(ctx, grant.Guild(), id); err != nil {
		return err
	}
	_, err = s.Native.Change(ctx, grant, id, seen, func(now moderation.NativeRule) moderation.NativeRule {
		now.Enabled = on
		return now
	})
	if err != nil {
		return pressRefused(err)
	}
	return toNatives(c, grant.Guild())
}

// deleteNative deletes a rule in Discord, if it still is what the form's author saw.
func (s *site) deleteNative(c echo.Context, grant access.Grant[access.DeleteRules]) error {
	id, seen, _, err := nativePress(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), nativeTime)
	defer cancel()
	if err := s.hasNative(ctx, grant.Guild(), id); err != nil {
		return err
	}
	if err := s.Native.Delete(ctx, grant, id, seen); err != nil {
		return pressRefused(err)
	}
	return toNatives(c, grant.Guild())
}

// nativePress is a button about the rule that the path names.
func nativePress(c echo.Context) (id snowflake.RuleID, seen string, on bool, err error) {
	form, err := formOf(c)
	if err != nil {
		return 0, "", false, err
	}
	id, err = snowflake.Parse[snowflake.RuleID](c.Param("native"))
	return id, form.Get("seen"), form.Get("on") == "yes",
		fault.Wrap(err, fault.NotFound, "There is no such AutoMod rule here.")
}

// pressRefused is a refusal of Discord's as an answer to a button: that guildwatch lacks a permission says nothing about
// who pressed it.
func pressRefused(err error) error {
	var refusal *fault.Error
	if errors.As(err, &refusal) && (refusal.Kind == fault.Forbidden || refusal.Kind == fault.Invalid) {
		return fault.Wrap(err, fault.Unprocessable, "%s", refusal.Public)
	}
	return err
}

func toNatives(c echo.Context, guild snowflake.GuildID) error {
	return c.Redirect(http.StatusSeeOther, rules.URL(guild)+"#automod")
}
