package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"unicode"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// calls gives every name that the database knows of the member, folded: what they are called in the guild and on
// Discord, and what they were called when that broke a rule. No other name from before is kept.
func (e *eraser) calls() (names []string) {
	q, ctx := e.Queries, e.ctx
	member, err := q.GetMember(ctx, db.GetMemberParams{GuildID: e.guild, UserID: e.user})
	if !errors.Is(err, sql.ErrNoRows) {
		e.do(err)
	}
	users, err := q.ListUsers(ctx, jsonIDs([]snowflake.UserID{snowflake.UserID(e.user)}))
	e.do(err)
	flagged, err := q.ListFlaggedNames(ctx, db.ListFlaggedNamesParams{GuildID: e.guild, UserID: e.user})
	e.do(err)
	known := append(flagged, member.Nick)
	for _, user := range users {
		known = append(known, user.Name, user.GlobalName)
	}
	seen := map[string]bool{"": true}
	for _, text := range known {
		for name := range strings.SplitSeq(text, "\n") { // the record of a violation has a line for each name
			if name = fold(strings.TrimSpace(name)); !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// searched takes from the history of exports what was searched for where it says one of the member's names.
func (e *eraser) searched(names []string) {
	rows, err := e.ListSearches(e.ctx, e.guild)
	e.do(err)
	for _, row := range rows {
		var filter ExportFilter
		e.do(json.Unmarshal([]byte(row.Filter), &filter))
		if e.err == nil && saysAny(fold(filter.Text), names) {
			e.do(e.EraseSearch(e.ctx, db.EraseSearchParams{Now: msOf(e.writer.clock()), Problem: narrowedByNobody,
				GuildID: e.guild, ExportID: row.ExportID}))
		}
	}
}

// saysAny says whether a text has one of the names in it. A name of one or two letters must stand there as a word: "al"
// is in half of what people search for.
func saysAny(text string, names []string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	for _, name := range names {
		if len([]rune(name)) > 2 && strings.Contains(text, name) || text == name {
			return true
		}
		for _, word := range words {
			if word == name {
				return true
			}
		}
	}
	return false
}

// fold makes one of upper and lower case, the Kelvin sign and the long s among them.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, text)
}
