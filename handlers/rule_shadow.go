package handlers

import (
	"cmp"
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/rules"
)

// ruleShadow shows what a rule in shadow mode would have done.
func (s *site) ruleShadow(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	before, err := keyset(c.QueryParam("before"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	read, err := s.readRules(ctx, grant.Guild())
	if err != nil {
		return err
	}
	row, err := read.named(c)
	if err != nil {
		return err
	}
	view := rules.Shadow{Place: read.place(grant.Role()), Row: ruleRow(row)}
	if view.Hits, err = s.readShadow(ctx, grant.Actor(), read, &row, before); err != nil {
		return err
	}
	own := rules.RuleURL(grant.Guild(), row.Number) + "/shadow"
	if len(view.Hits) > listed {
		view.Hits = view.Hits[:listed]
		view.Pages.Older = own + "?before=" + strconv.FormatInt(view.Hits[listed-1].Number, 10)
	}
	if before > 0 {
		view.Pages.Newest = own
	}
	if view.Page, err = s.guildFrame(c, grant.Actor(), read.profile, read.seq); err != nil {
		return err
	}
	return render(c, http.StatusOK, rules.ShadowPage(view))
}

// keyset reads the number that the page before ended with; 0: this is the first.
func keyset(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 1 {
		return 0, fault.New(fault.Invalid, "The page cannot be found by %.20q.", text)
	}
	return number, nil
}

// readShadow lists what a rule recorded in shadow mode before a number, one more than a page has.
func (s *site) readShadow(
	ctx context.Context, actor access.Actor, read *rulesRead, row *store.RuleRow, before int64,
) (hits []rules.ShadowHit, err error) {
	var found []store.ViolationRow
	var versions []store.RuleVersion
	guild := read.profile.Guild.ID
	if err := s.Store.Read(ctx, func(now *store.Snapshot) {
		found = now.Violations(guild, store.ViolationFilter{Rule: "rule:" + strconv.FormatInt(row.Number, 10),
			State: moderation.StateShadow, Before: before}, listed+1)
		versions = now.RuleVersions(guild, row.Number)
	}); err != nil {
		return nil, err
	}
	would := map[int64]string{row.Version: rules.Follows(&row.Rule)}
	for i := range versions {
		would[versions[i].Version] = rules.Follows(&versions[i].Rule)
	}
	channels := map[snowflake.ChannelID]string{}
	for _, channel := range read.channels {
		channels[channel.ID] = channel.Name
	}
	var ids []snowflake.UserID
	for i := range found {
		ids = append(ids, found[i].User)
	}
	people, err := s.people(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	for i := range found {
		v := &found[i]
		hits = append(hits, rules.ShadowHit{Number: v.Number, At: v.At, Person: people[v.User], Channel: channels[v.Channel],
			Text: cmp.Or(v.Content, v.Keyword), Follows: cmp.Or(would[v.Version], would[row.Version])})
	}
	return hits, nil
}
