package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/export"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/ui"
	"guildwatch/views/warnings"
)

// warningsListed is how many warnings a page of the list has.
const warningsListed = 50

// warnings lists the marks against a guild's members, newest first, a page at a time.
func (s *site) warnings(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	asked, err := warningsAskedOf(grant.Guild(), c.QueryParams())
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	read, err := s.readWarnings(ctx, grant.Actor(), grant.Guild(), asked.filter, warningsListed+1)
	if err != nil {
		return err
	}
	list := s.warningList(read, asked, grant.Role())
	list.Export = exportLink(grant.Role(), grant.Guild(), export.Warnings, c.QueryParams())
	if region := regionOf(c); region != "" {
		if region != string(warnings.Region) {
			return noRegion()
		}
		return render(c, http.StatusOK, warnings.Listed(list))
	}
	view := warnings.View{Filter: asked.form, List: list}
	if number := c.QueryParam("clear"); number != "" && list.May.Manage {
		if view.Clear, err = s.clearing(ctx, grant.Actor(), grant.Guild(), number); err != nil {
			return err
		}
	}
	return s.showWarnings(c, http.StatusOK, grant.Actor(), read, view)
}

func (s *site) showWarnings(c echo.Context, status int, actor access.Actor, read *warningsRead,
	view warnings.View) error {
	var err error
	if view.Page, err = s.guildFrame(c, actor, read.profile, read.seq); err != nil {
		return err
	}
	if c.Request().Method == http.MethodPost {
		view.Page.Home = warnings.URL(view.List.Guild)
	}
	view.Page.Flash = cleared(c.QueryParam("cleared"))
	return render(c, status, warnings.Page(view))
}

// cleared says how many warnings were just cleared.
func cleared(text string) string {
	switch n, err := strconv.ParseUint(text, 10, 31); {
	case err != nil:
		return ""
	case n == 1:
		return "One warning was cleared."
	default:
		return ui.Count(int64(n)) + " warnings were cleared."
	}
}

// warningsAsked is what a visitor wants to see of the list.
type warningsAsked struct {
	filter store.WarningFilter
	form   warnings.Filter
}

func warningsAskedOf(guild snowflake.GuildID, query url.Values) (asked warningsAsked, err error) {
	asked.form = warnings.Filter{Guild: guild, Text: ui.Clip(strings.TrimSpace(query.Get("q")), 100),
		State: query.Get("state")}
	if asked.filter.Before, err = rowNumber(query.Get("before")); err != nil {
		return asked, err
	}
	if asked.filter.Cleared, err = clearedState(asked.form.State); err != nil {
		return asked, err
	}
	asked.filter.Text = asked.form.Text
	if user, err := snowflake.Parse[snowflake.UserID](asked.form.Text); err == nil {
		asked.filter.User, asked.filter.Text = user, ""
	}
	return asked, nil
}

// clearedState reads whether warnings that were cleared are asked for, those that count, or (nil) both.
func clearedState(text string) (cleared *bool, err error) {
	yes := text == warnings.StateCleared
	switch text {
	case "":
		return nil, nil
	case warnings.StateCleared, warnings.StateCounting:
		return &yes, nil
	}
	return nil, fault.New(fault.Invalid, "The state %.20q is not known; use counting or cleared.", text)
}

// address is the page of the list after the warning before, 0 for the first one, with the same filter.
func (a *warningsAsked) address(before int64) string {
	query := url.Values{}
	for name, value := range map[string]string{"q": a.form.Text, "state": a.form.State} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if before != 0 {
		query.Set("before", strconv.FormatInt(before, 10))
	}
	if len(query) == 0 {
		return warnings.URL(a.form.Guild)
	}
	return warnings.URL(a.form.Guild) + "?" + query.Encode()
}

// warningsRead is a part of a guild's warnings and who is in it, all of one moment.
type warningsRead struct {
	names
	profile store.Profile
	rows    []store.WarningRow
	seq     int64
}

func (s *site) readWarnings(
	ctx context.Context, actor access.Actor, guild snowflake.GuildID, f store.WarningFilter, most int,
) (*warningsRead, error) {
	read, there := &warningsRead{}, false
	err := s.Store.Read(ctx, func(now *store.Snapshot) {
		if read.profile, there = now.Profile(guild); there {
			read.rows, read.seq = now.Warnings(guild, f, most), now.Seq()
		}
	})
	if err == nil && !there {
		err = noGuild()
	}
	if err != nil {
		return nil, err
	}
	var users []snowflake.UserID
	for _, row := range read.rows {
		users = append(users, row.User, row.By, row.ClearedBy)
	}
	read.names, err = s.named(ctx, actor, nil, users)
	return read, err
}

func (n names) warning(row *store.WarningRow) warnings.Row {
	return warnings.Row{Warning: row.Warning, Who: n.people[row.User], Giver: n.people[row.By],
		Clearer:     n.people[row.ClearedBy],
		ClearReason: row.ClearReason}
}

func (s *site) warningList(read *warningsRead, asked warningsAsked, role access.Role) warnings.List {
	list := warnings.List{Place: s.place(asked.form.Guild, role, read.profile.TimeZone, read.seq),
		Narrowed: asked.form.Set()}
	for i := range read.rows {
		if i == warningsListed {
			list.Older = asked.address(read.rows[i-1].Number)
			break
		}
		list.Rows = append(list.Rows, read.warning(&read.rows[i]))
	}
	if asked.filter.Before != 0 {
		list.Newest = asked.address(0)
	}
	return list
}

// clearing is the form for one warning. One that was cleared says so, in place of the form.
func (s *site) clearing(
	ctx context.Context, actor access.Actor, guild snowflake.GuildID, text string,
) (*warnings.ClearForm, error) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 1 {
		return nil, noWarning()
	}
	read, err := s.readWarnings(ctx, actor, guild, store.WarningFilter{Before: number + 1}, 1)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(read.rows, func(row store.WarningRow) bool { return row.Number == number })
	if at < 0 {
		return nil, noWarning()
	}
	return &warnings.ClearForm{Row: read.warning(&read.rows[at])}, nil
}

func noWarning() error { return fault.New(fault.NotFound, "There is no such warning here.") }
