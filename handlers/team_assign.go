package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/views/team"
)

// assign gives a role, changes it or takes it away. A form that cannot be done comes back with the reason; one that was
// made before somebody else changed the same role comes back with what holds now.
func (s *site) assign(c echo.Context, grant access.Grant[access.ManageRoles]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	subject, err := subjectOf(form.Get("subject"), form.Get("id"))
	if err != nil {
		return fault.Wrap(err, fault.NotFound, noSubject)
	}
	to, known := access.ParseRole(form.Get("role"))
	was, seen := access.ParseRole(form.Get("was"))
	if !known || !seen {
		return fault.New(fault.Unprocessable, "Choose a role: viewer, moderator, admin, owner, or nothing.")
	}
	ctx := c.Request().Context()
	look := looker{actor: grant.Actor(), guild: grant.Guild(), owner: true}
	read, err := s.readTeam(ctx, look)
	if err != nil {
		return err
	}
	change, err := s.change(ctx, look, read, subject)
	if err != nil {
		return err
	}
	if change.Fixed == fixedOwner {
		return s.returnTeam(c, http.StatusUnprocessableEntity, look, read, change)
	}
	if change.Was != was {
		change.To, change.Problem = to, overtaken(change, read)
		return s.returnTeam(c, http.StatusConflict, look, read, change)
	}
	err = s.Store.AssignRole(ctx, grant, subject, to, was)
	var refusal *fault.Error
	switch {
	case fault.Of(err) == fault.Conflict:
		if read, err = s.readTeam(ctx, look); err != nil {
			return err
		}
		if change, err = s.change(ctx, look, read, subject); err != nil {
			return err
		}
		change.To, change.Problem = to, overtaken(change, read)
		return s.returnTeam(c, http.StatusConflict, look, read, change)
	case err == nil:
		back := url.Values{"saved": {string(subject.Kind)}, "id": {form.Get("id")}}
		return c.Redirect(http.StatusSeeOther, team.URL(look.guild)+"?"+back.Encode())
	case !errors.As(err, &refusal) || refusal.Kind != fault.Invalid && refusal.Kind != fault.Forbidden:
		return err
	}
	status := http.StatusUnprocessableEntity
	if refusal.Kind == fault.Forbidden {
		status = http.StatusForbidden
		refused := deniedTo(grant, subject)
		refused.Wanted = to
		s.noteDenial(c, refused)
	}
	change.To, change.Problem = to, refusal.Public
	return s.returnTeam(c, status, look, read, change)
}

// returnTeam shows the page with a form that came back.
func (s *site) returnTeam(c echo.Context, status int, look looker, read *teamRead, change *team.Change) error {
	view := team.View{Team: read.team, Change: change, Search: team.Search{Roles: read.choices()}}
	if change.Subject.Kind == access.SubjectDiscordRole {
		view.Search.Chosen = snowflake.String(change.Subject.Role)
	}
	return s.showTeam(c, status, look, read, view)
}

// overtaken says what somebody else has done meanwhile.
func overtaken(change *team.Change, read *teamRead) string {
	a, given := read.assignment(change.Subject)
	switch {
	case !given || a.Ended:
		return "Somebody was faster: nothing is given here any more. Look again, then save."
	default:
		return fmt.Sprintf("Somebody was faster: %s gave the role %s. Look again, then save.",
			read.people[a.By].Name, a.Role)
	}
}
