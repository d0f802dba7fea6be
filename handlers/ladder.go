package handlers

import (
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/views/rules"
)

// ladder shows what each violation costs a member, and the form to those who may change it.
func (s *site) ladder(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	read, err := s.readRules(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	var form *rules.LadderForm
	if access.Allows[access.UpdateSettings](grant.Role()) {
		filled := rules.FillLadder(read.ladder)
		form = &filled
	}
	return s.showLadder(c, http.StatusOK, grant.Actor(), grant.Role(), read, form)
}

func (s *site) showLadder(
	c echo.Context, status int, actor access.Actor, role access.Role, read *rulesRead, form *rules.LadderForm,
) (err error) {
	view := rules.LadderView{Place: read.place(role), Ladder: read.steps(), Form: form}
	view.Ladder.Alone = true
	if form != nil {
		form.Was = asClimbed(read.ladder)
	}
	if view.Page, err = s.guildFrame(c, actor, read.profile, read.seq); err != nil {
		return err
	}
	return render(c, status, rules.LadderPage(view))
}

// asClimbed is what a form remembers of the ladder that it was made from, to notice that somebody was faster.
func asClimbed(steps ladder.Ladder) string {
	text, err := json.Marshal(steps)
	if err != nil { // strings and numbers encode
		return ""
	}
	return string(text)
}

// saveLadder replaces a guild's ladder, or goes back to the one that guildwatch comes with.
func (s *site) saveLadder(c echo.Context, grant access.Grant[access.UpdateSettings]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	read, err := s.readRules(ctx, grant.Guild())
	if err != nil {
		return err
	}
	steps, back := ladder.Default(), rules.FillLadder(ladder.Default())
	if form.Get("do") != "default" {
		steps, back = chosenLadder(form["step"], form["length"], form["unit"])
	}
	if form.Get("was") != asClimbed(read.ladder) {
		return s.overtakenLadder(c, grant, &back)
	}
	switch err = s.Store.SaveLadder(ctx, grant, steps, read.ladder); fault.Of(err) {
	case fault.Conflict:
		return s.overtakenLadder(c, grant, &back)
	case fault.Invalid:
		back.Problem = problemOf(err).sentence
		return s.showLadder(c, http.StatusUnprocessableEntity, grant.Actor(), grant.Role(), read, &back)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, rules.URL(grant.Guild())+"?saved=ladder")
}

// overtakenLadder shows a form beside the ladder that somebody else has saved.
func (s *site) overtakenLadder(
	c echo.Context, grant access.Grant[access.UpdateSettings], back *rules.LadderForm,
) error {
	read, err := s.readRules(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	back.Problem = "Somebody was faster: another ladder holds now, and yours is not saved. Look at it, then save again " +
		"if you still want yours."
	return s.showLadder(c, http.StatusConflict, grant.Actor(), grant.Role(), read, back)
}

// chosenLadder is the ladder of a posted form, and the form as it was sent. Steps without a kind are left out.
func chosenLadder(kinds, lengths, units []string) (steps ladder.Ladder, form rules.LadderForm) {
	for i, kind := range kinds {
		if i >= len(lengths) || i >= len(units) || i >= 2*mostSteps {
			break
		}
		span := rules.Span{Count: lengths[i], Unit: rules.Unit(units[i])}
		form.Steps = append(form.Steps, rules.StepForm{Kind: kind, Length: span})
		if kind == "" {
			continue
		}
		step := ladder.Step{Kind: moderation.ActionKind(kind)}
		if step.Kind == moderation.ActionTimeout {
			step.Timeout = length(span)
		}
		steps = append(steps, step)
	}
	return steps, form
}

// mostSteps is how many steps a ladder has at most.
const mostSteps = 10
