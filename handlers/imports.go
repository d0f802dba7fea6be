package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"guildwatch/internal/access"
	"guildwatch/internal/casefile"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/views/imports"
)

const (
	// uploads is the one route that takes a file, and so a larger body than all others.
	uploads       = "/g/:guild_id/imports"
	importsListed = 50
	samplesShown  = 10
)

// limitBody takes bodies of at most 1 MB; where somebody brings a file along, of 9.
func limitBody(next echo.HandlerFunc) echo.HandlerFunc {
	small, large := middleware.BodyLimit("1M")(next), middleware.BodyLimit("9M")(next)
	return func(c echo.Context) error {
		if c.Path() != uploads || c.Request().Method != http.MethodPost {
			return small(c)
		}
		if err := large(c); !errors.Is(err, echo.ErrStatusRequestEntityTooLarge) {
			return err
		}
		return fault.New(fault.TooLarge, "The file is larger than 8 MB. Split it.")
	}
}

// imports shows what was taken over from other bots, and the form for a file.
func (s *site) imports(c echo.Context, grant access.Grant[access.UpdateSettings]) error {
	list, profile, err := s.importList(c.Request().Context(), grant)
	if err != nil {
		return err
	}
	if region := regionOf(c); region != "" {
		if region != string(imports.Region) {
			return noRegion()
		}
		return render(c, http.StatusOK, imports.History(list))
	}
	return s.showImports(c, http.StatusOK, grant, profile, list, imports.Form{Guild: grant.Guild()})
}

func (s *site) showImports(c echo.Context, status int, grant access.Grant[access.UpdateSettings], profile store.Profile,
	list imports.List, form imports.Form) error {
	page, err := s.guildFrame(c, grant.Actor(), profile, list.Seq)
	if err != nil {
		return err
	}
	return render(c, status, imports.Page(imports.View{Page: page, Form: form, List: list}))
}

func (s *site) importList(
	ctx context.Context, grant access.Grant[access.UpdateSettings],
) (list imports.List, profile store.Profile, err error) {
	there := false
	var rows []store.TakenOver
	list = imports.List{Guild: grant.Guild(), At: s.now()}
	err = s.Store.Read(ctx, func(now *store.Snapshot) {
		if profile, there = now.Profile(list.Guild); there {
			rows, list.Seq = now.Imports(list.Guild, importsListed), now.Seq()
		}
	})
	if err == nil && !there {
		err = noGuild()
	}
	if err != nil {
		return list, profile, err
	}
	list.TimeZone = profile.TimeZone
	var by []snowflake.UserID
	for i := range rows {
		by = append(by, rows[i].By)
	}
	people, err := s.Stats.People(ctx, by)
	for i := range rows {
		list.Rows = append(list.Rows, s.importRow(&rows[i], people))
	}
	return list, profile, err
}

func (s *site) importRow(from *store.TakenOver, people map[snowflake.UserID]stats.Person) imports.Row {
	return imports.Row{Number: from.Number, Format: from.Format, Name: from.Name, By: people[from.By], At: from.At,
		State: string(from.State), Rows: from.Rows, Known: from.Known, Skipped: from.Skipped,
		Held: s.Store.ImportHeld(from.Guild, from.Number)}
}

// bringFile keeps a file to be looked at, if anything can be read in it.
func (s *site) bringFile(c echo.Context, grant access.Grant[access.UpdateSettings]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	name, data, err := fileOf(c)
	if err == nil {
		data, err = casefile.Text(data) // what is kept must name people readably: erasing one looks for them
	}
	if err == nil {
		_, err = casefile.Read(casefile.Format(form.Get("format")), data, casefile.Mapping{})
	}
	var number int64
	if err == nil {
		number, err = s.Store.DraftImport(c.Request().Context(), grant, form.Get("format"), name, data)
	}
	if err == nil {
		return c.Redirect(http.StatusSeeOther, imports.RowURL(grant.Guild(), number))
	}
	kind := fault.Of(err)
	if kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	list, profile, wrong := s.importList(c.Request().Context(), grant)
	if wrong != nil {
		return wrong
	}
	status := http.StatusUnprocessableEntity
	if kind == fault.Conflict {
		status = http.StatusConflict
	}
	back := imports.Form{Guild: grant.Guild(), Format: form.Get("format"), Problem: problemOf(err).sentence}
	return s.showImports(c, status, grant, profile, list, back)
}

// fileOf is the file that came with a form.
func fileOf(c echo.Context) (name string, data []byte, err error) {
	header, err := c.FormFile("file")
	if err != nil {
		return "", nil, fault.New(fault.Invalid, "Choose a file.")
	}
	file, err := header.Open()
	if err != nil {
		return "", nil, fault.Wrap(err, fault.Invalid, "The file could not be read.")
	}
	defer file.Close()
	data, err = io.ReadAll(io.LimitReader(file, casefile.MaxSize+1))
	if name = fileName(header.Filename); err != nil {
		err = fault.Wrap(err, fault.Invalid, "The file could not be read.")
	}
	return name, data, err
}

// importOf is the import that a path names, with its file.
func (s *site) importOf(c echo.Context, guild snowflake.GuildID) (row store.TakenOver, data []byte, profile store.Profile, seq int64, err error) {
	number, err := strconv.ParseInt(c.Param("import"), 10, 64)
	known := false
	if err == nil {
		err = s.Store.Read(c.Request().Context(), func(now *store.Snapshot) {
			profile, _ = now.Profile(guild)
			row, data, known = now.Import(guild, number)
			seq = now.Seq()
		})
	} else {
		err = nil
	}
	if err == nil && !known {
		err = fault.New(fault.NotFound, "There is no such import here.")
	}
	return row, data, profile, seq, err
}

// importPage shows one file: what is in it before it is taken over, and what became of it.
func (s *site) importPage(c echo.Context, grant access.Grant[access.UpdateSettings]) error {
	return s.showImport(c, http.StatusOK, grant, casefile.Mapping{}, "")
}

func (s *site) showImport(
	c echo.Context, status int, grant access.Grant[access.UpdateSettings], mapping casefile.Mapping, problem string,
) error {
	row, data, profile, seq, err := s.importOf(c, grant.Guild())
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	preview := imports.Preview{List: imports.List{Guild: grant.Guild(), At: s.now(), Seq: seq, TimeZone: profile.TimeZone}, Problem: problem}
	users := []snowflake.UserID{row.By}
	var shown []casefile.Case
	if len(data) > 0 {
		file, err := casefile.Read(casefile.Format(row.Format), data, begunAs(&row, mapping))
		if err != nil && fault.Of(err) != fault.Invalid {
			return err
		}
		if err := s.Store.Read(ctx, func(now *store.Snapshot) {
			preview.Known, preview.Twice = now.KnownDeeds(grant.Guild(), deedsOf(file.Cases))
			preview.KeptDays = now.Retention(grant.Guild()).Rows
		}); err != nil {
			return err
		}
		preview.Always, preview.Unnamed = casefile.TableKinds(), int64(file.Unnamed)
		preview.Old = olderThan(file.Cases, s.now(), preview.KeptDays)
		preview.Columns, preview.Mapping = file.Columns, imports.Mapping(file.Mapping)
		for _, kind := range moderation.ActionKinds() {
			n := int64(0)
			for i := range file.Cases {
				if file.Cases[i].Kind == kind {
					n++
				}
			}
			if n > 0 {
				preview.Kinds = append(preview.Kinds, imports.Kind{Kind: kind, N: n})
			}
		}
		for _, bad := range file.Bad {
			preview.Bad = append(preview.Bad, imports.Bad(bad))
		}
		row.Skipped = int64(file.Skipped)
		shown = file.Cases[max(0, len(file.Cases)-samplesShown):]
		slices.Reverse(shown)
		for i := range shown {
			users = append(users, shown[i].User, shown[i].By)
		}
	}
	people, err := s.Stats.People(ctx, users)
	if err != nil {
		return err
	}
	for i := range shown {
		sample := imports.Sample{Kind: shown[i].Kind, Who: people[shown[i].User], At: shown[i].At, Reason: shown[i].Reason}
		if shown[i].By != 0 {
			sample.By = people[shown[i].By]
		}
		preview.Samples = append(preview.Samples, sample)
	}
	preview.Row = s.importRow(&row, people)
	if preview.Page, err = s.guildFrame(c, grant.Actor(), profile, seq); err != nil {
		return err
	}
	return render(c, status, imports.PreviewPage(preview))
}

// decideImport takes a file over, drops it, takes it back, or looks again at a table with other columns.
func (s *site) decideImport(c echo.Context, grant access.Grant[access.UpdateSettings]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	row, data, _, _, err := s.importOf(c, grant.Guild())
	if err != nil {
		return err
	}
	ctx, mapping := c.Request().Context(), mappingOf(form)
	back := imports.RowURL(grant.Guild(), row.Number)
	switch form.Get("do") {
	case "look":
		return s.showImport(c, http.StatusOK, grant, mapping, "")
	case "drop":
		err, back = s.Store.DropImport(ctx, grant, row.Number), imports.URL(grant.Guild())
	case "undo":
		err = s.Store.UndoImport(context.WithoutCancel(ctx), grant, row.Number)
	case "import":
		err = s.takeOver(ctx, grant, &row, data, mapping)
	default:
		return fault.New(fault.Unprocessable, "Press one of the buttons.")
	}
	switch fault.Of(err) {
	case fault.Invalid:
		return s.showImport(c, http.StatusUnprocessableEntity, grant, mapping, problemOf(err).sentence)
	case fault.Conflict:
		return s.showImport(c, http.StatusConflict, grant, mapping, problemOf(err).sentence)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, back)
}

// takeOver takes a file over. It goes on when the visitor goes away: half of a file is worth little.
func (s *site) takeOver(ctx context.Context, grant access.Grant[access.UpdateSettings], row *store.TakenOver, data []byte,
	mapping casefile.Mapping) error {
	if len(data) == 0 {
		return fault.New(fault.Conflict, "This file was taken over already.")
	}
	file, err := casefile.Read(casefile.Format(row.Format), data, begunAs(row, mapping))
	if err != nil {
		return err
	}
	if len(file.Cases) == 0 {
		return fault.New(fault.Invalid, "There is nothing in this file that could be taken over.")
	}
	_, err = s.Store.TakeOver(context.WithoutCancel(ctx), grant, row.Number, file.Mapping, deedsOf(file.Cases), file.Skipped)
	return err
}

// begunAs is the mapping with which a broken-off import goes on: as it was begun.
func begunAs(row *store.TakenOver, mapping casefile.Mapping) casefile.Mapping {
	if row.State == store.ImportRunning && row.Mapping != nil {
		_ = json.Unmarshal(row.Mapping, &mapping)
	}
	return mapping
}

func deedsOf(cases []casefile.Case) []store.Deed {
	deeds := make([]store.Deed, len(cases))
	for i, from := range cases {
		deeds[i] = store.Deed{Key: from.Key, Kind: from.Kind, User: from.User, By: from.By, At: from.At, Reason: from.Reason}
	}
	return deeds
}

// olderThan counts the deeds that the next daily clean-up deletes, as they are older than a guild keeps rows. Kicks and bans
// stay.
func olderThan(cases []casefile.Case, now time.Time, days int) (n int64) {
	if days == 0 {
		return 0
	}
	before := now.AddDate(0, 0, -days)
	for i := range cases {
		c := &cases[i]
		if !c.At.IsZero() && c.At.Before(before) && c.Kind != moderation.ActionKick && c.Kind != moderation.ActionBan {
			n++
		}
	}
	return n
}

// mappingOf is what a form says of a table's columns.
func mappingOf(form url.Values) casefile.Mapping {
	return casefile.Mapping{User: form.Get("user_column"), Kind: form.Get("kind_column"), At: form.Get("at_column"),
		By: form.Get("by_column"), Reason: form.Get("reason_column"), Always: form.Get("kind_always")}
}
