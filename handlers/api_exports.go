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
	"guildwatch/views/ui"
)

// exportsAnswer is the JSON of GET /api/servers/{guild_id}/export/history. Every key is always there.
type exportsAnswer struct {
	Guild   snowflake.GuildID `json:"guild_id"`
	Exports []exportAnswer    `json:"exports"` // newest first, at most 100
}

// exportAnswer is one export. What there is not is null.
type exportAnswer struct {
	ID       string             `json:"id"`
	What     string             `json:"what"`
	Format   string             `json:"format"`
	Filter   store.ExportFilter `json:"filter"` // only what narrows it
	By       *namedAnswer       `json:"asked_by"`
	At       time.Time          `json:"asked_at"`
	State    store.ExportState  `json:"state"`
	Rows     int64              `json:"rows"`  // written so far
	Total    *int64             `json:"total"` // rows to go through while it is written; a filter leaves some of them out
	Bytes    *int64             `json:"bytes"`
	Problem  *string            `json:"problem"`
	Expires  *time.Time         `json:"expires_at"`
	Download *string            `json:"download"` // where the file is; null: there is none, or not for whoever asks

	EndedBy    *namedAnswer `json:"ended_by"`      // who cancelled it or deleted its file
	Gone       *int64       `json:"gone_through"`  // of total, so far
	Downloads  int64        `json:"downloads"`     // how often the file was fetched
	Downloaded *time.Time   `json:"downloaded_at"` // the last time
}

// exportParams are what a script may ask for by.
var exportParams = []string{"what", "format", "user", "channel", "severity", "source", "rule", "state", "action", "text",
	"period", "from", "to"}

// apiExportHistory is GET /api/servers/{guild_id}/export/history.
func (s *site) apiExportHistory(c echo.Context, grant access.Grant[access.Export]) error {
	return s.answer(c, grant.Guild(), func(ctx context.Context) (any, error) {
		rows, _, err := s.readExports(ctx, grant.Guild())
		if err != nil {
			return nil, err
		}
		answer := exportsAnswer{Guild: grant.Guild(), Exports: []exportAnswer{}}
		for i := range rows {
			one, err := s.exportAnswer(ctx, grant.Role(), &rows[i])
			if err != nil {
				return nil, err
			}
			answer.Exports = append(answer.Exports, one)
		}
		return answer, nil
	})
}

// apiExport is POST /api/servers/{guild_id}/export, with a form: what, format, and the filters that GET takes for the
// same table. The answer is the export: 201 where the file is ready, 202 where it will be.
func (s *site) apiExport(c echo.Context, grant access.Grant[access.Export]) error {
	values, err := formOf(c)
	if err != nil {
		return err
	}
	if _, err := checkQuery(values.Encode(), exportParams); err != nil {
		return err
	}
	if values.Get("what") == "" {
		return noTable()
	}
	order, err := s.exportOrdered(c.Request().Context(), grant, values)
	if err != nil {
		return err
	}
	made, err := s.orderExport(c, grant, order)
	if err != nil {
		return err
	}
	answer, err := s.exportAnswer(c.Request().Context(), grant.Role(), &made)
	if err != nil {
		return err
	}
	status := http.StatusCreated
	if made.Open() {
		status = http.StatusAccepted
	}
	return c.JSON(status, answer)
}

// exportOrdered reads what a script asks for.
func (s *site) exportOrdered(
	ctx context.Context, grant access.Grant[access.Export], values url.Values,
) (order store.ExportOrder, err error) {
	if order, err = exportOrder(values); err != nil {
		return order, err
	}
	if problem := foreignFilter(order.What, values); problem != "" {
		return order, fault.New(fault.Invalid, "%s", problem)
	}
	f := &order.Filter
	if f.From, err = instant(values, "from"); err != nil {
		return order, err
	}
	if f.To, err = instant(values, "to"); err != nil {
		return order, err
	}
	if err = export.Check(s.now(), &order); err != nil {
		return order, err
	}
	read, err := s.readChoices(ctx, grant.Guild())
	if err != nil {
		return order, err
	}
	form := exports.Form{Rule: f.Rule, Rules: read.rules(), Channels: read.channelOptions(), Action: f.Action}
	if f.Channel != 0 {
		form.Channel = snowflake.String(f.Channel)
	}
	if form.Actions, err = s.exportActions(ctx, grant, order.What); err != nil {
		return order, err
	}
	problem := unknownChoice(&form)
	if f.User, err = userAsked(values.Get("user")); err == nil && f.User != 0 && problem == "" {
		problem, err = s.strange(ctx, grant.Guild(), f.User)
	}
	if err == nil && problem != "" {
		err = fault.New(fault.Invalid, "%s", problem)
	}
	return order, err
}

func (s *site) exportAnswer(ctx context.Context, role access.Role, e *store.Export) (exportAnswer, error) {
	people, err := s.people(ctx, access.Actor{}, []snowflake.UserID{e.By, e.EndedBy})
	answer := exportAnswer{ID: e.ID, What: e.What, Format: e.Format, Filter: e.Filter, By: namedOrNull(people[e.By]),
		At: e.At.UTC(), State: e.State, Rows: e.Rows, Problem: orNull(e.Problem), Expires: timeOrNull(e.Expires),
		EndedBy: namedOrNull(people[e.EndedBy]), Downloads: e.Downloads, Downloaded: timeOrNull(e.Downloaded)}
	if e.State == store.ExportRunning && e.Total > 0 {
		answer.Total, answer.Gone = &e.Total, &e.Gone
	}
	if e.State == store.ExportDone {
		answer.Bytes = &e.Bytes
		if export.Allowed(export.What(e.What), role) {
			answer.Download = orNull(exports.FileURL(e.Guild, e.ID))
		}
	}
	return answer, err
}

// exportLink is where a page's rows can be taken out, with the page's filter; empty for who may not.
func exportLink(role access.Role, guild snowflake.GuildID, what export.What, query url.Values) string {
	if !export.Allowed(what, role) {
		return ""
	}
	kept := url.Values{"what": {string(what)}}
	for name, values := range query {
		switch name {
		case "q", "person": // a name, an id or a text: the form has a field for each
			name = "member"
			if what == export.Warnings && !isUser(values[0]) {
				name = "text"
			}
		}
		if !narrows(what, name) {
			continue
		}
		kept.Set(name, ui.Clip(values[0], 100))
	}
	return exports.URL(guild) + "?" + kept.Encode()
}

func isUser(text string) bool {
	_, err := snowflake.Parse[snowflake.UserID](text)
	return err == nil
}
