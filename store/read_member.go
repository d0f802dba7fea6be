package store

import (
	"cmp"
	"context"
	"math"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// RunOf is a command that a member ran.
type RunOf struct {
	ID      int64 // the interaction's
	At      time.Time
	Command string
	Channel snowflake.ChannelID
	OK      bool
}

// RunsOf gives at most so many of the commands that a member ran in a guild, the newest first, after the one with the
// id before; 0 begins with the newest.
func (s *Snapshot) RunsOf(guild snowflake.GuildID, user snowflake.UserID, before int64, most int) (list []RunOf) {
	if s.err != nil {
		return nil
	}
	if before == 0 {
		before = math.MaxInt64
	}
	rows, err := s.q.ListRunsOf(s.ctx,
		db.ListRunsOfParams{GuildID: int64(guild), UserID: int64(user), Before: before, Max: int64(most)})
	s.ok("commands of a member", err)
	for _, row := range rows {
		list = append(list, RunOf{row.InteractionID, timeOf(row.At), row.Command, snowflake.ChannelID(row.ChannelID), row.Ok != 0})
	}
	return list
}

// MonthsOf gives the months in which a member was active in a guild, each by its first moment in UTC, the oldest first.
func (s *Snapshot) MonthsOf(guild snowflake.GuildID, user snowflake.UserID) (list []time.Time) {
	if s.err != nil {
		return nil
	}
	months, err := s.q.ListMonthsOf(s.ctx, db.ListMonthsOfParams{GuildID: int64(guild), UserID: int64(user)})
	s.ok("months of a member", err)
	for _, month := range months {
		list = append(list, time.Date(int(month/100), time.Month(month%100), 1, 0, 0, 0, 0, time.UTC))
	}
	return list
}

// NoteOf is a note beside a violation of a member.
type NoteOf struct {
	ID        int64
	Violation int64
	ViolationNote
}

// NotesOf gives at most so many of the notes beside a member's violations: the newest violation first, of each the oldest
// note. They come after a note, which is zero for the first page.
func (s *Snapshot) NotesOf(guild snowflake.GuildID, user snowflake.UserID, after NoteOf, most int) (list []NoteOf) {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListNotesOf(s.ctx, db.ListNotesOfParams{GuildID: int64(guild), UserID: int64(user),
		Number: cmp.Or(after.Violation, newest), NoteID: after.ID, Max: int64(most)})
	s.ok("notes about a member", err)
	for _, row := range rows {
		list = append(list, NoteOf{row.NoteID, row.Number,
			ViolationNote{At: timeOf(row.At), By: snowflake.UserID(row.MadeBy), Text: row.Text}})
	}
	return list
}

// RaidOf is a raid that had a member in it.
type RaidOf struct {
	Number         int64
	Trigger        raid.Trigger
	Started, Ended time.Time // it is on while Ended is zero
	Joined         time.Time // during the raid; zero: was there before
	Messages       int64     // how many of its clusters they wrote
}

// RaidsOf gives at most so many of the raids that had a member in them, the newest first, from before a number; 0 begins
// with the newest.
func (s *Snapshot) RaidsOf(guild snowflake.GuildID, user snowflake.UserID, before int64, most int) (list []RaidOf) {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListRaidsOf(s.ctx, db.ListRaidsOfParams{GuildID: int64(guild), UserID: int64(user),
		Before: cmp.Or(before, newest), Max: int64(most)})
	s.ok("raids of a member", err)
	for _, row := range rows {
		list = append(list, RaidOf{row.Raid, raid.Trigger(row.Trigger), timeOf(row.StartedAt), timeOf(row.EndedAt),
			timeOf(row.JoinedAt), row.Messages})
	}
	return list
}

// NoticesOf gives at most so many of what was, or is to be, said to a member or about their appeals, by kind and by what
// it is about, after one that is zero for the first page.
func (s *Snapshot) NoticesOf(
	guild snowflake.GuildID, user snowflake.UserID, after moderation.Notice, most int,
) (list []moderation.Notice) {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListNoticesOf(s.ctx, db.ListNoticesOfParams{GuildID: int64(guild), UserID: int64(user),
		Kind: string(after.Kind), Ref: after.Ref, Max: int64(most)})
	s.ok("notices to a member", err)
	for i := range rows {
		list = append(list, noticeOf(&rows[i]))
	}
	return list
}

// AssignmentOf gives the role that a member was given by name; false where there is none.
func (s *Snapshot) AssignmentOf(guild snowflake.GuildID, user snowflake.UserID) (given Assignment, there bool) {
	if s.err != nil {
		return given, false
	}
	row, err := s.q.GetAssignment(s.ctx,
		db.GetAssignmentParams{GuildID: int64(guild), Subject: string(access.SubjectMember), ID: int64(user)})
	if !s.ok("assignment", err) {
		return given, false
	}
	given = Assignment{Subject: access.Subject{Kind: access.SubjectMember, User: user}, By: snowflake.UserID(row.GivenBy),
		At: timeOf(row.GivenAt)}
	given.Role, _ = access.ParseRole(row.Role)
	return given, true
}

// NoteDossier notes in the audit log that somebody takes out all that is kept of a member. Its error is a TooMany when
// their guild's people have taken out as much within the minute as they may.
func (s *Store) NoteDossier(ctx context.Context, grant access.Grant[access.Export], user snowflake.UserID) error {
	d := deedOf(ctx, grant, "member.exported")
	d.person = user
	return s.write(ctx, func(t *tx) error {
		if err := t.mayExportNow(d.guild, t.writer.clock()); err != nil {
			return err
		}
		return t.audit(d)
	})
}
