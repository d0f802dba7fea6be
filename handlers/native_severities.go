package handlers

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/rules"
)

// severities shows how severe hits of Discord's own rules are, as a form to those who may change it.
func (s *site) severities(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	table, err := s.nativeSeverities(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	return s.showSeverities(c, http.StatusOK, grant.Actor(), grant.Guild(), grant.Role(), rules.NativeTable{
		Table: table, Was: asRated(table)})
}

// saveSeverities sets how severe hits of Discord's own rules are, from now on.
func (s *site) saveSeverities(c echo.Context, grant access.Grant[access.UpdateRules]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	chosen, seen := moderation.NativeSeverities{}, moderation.NativeSeverities{}
	for _, catch := range moderation.NativeCatches() {
		if severity := form.Get(string(catch)); severity != "" {
			chosen[catch] = moderation.Severity(severity)
		}
	}
	if json.Unmarshal([]byte(form.Get("was")), &seen) != nil {
		seen = nil // what nobody was shown does not hold
	}
	ctx := c.Request().Context()
	if seen == nil {
		err = fault.New(fault.Conflict, "Somebody was faster. Look at what holds, then save again.")
	} else {
		err = s.Store.SaveNativeSeverities(ctx, grant, seen, chosen)
	}
	kind := fault.Of(err)
	if err == nil {
		return toNatives(c, grant.Guild())
	} else if kind != fault.Conflict && kind != fault.Invalid {
		return err
	}
	now, unread := s.nativeSeverities(ctx, grant.Guild())
	if unread != nil {
		return unread
	}
	back := rules.NativeTable{Table: now, Was: asRated(now), Problem: problemOf(err).sentence}
	status := http.StatusUnprocessableEntity
	if kind == fault.Conflict {
		maps.Copy(now, chosen)
		status = http.StatusConflict
	}
	return s.showSeverities(c, status, grant.Actor(), grant.Guild(), grant.Role(), back)
}

func (s *site) nativeSeverities(
	ctx context.Context, guild snowflake.GuildID,
) (table moderation.NativeSeverities, err error) {
	err = s.Store.Read(ctx, func(now *store.Snapshot) { table = now.NativeSeverities(guild) })
	return table, err
}

func (s *site) showSeverities(
	c echo.Context, status int, actor access.Actor, guild snowflake.GuildID, role access.Role, table rules.NativeTable,
) error {
	read, err := s.readRules(c.Request().Context(), guild)
	if err != nil {
		return err
	}
	table.Place = read.place(role)
	if table.Page, err = s.guildFrame(c, actor, read.profile, read.seq); err != nil {
		return err
	}
	return render(c, status, rules.SeveritiesPage(table))
}

// asRated is what a form remembers of the table that it was made from, to notice that somebody was faster.
func asRated(table moderation.NativeSeverities) string {
	text, err := json.Marshal(table)
	if err != nil { // strings encode
		return ""
	}
	return string(text)
}

// hasNative answers NotFound for a rule that is none of the guild's, before Discord is asked about it.
func (s *site) hasNative(ctx context.Context, guild snowflake.GuildID, id snowflake.RuleID) error {
	there := false
	err := s.Store.Read(ctx, func(now *store.Snapshot) { _, there = now.NativeRule(guild, id) })
	if err == nil && !there {
		err = fault.New(fault.NotFound, "There is no such AutoMod rule here.")
	}
	return err
}
