package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/export"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/audit"
)

// auditListed is how many rows a page of the audit log has.
const auditListed = 50

// audit shows what was done on a guild's dashboard, newest first, a page at a time.
func (s *site) audit(c echo.Context, grant access.Grant[access.ViewAudit]) error {
	ctx, query := c.Request().Context(), c.QueryParams()
	profile, known, err := s.Store.Profile(ctx, grant.Guild())
	if err == nil && (!known || !profile.Left.IsZero()) {
		err = noGuild()
	}
	if err != nil {
		return err
	}
	asked, err := s.auditAsked(ctx, grant, profile, query)
	if err != nil {
		return err
	}
	list, err := s.auditList(ctx, grant, profile, asked)
	if err != nil {
		return err
	}
	list.Export = exportLink(grant.Role(), grant.Guild(), export.AuditLog, query)
	if region := regionOf(c); region != "" {
		if region != string(audit.Region) {
			return noRegion()
		}
		return render(c, http.StatusOK, audit.Log(list))
	}
	if asked.filter.Actor != 0 && len(list.Rows) > 0 {
		if err := s.auditNames(ctx, grant, &asked); err != nil {
			return err
		}
	}
	view := audit.View{Filter: asked.form, List: list}
	if err := s.Store.Read(ctx, func(now *store.Snapshot) {
		view.Filter.Actions = now.AuditActions(grant.Guild())
	}); err != nil {
		return err
	}
	if view.Page, err = s.guildFrame(c, grant.Actor(), profile, list.Seq); err != nil {
		return err
	}
	status := http.StatusOK
	if asked.form.Problem != "" || asked.form.Dates != "" {
		status = http.StatusUnprocessableEntity
	}
	return render(c, status, audit.Page(view))
}

// auditList is a page of a guild's log.
func (s *site) auditList(
	ctx context.Context, grant access.Grant[access.ViewAudit], profile store.Profile, asked auditAsked,
) (audit.List, error) {
	list := audit.List{Guild: grant.Guild(), At: s.now(), TimeZone: profile.TimeZone, Narrowed: asked.narrowed()}
	if asked.nobody {
		return list, nil
	}
	read, err := s.readAudit(ctx, grant.Actor(), grant.Guild(), asked.filter, auditListed+1)
	if err != nil {
		return list, err
	}
	list.Seq, list.Rows = read.seq, read.rows()
	if len(list.Rows) > auditListed {
		list.Rows = list.Rows[:auditListed]
		list.Older = asked.address(grant.Guild(), list.Rows[auditListed-1].Number)
	}
	if asked.filter.Before != 0 {
		list.Newest = asked.address(grant.Guild(), 0)
	}
	return list, nil
}

// auditAsked is what a visitor wants to see of the log.
type auditAsked struct {
	filter store.AuditFilter
	form   audit.Filter
	nobody bool // the person that is asked for is not known: no row can match
}

func (a auditAsked) narrowed() bool {
	return a.form.Person != "" || a.form.Action != "" || a.form.From != "" || a.form.To != ""
}

// address is the page of the log after the row before, 0 for the first one, with the same filter.
func (a auditAsked) address(guild snowflake.GuildID, before int64) string {
	query := url.Values{}
	set := func(name, value string) {
		if value != "" {
			query.Set(name, value)
		}
	}
	set("person", a.form.Person)
	set("action", a.form.Action)
	set("from", a.form.From)
	set("to", a.form.To)
	if before != 0 {
		set("before", strconv.FormatInt(before, 10))
	}
	if len(query) == 0 {
		return audit.URL(guild)
	}
	return audit.URL(guild) + "?" + query.Encode()
}

// rowNumber reads the row that a page of the log begins after; none given is the first page.
func rowNumber(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 1 {
		return 0, fault.New(fault.Invalid, "The row %.20q is no number of a row.", text)
	}
	return number, nil
}
