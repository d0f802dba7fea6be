package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation/rule"
	"guildwatch/views/rules"
)

// setRuleMode enforces a rule, puts it into shadow mode or switches it off.
func (s *site) setRuleMode(c echo.Context, grant access.Grant[access.UpdateRules]) error {
	form, number, err := s.ruleForm(c)
	if err != nil {
		return err
	}
	if _, err := s.Store.SetRuleMode(c.Request().Context(), grant, number, rule.Mode(form.Get("mode"))); err != nil {
		return err
	}
	return toRules(c, grant.Guild(), number)
}

// rollBackRule makes an earlier version of a rule the newest one.
func (s *site) rollBackRule(c echo.Context, grant access.Grant[access.UpdateRules]) error {
	form, number, err := s.ruleForm(c)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "There is no such version of this rule.")
	}
	if _, err := s.Store.RollBackRule(c.Request().Context(), grant, number, version); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, rules.RuleURL(grant.Guild(), number)+"/versions")
}

// deleteRule deletes a rule for good, if it still is what the form's author saw.
func (s *site) deleteRule(c echo.Context, grant access.Grant[access.DeleteRules]) error {
	form, number, err := s.ruleForm(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	read, err := s.readRules(ctx, grant.Guild())
	if err != nil {
		return err
	}
	row, err := read.named(c)
	if err != nil {
		return err
	}
	if form.Get("version") != strconv.FormatInt(row.Version, 10) {
		return fault.New(fault.Conflict, "Somebody has saved this rule meanwhile. Look at it once more before you delete it.")
	}
	if err := s.Store.DeleteRule(ctx, grant, number); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, rules.URL(grant.Guild()))
}

// ruleForm is a posted form with the number of the rule that the path names.
func (s *site) ruleForm(c echo.Context) (form posted, number int64, err error) {
	if form.Values, err = formOf(c); err != nil {
		return form, 0, err
	}
	if number, err = strconv.ParseInt(c.Param("rule"), 10, 64); err != nil {
		err = fault.New(fault.NotFound, "There is no such rule here.")
	}
	return form, number, err
}
