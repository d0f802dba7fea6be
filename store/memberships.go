package store

import (
	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
)

// Mine gives what a user is in each guild where they are something, as far as Discord has told: see Standing.
func (s *Snapshot) Mine(user snowflake.UserID) map[snowflake.GuildID]access.Role {
	rows, err := s.q.ListGuildsOf(s.ctx, int64(user))
	s.ok("guilds of a user", err)
	mine := make(map[snowflake.GuildID]access.Role, len(rows))
	for _, id := range rows {
		standing, _ := s.standing(snowflake.GuildID(id), user)
		if role := standing.Role(); role > access.None {
			mine[snowflake.GuildID(id)] = role
		}
	}
	return mine
}
