package store

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Seq is the last committed change that the snapshot includes; 0 before the first.
func (s *Snapshot) Seq() int64 {
	if s.err != nil {
		return 0
	}
	seq, err := s.q.LastChange(s.ctx)
	s.ok("last change", err)
	return seq
}

// Newest lists the newest changes of a guild, or Everywhere of all, newest first, at most limit.
func (s *Snapshot) Newest(guild snowflake.GuildID, limit int) []moderation.Change {
	if s.err != nil {
		return nil
	}
	var rows []db.Change
	var err error
	if guild == Everywhere {
		rows, err = s.q.ListNewestChanges(s.ctx, int64(limit))
	} else {
		rows, err = s.q.ListNewestGuildChanges(s.ctx,
			db.ListNewestGuildChangesParams{GuildID: int64(guild), Max: int64(limit)})
	}
	s.ok("newest changes", err)
	list := make([]moderation.Change, 0, len(rows))
	for i := range rows {
		list = append(list, changeOf(&rows[i]))
	}
	return list
}
