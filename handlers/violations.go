package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/export"
	"guildwatch/views/violations"
)

// violationsListed is how many violations a page of the list has.
const violationsListed = 50

// violations lists what broke a guild's rules, newest first, a page at a time.
func (s *site) violations(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	ctx := c.Request().Context()
	choices, err := s.readChoices(ctx, grant.Guild())
	if err != nil {
		return err
	}
	asked, err := s.violationsAsked(ctx, grant.Guild(), choices, c.QueryParams())
	if err != nil {
		return err
	}
	list := violations.List{Place: s.place(grant.Guild(), grant.Role(), choices.profile.TimeZone, choices.seq),
		Narrowed: asked.form.Set(), Export: exportLink(grant.Role(), grant.Guild(), export.Violations, c.QueryParams())}
	if !asked.nobody {
		read, err := s.readViolations(ctx, grant.Actor(), grant.Guild(), asked.filter, violationsListed+1)
		if err != nil {
			return err
		}
		list.Seq, list.Rows = read.seq, read.list()
		if len(list.Rows) > violationsListed {
			list.Rows = list.Rows[:violationsListed]
			list.Older = asked.address(list.Rows[violationsListed-1].Number)
		}
		if asked.filter.Before != 0 {
			list.Newest = asked.address(0)
		}
		asked.nameRows(list.Rows)
	}
	if region := regionOf(c); region != "" {
		if region != string(violations.Region) {
			return noRegion()
		}
		return render(c, http.StatusOK, violations.Listed(list))
	}
	view := violations.View{Filter: asked.form, List: list}
	if view.Page, err = s.guildFrame(c, grant.Actor(), choices.profile, list.Seq); err != nil {
		return err
	}
	if c.QueryParam("erased") == "1" {
		view.Page.Flash = "The member's data was erased."
	}
	status := http.StatusOK
	if asked.nobody {
		status = http.StatusUnprocessableEntity
	}
	return render(c, status, violations.Page(view))
}
