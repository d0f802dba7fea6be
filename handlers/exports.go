package handlers

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/export"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/exports"
)

const (
	// exportsListed is how many exports the history shows: more than a guild's people ask for in 30 days, mostly.
	exportsListed = 100
	// exportPatience is how long a form waits for its file: 200 000 rows are written by then.
	exportPatience = 2 * time.Second
)

// exports shows the history of what was taken out of a guild, and the form for more.
func (s *site) exports(c echo.Context, grant access.Grant[access.Export]) error {
	ctx := c.Request().Context()
	list, read, err := s.exportList(ctx, grant)
	if err != nil {
		return err
	}
	if region := regionOf(c); region != "" {
		if region != string(exports.Region) {
			return noRegion()
		}
		return render(c, http.StatusOK, exports.History(list))
	}
	asked, err := s.exportAsked(ctx, grant, read, c.QueryParams())
	if err != nil {
		return err
	}
	return s.showExports(c, asked.status(http.StatusOK), grant, read, exports.View{Form: asked.form, List: list})
}

// askExport takes the form: what is ready within a moment is the answer, everything else waits in the history.
func (s *site) askExport(c echo.Context, grant access.Grant[access.Export]) error {
	values, err := formOf(c)
	if err != nil {
		return err
	}
	if values.Get("what") == "" {
		return noTable()
	}
	ctx := c.Request().Context()
	list, read, err := s.exportList(ctx, grant)
	if err != nil {
		return err
	}
	asked, err := s.exportAsked(ctx, grant, read, values)
	if err != nil {
		return err
	}
	if asked.wrong {
		return s.showExports(c, http.StatusUnprocessableEntity, grant, read, exports.View{Form: asked.form, List: list})
	}
	made, err := s.orderExport(c, grant, asked.order)
	if fault.Of(err) == fault.TooMany {
		asked.form.Problem = problemOf(err).sentence
		return s.showExports(c, http.StatusTooManyRequests, grant, read, exports.View{Form: asked.form, List: list})
	}
	if err != nil {
		return err
	}
	if made.State == store.ExportDone {
		return s.sendExport(c, grant, made.ID)
	}
	return c.Redirect(http.StatusSeeOther, exports.URL(grant.Guild())+"?what="+url.QueryEscape(made.What)+"#list")
}

// orderExport asks for an export and waits a moment for it. Whoever asks for what they may not see is refused as they
// would be where it is shown.
func (s *site) orderExport(
	c echo.Context, grant access.Grant[access.Export], order store.ExportOrder,
) (store.Export, error) {
	made, err := s.Exports.Ask(c.Request().Context(), grant, order, s.export)
	return made, s.refusedExport(c, grant, err)
}

// refusedExport notes a refusal of the audit log, the one table that not everybody who exports may see.
func (s *site) refusedExport(c echo.Context, grant access.Grant[access.Export], err error) error {
	return s.refused(c, err, grant.Actor(), grant.Role(), grant.Guild(), access.NameOf[access.ViewAudit]())
}

func (s *site) showExports(
	c echo.Context, status int, grant access.Grant[access.Export], read *choicesRead, view exports.View,
) (err error) {
	if view.Page, err = s.guildFrame(c, grant.Actor(), read.profile, view.List.Seq); err != nil {
		return err
	}
	view.Page.Flash = dropped(c.QueryParam("dropped"))
	return render(c, status, exports.Page(view))
}

// exportList is a guild's history, and what exports can be narrowed by.
func (s *site) exportList(
	ctx context.Context, grant access.Grant[access.Export],
) (list exports.List, read *choicesRead, err error) {
	if read, err = s.readChoices(ctx, grant.Guild()); err != nil {
		return list, read, err
	}
	rows, seq, err := s.readExports(ctx, grant.Guild())
	if err != nil {
		return list, read, err
	}
	ids := make([]snowflake.UserID, 0, 2*len(rows))
	for i := range rows {
		ids = append(ids, rows[i].By, rows[i].EndedBy)
	}
	people, err := s.people(ctx, grant.Actor(), ids)
	list = exports.List{Guild: grant.Guild(), At: s.now(), Seq: seq, TimeZone: read.profile.TimeZone}
	for i := range rows {
		one := &rows[i]
		list.Rows = append(list.Rows, exports.Row{ID: one.ID, What: one.What, Format: one.Format,
			Narrow: s.narrowed(read, one), Who: people[one.By], At: one.At,
			State: string(one.State), Rows: one.Rows, Total: one.Total, Gone: one.Gone, Bytes: one.Bytes, Problem: one.Problem,
			Expires: one.Expires, Downloads: one.Downloads, Downloaded: one.Downloaded, Ender: people[one.EndedBy],
			Locked: !export.Allowed(export.What(one.What), grant.Role()), May: store.MayDrop(grant, one)})
	}
	return list, read, err
}

func (s *site) readExports(ctx context.Context, guild snowflake.GuildID) (rows []store.Export, seq int64, err error) {
	err = s.Store.Read(ctx, func(now *store.Snapshot) { rows, seq = now.Exports(guild, exportsListed), now.Seq() })
	return rows, seq, err
}
