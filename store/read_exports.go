package store

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Exports lists at most so many of what was taken out of a guild, the newest first.
func (s *Snapshot) Exports(guild snowflake.GuildID, most int) []Export {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListExports(s.ctx, db.ListExportsParams{GuildID: int64(guild), Max: int64(most)})
	s.ok("exports", err)
	return exportsOf(rows)
}

// Export gives one of a guild's exports.
func (s *Snapshot) Export(guild snowflake.GuildID, id string) (e Export, known bool) {
	if s.err != nil {
		return Export{}, false
	}
	row, err := s.q.GetExport(s.ctx, db.GetExportParams{GuildID: int64(guild), ExportID: id})
	if !s.ok("export", err) {
		return Export{}, false
	}
	return exportOf(&row), true
}

// LastRows are the newest numbers that a guild's rows have; 0 where there is none.
type LastRows struct{ Violations, Warnings, Actions, Audit int64 }

// LastRows gives the newest number of a guild's violations, warnings and audit rows and the newest id of its actions.
func (s *Snapshot) LastRows(guild snowflake.GuildID) LastRows {
	if s.err != nil {
		return LastRows{}
	}
	row, err := s.q.LastNumbers(s.ctx, int64(guild))
	s.ok("newest numbers", err)
	return LastRows(row)
}

// MostViolations says how many of a guild's violations there are at most between two times, which may be zero for no bound:
// all of the days in which these lie.
func (s *Snapshot) MostViolations(guild snowflake.GuildID, from, to time.Time) int64 {
	if s.err != nil {
		return 0
	}
	first, before, err := s.violationRange(guild, &ViolationFilter{From: from, To: to})
	if !s.ok("days of violations", err) || first >= before {
		return 0
	}
	if before == newest {
		before = s.LastRows(guild).Violations + 1
	}
	return before - first
}

// ActionFilter chooses actions. What is zero or empty chooses all.
type ActionFilter struct {
	Kind     moderation.ActionKind
	Source   moderation.Source
	Target   snowflake.UserID
	From, To time.Time // half-open
	Before   int64     // the id that the last page ended with; 0: the newest
}

// ActionList lists at most so many of a guild's actions, the newest first.
func (s *Snapshot) ActionList(guild snowflake.GuildID, f ActionFilter, most int) []ActionRow {
	if s.err != nil {
		return nil
	}
	p := db.ListActionsParams{GuildID: int64(guild), Before: newest, Kind: string(f.Kind), Source: string(f.Source),
		TargetID: int64(f.Target), Since: msOf(f.From), Until: newest, Max: int64(most)}
	if f.Before > 0 {
		p.Before = f.Before
	}
	if !f.To.IsZero() {
		p.Until = msOf(f.To)
	}
	if p.FromID = s.firstAction(p.GuildID, p.Since); p.FromID == 0 && p.Since > 0 {
		return nil
	}
	rows, err := s.q.ListActions(s.ctx, p)
	s.ok("actions", err)
	list := make([]ActionRow, len(rows))
	for i := range rows {
		list[i] = actionRowOf(&rows[i])
	}
	return list
}

// firstAction is the lowest id among a guild's actions since a time; 0 when there is none, and for the beginning.
func (s *Snapshot) firstAction(guild, since int64) int64 {
	if since == 0 || s.err != nil {
		return 0
	}
	first, err := s.q.FindFirstAction(s.ctx, db.FindFirstActionParams{GuildID: guild, Since: since})
	s.ok("first action", err)
	return first
}

// UserNames gives what users are called, each of ids but 0, known or not. Unlike Names it asks Discord for nobody and
// keeps nothing: whoever takes out a million rows must not turn the cache of all pages over.
func (s *Snapshot) UserNames(ids []snowflake.UserID) map[snowflake.UserID]Name {
	names := make(map[snowflake.UserID]Name, len(ids))
	for _, id := range ids {
		if id != 0 {
			names[id] = Name{User: moderation.User{ID: id}}
		}
	}
	if s.err != nil || len(names) == 0 {
		return names
	}
	rows, err := s.q.ListUsers(s.ctx, jsonIDs(ids))
	s.ok("names", err)
	for i := range rows {
		names[snowflake.UserID(rows[i].UserID)] = nameOf(&rows[i])
	}
	return names
}

// Knows says whether a guild has anything to tell of a user: a member now or once, or somebody in its records.
func (s *Snapshot) Knows(guild snowflake.GuildID, user snowflake.UserID) bool {
	if s.err != nil {
		return false
	}
	known, err := s.q.KnowsUser(s.ctx, db.KnowsUserParams{GuildID: int64(guild), UserID: int64(user)})
	s.ok("whether a user is known", err)
	return known != 0
}
