package store

import (
	"time"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// ActiveUsers counts the users who were last active at or after since, which lies on a bucket, in a guild that they
// have not left.
func (s *Snapshot) ActiveUsers(since time.Time) int64 {
	if s.err != nil {
		return 0
	}
	n, err := s.q.SumActiveUsers(s.ctx, since.UnixMilli())
	s.ok("active users", err)
	return n
}

// ActiveInMonth counts the distinct users active in the UTC calendar month of t, in a guild or Everywhere.
func (s *Snapshot) ActiveInMonth(guild snowflake.GuildID, t time.Time) int64 {
	if s.err != nil {
		return 0
	}
	month := monthOf(t.UnixMilli())
	n, err := s.q.FindActiveMonth(s.ctx, db.FindActiveMonthParams{GuildID: int64(guild), Month: month})
	s.ok("active members of a month", err)
	return n
}

// LastCommand is when a command was last run; zero when none was.
func (s *Snapshot) LastCommand() time.Time {
	if s.err != nil {
		return time.Time{}
	}
	at, err := s.q.FindLastCommand(s.ctx)
	s.ok("last command", err)
	return timeOf(at)
}
