package store

import (
	"strings"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// WarningFilter chooses warnings. What is zero or empty chooses all.
type WarningFilter struct {
	User    snowflake.UserID
	Text    string // in the reason, or in the member's name where User is 0
	Cleared *bool  // only those that were cleared, or only those that count; nil: both
	Before  int64  // the number that the last page ended with; 0: the newest
}

// WarningRow is a warning, and why it was cleared if it was.
type WarningRow struct {
	moderation.Warning
	ClearReason string
	Action      int64 // the id of the action that it came with
}

// Warnings lists at most so many of a guild's warnings, the newest first.
func (s *Snapshot) Warnings(guild snowflake.GuildID, f WarningFilter, most int) []WarningRow {
	if s.err != nil {
		return nil
	}
	p := db.ListWarningsParams{GuildID: int64(guild), Before: newest, Cleared: -1, Text: lowerASCII(f.Text), Max: int64(most)}
	if f.Before > 0 {
		p.Before = f.Before
	}
	if f.Cleared != nil {
		p.Cleared = bit(*f.Cleared)
	}
	list := []WarningRow{}
	if f.User != 0 {
		rows, err := s.q.ListWarningsOf(s.ctx, db.ListWarningsOfParams{GuildID: p.GuildID, UserID: int64(f.User),
			Before: p.Before, Cleared: p.Cleared, Text: p.Text, Max: p.Max})
		s.ok("warnings of a member", err)
		for i := range rows {
			list = append(list, warningRow(db.GetWarningRow(rows[i])))
		}
		return list
	}
	rows, err := s.q.ListWarnings(s.ctx, p)
	s.ok("warnings", err)
	for i := range rows {
		list = append(list, warningRow(db.GetWarningRow(rows[i])))
	}
	return list
}

func warningRow(row db.GetWarningRow) WarningRow {
	return WarningRow{
		Warning: moderation.Warning{
			Number: row.Number, User: snowflake.UserID(row.UserID), At: timeOf(row.At), By: snowflake.UserID(row.GivenBy),
			Source: moderation.Source(row.Source), Violation: row.Violation, Reason: row.Reason,
			Cleared: timeOf(row.ClearedAt), ClearedBy: snowflake.UserID(row.ClearedBy),
		},
		ClearReason: row.ClearReason, Action: row.ActionID,
	}
}

// lowerASCII is SQLite's lower().
func lowerASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, strings.TrimSpace(text))
}
