package handlers

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation/rule"
	"guildwatch/store"
	"guildwatch/views/rules"
)

// newRule is the form for a new rule: of a kind, or from a template.
func (s *site) newRule(c echo.Context, grant access.Grant[access.UpdateRules]) error {
	read, err := s.readRules(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	blank, err := blankRule(c.QueryParam("kind"), c.QueryParam("template"))
	if err != nil {
		return err
	}
	form := rules.Fill(blank)
	return s.showEditor(c, http.StatusOK, grant.Actor(), read, rules.Editor{Place: read.place(grant.Role()), Form: &form})
}

func blankRule(kind, template string) (rule.Rule, error) {
	if template != "" {
		if t, ok := rule.TemplateOf(template); ok {
			return t.Rule, nil
		}
	} else if k := rule.Kind(kind); slices.Contains(rule.Kinds(), k) {
		return rule.Blank(k), nil
	}
	return rule.Rule{}, fault.New(fault.NotFound, "There is no such kind of rule.")
}

// rule shows one rule, and the form to those who may change it.
func (s *site) rule(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	read, err := s.readRules(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	row, err := read.named(c)
	if err != nil {
		return err
	}
	editor := rules.Editor{Place: read.place(grant.Role()), Row: ruleRow(row)}
	if editor.Place.May.Update {
		form := rules.Fill(row.Rule)
		editor.Form = &form
	}
	return s.showEditor(c, http.StatusOK, grant.Actor(), read, editor)
}

func (s *site) showEditor(
	c echo.Context, status int, actor access.Actor, read *rulesRead, e rules.Editor,
) (err error) {
	e.Names, e.Ladder = read.names(), read.steps()
	if e.Form != nil {
		e.Form.Channels, e.Form.Roles = read.channelChoices(), read.roleChoices()
	}
	if e.Page, err = s.guildFrame(c, actor, read.profile, read.seq); err != nil {
		return err
	}
	if e.Row.Rule.Number == 0 {
		e.Page.Path = rules.RuleURL(e.Place.Guild, 0) + "?kind=" + string(e.Form.Kind)
	}
	return render(c, status, rules.EditorPage(e))
}

// newer is what somebody saved while a form was filled in, as against the form.
func (s *site) newer(
	c echo.Context, actor access.Actor, read *rulesRead, row *store.RuleRow, mine *rule.Rule,
) (*rules.Newer, error) {
	var versions []store.RuleVersion
	ctx := c.Request().Context()
	err := s.Store.Read(ctx, func(now *store.Snapshot) { versions = now.RuleVersions(read.profile.Guild.ID, row.Number) })
	if err != nil || len(versions) == 0 {
		return nil, err
	}
	newer := &rules.Newer{At: versions[0].At, Changes: rules.Differences(&row.Rule, mine, read.names())}
	newer.By, err = s.author(c, actor, versions[0].By)
	return newer, err
}
