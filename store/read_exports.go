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

// ActionFilter chooses actions. What is zero or empty chooses all.
type ActionFilter struct {
	Kind     moderation.ActionKind
	Source   moderation.Source
	Target   snowflake.UserID
	From, To time.Time // half-open
	First    int64     // no id below it
	Before   int64     // the id that the last page ended with; 0: the newest
}

// ActionList lists at most so many of a guild's actions, the newest first.
func (s *Snapshot) ActionList(guild snowflake.GuildID, f ActionFilter, most int) []ActionRow {
	if s.err != nil {
		return nil
	}
	p := db.ListActionsParams{GuildID: int64(guild), Before: newest, FromID: f.First, Kind: string(f.Kind), Source: string(f.Source),
		TargetID: int64(f.Target), Since: msOf(f.From), Until: newest, Max: int64(most)}
	if f.Before > 0 {
		p.Before = f.Before
	}
	if !f.To.IsZero() {
		p.Until = msOf(f.To)
	}
	rows, err := s.q.ListActions(s.ctx, p)
	s.ok("actions", err)
	list := make([]ActionRow, len(rows))
	for i := range rows {
		list[i] = actionRowOf(&rows[i])
	}
	return list
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
