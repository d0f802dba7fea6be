package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/views/rules"
)

// noteLength is the most that somebody may write about why a rule was changed, in characters.
const noteLength = 200

// makeRule saves a new rule, or tries it without saving it.
func (s *site) makeRule(c echo.Context, grant access.Grant[access.UpdateRules]) error {
	read, err := s.readRules(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	return s.takeRule(c, grant, read, store.RuleRow{})
}

// saveRule saves a rule, or tries what the form says without saving it. A form that was made before somebody else saved
// the rule comes back with what they changed.
func (s *site) saveRule(c echo.Context, grant access.Grant[access.UpdateRules]) error {
	read, err := s.readRules(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	row, err := read.named(c)
	if err != nil {
		return err
	}
	return s.takeRule(c, grant, read, row)
}

// takeRule takes a form for a rule; row is the rule as it is, the zero value for a new one.
func (s *site) takeRule(
	c echo.Context, grant access.Grant[access.UpdateRules], read *rulesRead, row store.RuleRow,
) error {
	values, err := formOf(c)
	if err != nil {
		return err
	}
	sent, kind := posted{values}, row.Kind
	if row.Number == 0 {
		if kind = rule.Kind(sent.text(rule.FieldKind)); !slices.Contains(rule.Kinds(), kind) {
			return fault.New(fault.Unprocessable, "Choose what the rule looks for.")
		}
	}
	form := sent.filled(kind)
	form.Number = row.Number
	form.Version, _ = strconv.ParseInt(values.Get("version"), 10, 64) // of none it is no version: somebody was faster
	mine := sent.rule(&form)
	editor := rules.Editor{Place: read.place(grant.Role()), Row: ruleRow(row), Form: &form}
	if !read.exempt(&mine, &form, &row.Rule) {
		form.ExemptChannels, form.ExemptRoles = nil, nil
		form.Problem = "Nothing was saved. Choose exempt channels and roles of this server."
		return s.showEditor(c, http.StatusUnprocessableEntity, grant.Actor(), read, editor)
	}
	wrong := check(&mine, &form)
	if values.Get("do") == "try" {
		return s.tryRule(c, grant, read, editor, mine)
	}
	if wrong {
		form.Problem = "Nothing was saved."
		return s.showEditor(c, http.StatusUnprocessableEntity, grant.Actor(), read, editor)
	}
	saved, err := s.Store.SaveRule(c.Request().Context(), grant, mine, form.Note)
	var refusal *fault.Error
	switch {
	case err == nil:
		return toRules(c, grant.Guild(), saved.Number)
	case !errors.As(err, &refusal):
		return err
	case refusal.Kind == fault.Conflict:
		return s.overtaken(c, grant, editor, mine)
	case refusal.Kind == fault.Invalid:
		form.Problem = "Nothing was saved. " + refusal.Public
		return s.showEditor(c, http.StatusUnprocessableEntity, grant.Actor(), read, editor)
	}
	return err
}

// check puts what is wrong with a rule beside the fields of its form.
func check(r *rule.Rule, form *rules.Form) (wrong bool) {
	for _, flaw := range r.Flaws() {
		form.Problems[flaw.Field] = flaw.Text
	}
	if re, err := rule.Pattern(r.Spec.Pattern); err == nil && r.Kind == rule.Regex {
		if worst, allowed := rule.Cost(re); !allowed {
			form.Problems[rule.FieldPattern] = fmt.Sprintf("It takes up to %s for one message, and 5 ms are allowed: use fewer "+
				"repetitions, or say what it begins with.", worst.Round(10*time.Microsecond))
		}
	}
	if utf8.RuneCountInString(form.Note) > noteLength {
		form.Problems["note"] = "A note has at most 200 characters."
	}
	return len(form.Problems) > 0
}

// tryRule shows what a rule that is not saved says of the form's sample.
func (s *site) tryRule(
	c echo.Context, grant access.Grant[access.UpdateRules], read *rulesRead, editor rules.Editor, mine rule.Rule,
) error {
	form := editor.Form
	if n := utf8.RuneCountInString(form.Sample); n == 0 || n > sampleLength {
		form.Problems["sample"] = "Write a message of 1 to 4 000 characters."
	}
	if len(form.Problems) > 0 {
		form.Problem = "Nothing was tried."
		return s.showEditor(c, http.StatusUnprocessableEntity, grant.Actor(), read, editor)
	}
	mine.Number, mine.ExemptChannels, mine.ExemptRoles = 0, nil, nil
	if mine.Mode == rule.Off {
		mine.Mode = rule.Shadow // what is off reads nothing
	}
	set, _ := rule.Compile(grant.Guild(), []rule.Rule{mine}, s.Store.Scams())
	verdict := set.Try(rule.Sample{Text: form.Sample, Surface: surfaceOf(mine.Kind), Age: newAccount}, s.now())
	editor.Verdict = &verdict
	return s.showEditor(c, http.StatusOK, grant.Actor(), read, editor)
}

// overtaken shows a form beside what somebody else saved meanwhile. Saved once more, it replaces that.
func (s *site) overtaken(
	c echo.Context, grant access.Grant[access.UpdateRules], editor rules.Editor, mine rule.Rule,
) error {
	read, err := s.readRules(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	row, err := read.named(c)
	if err != nil {
		return err
	}
	editor.Row, editor.Place = ruleRow(row), read.place(grant.Role())
	editor.Form.Version = row.Version
	editor.Form.Problem = fmt.Sprintf("Somebody was faster: version %d holds now, and yours is not saved. "+
		"Look at what differs, then save again if you still want yours.", row.Version)
	if editor.Newer, err = s.newer(c, grant.Actor(), read, &row, &mine); err != nil {
		return err
	}
	return s.showEditor(c, http.StatusConflict, grant.Actor(), read, editor)
}

// author is who saved a version as pages name them; the zero value for guildwatch.
func (s *site) author(c echo.Context, actor access.Actor, id snowflake.UserID) (person stats.Person, err error) {
	if id == 0 {
		return person, nil
	}
	named, err := s.people(c.Request().Context(), actor, []snowflake.UserID{id})
	return named[id], err
}

// surfaceOf is where a rule of a kind finds what it looks for.
func surfaceOf(kind rule.Kind) moderation.Surface {
	switch kind {
	case rule.Names:
		return moderation.SurfaceName
	case rule.Attachments:
		return moderation.SurfaceAttachment
	}
	return moderation.SurfaceContent
}
