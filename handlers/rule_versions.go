package handlers

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/rules"
)

// ruleVersions shows what a rule was, with what each version changed.
func (s *site) ruleVersions(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	ctx := c.Request().Context()
	read, err := s.readRules(ctx, grant.Guild())
	if err != nil {
		return err
	}
	row, err := read.named(c)
	if err != nil {
		return err
	}
	view := rules.Versions{Place: read.place(grant.Role()), Rule: row.Rule}
	if view.Rows, err = s.readVersions(ctx, grant.Actor(), read, row.Number); err != nil {
		return err
	}
	if view.Page, err = s.guildFrame(c, grant.Actor(), read.profile, read.seq); err != nil {
		return err
	}
	return render(c, http.StatusOK, rules.VersionsPage(view))
}

func (s *site) readVersions(
	ctx context.Context, actor access.Actor, read *rulesRead, number int64,
) (rows []rules.Version, err error) {
	var versions []store.RuleVersion
	if err := s.Store.Read(ctx, func(now *store.Snapshot) {
		versions = now.RuleVersions(read.profile.Guild.ID, number)
	}); err != nil {
		return nil, err
	}
	var ids []snowflake.UserID
	for _, v := range versions {
		if v.By != 0 {
			ids = append(ids, v.By)
		}
	}
	people, err := s.people(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	for i, v := range versions {
		one := rules.Version{Number: v.Version, At: v.At, By: people[v.By], Note: v.Note}
		if i+1 < len(versions) {
			one.Changes = rules.Differences(&versions[i+1].Rule, &versions[i].Rule, read.names())
		}
		rows = append(rows, one)
	}
	return rows, nil
}
