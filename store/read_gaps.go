package store

import (
	"slices"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Gaps lists the gaps in coverage that overlap a span, newest first, at most limit: those that a guild shares with the whole
// instance and its own; Everywhere, those of every guild.
func (s *Snapshot) Gaps(guild snowflake.GuildID, span Span, limit int) []moderation.Gap {
	if s.err != nil {
		return nil
	}
	since, until := span.ms()
	most := int64(limit)
	if guild == Everywhere {
		rows, err := s.q.ListAllGaps(s.ctx, db.ListAllGapsParams{Since: since, Until: until, Max: most})
		s.ok("gaps", err)
		return gapsOf(rows)
	}
	own, err := s.q.ListGaps(s.ctx, db.ListGapsParams{GuildID: int64(guild), Since: since, Until: until, Max: most})
	s.ok("gaps of a guild", err)
	shared, err := s.q.ListGaps(s.ctx, db.ListGapsParams{GuildID: int64(Everywhere), Since: since, Until: until, Max: most})
	s.ok("gaps of the instance", err)
	list := append(gapsOf(own), s.readBack(guild, shared)...)
	slices.SortStableFunc(list, func(a, b moderation.Gap) int { return b.To.Compare(a.To) })
	return list[:min(limit, len(list))]
}

// OpenGaps lists the gaps of a guild and of the whole instance that have not ended, the first one first: their To is zero.
func (s *Snapshot) OpenGaps(guild snowflake.GuildID) []moderation.Gap {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListOpenGaps(s.ctx, int64(guild))
	s.ok("open gaps", err)
	list := gapsOf(rows)
	slices.SortFunc(list, func(a, b moderation.Gap) int { return a.From.Compare(b.From) })
	return list
}

// Absences lists when the bot was not in a guild between two stays, the first one first.
func (s *Snapshot) Absences(guild snowflake.GuildID) (list []Span) {
	if s.err != nil {
		return nil
	}
	stays, err := s.q.ListStays(s.ctx, int64(guild))
	s.ok("stays", err)
	for i := 1; i < len(stays); i++ {
		if left := stays[i-1].LeftAt; left != 0 && left < stays[i].JoinedAt {
			list = append(list, Span{From: timeOf(left), Until: timeOf(stays[i].JoinedAt)})
		}
	}
	return list
}

// readBack gives the gaps of the instance with what was read back of them in a guild.
func (s *Snapshot) readBack(guild snowflake.GuildID, rows []db.Gap) []moderation.Gap {
	list := gapsOf(rows)
	if len(rows) == 0 {
		return list
	}
	first, last := rows[0].GapID, rows[0].GapID
	for _, row := range rows {
		first, last = min(first, row.GapID), max(last, row.GapID)
	}
	sums, err := s.q.SumReadings(s.ctx, db.SumReadingsParams{GuildID: int64(guild), First: first, Last: last})
	s.ok("what was read back", err)
	for _, sum := range sums {
		for i := range rows {
			if rows[i].GapID == sum.GapID {
				list[i].Read = moderation.ReadBack{
					Channels: sum.Channels, Messages: sum.Messages, Entries: sum.Entries,
					Open: sum.Open, Refused: sum.Refused, Left: sum.Unread,
				}
			}
		}
	}
	return list
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
