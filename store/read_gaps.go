package store

import (
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Gaps lists the gaps in coverage that end after since, newest first, at most limit: those that a guild shares with the
// whole instance and its own; Everywhere, those of every guild.
func (s *Snapshot) Gaps(guild snowflake.GuildID, since time.Time, limit int) []moderation.Gap {
	if s.err != nil {
		return nil
	}
	after, most := since.UnixMilli(), int64(limit)
	if guild == Everywhere {
		rows, err := s.q.ListAllGaps(s.ctx, db.ListAllGapsParams{Since: after, Max: most})
		s.ok("gaps", err)
		return gapsOf(rows)
	}
	own, err := s.q.ListGaps(s.ctx, db.ListGapsParams{GuildID: int64(guild), Since: after, Max: most})
	s.ok("gaps of a guild", err)
	shared, err := s.q.ListGaps(s.ctx, db.ListGapsParams{GuildID: int64(Everywhere), Since: after, Max: most})
	s.ok("gaps of the instance", err)
	list := append(gapsOf(own), gapsOf(shared)...)
	slices.SortStableFunc(list, func(a, b moderation.Gap) int { return b.To.Compare(a.To) })
	return list[:min(limit, len(list))]
}

func gapsOf(rows []db.Gap) []moderation.Gap {
	list := make([]moderation.Gap, 0, len(rows))
	for _, row := range rows {
		list = append(list, moderation.Gap{
			Guild: snowflake.GuildID(row.GuildID), From: timeOf(row.FromAt), To: timeOf(row.ToAt), Reason: row.Reason,
			Dropped: row.Dropped,
		})
	}
	return list
}
