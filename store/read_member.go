package store

import (
	"context"
	"math"
	"time"

	"guildwatch/internal/access"
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

// NoteDossier notes in the audit log that somebody took out all that is kept of a member.
func (s *Store) NoteDossier(ctx context.Context, grant access.Grant[access.Export], user snowflake.UserID) error {
	d := deedOf(ctx, grant, "member.exported")
	d.person = user
	return s.write(ctx, func(t *tx) error { return t.audit(d) })
}
