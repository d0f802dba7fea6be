package stats

import (
	"context"

	"guildwatch/internal/snowflake"
)

// People gives users as pages show them, each of ids but 0. It never waits for Discord: who is not known shows by
// number.
func (s *Stats) People(
	ctx context.Context, ids []snowflake.UserID,
) (map[snowflake.UserID]Person, error) {
	names, err := s.store.Names().Look(ctx, ids)
	if err != nil {
		return nil, err
	}
	people := make(map[snowflake.UserID]Person, len(ids))
	for _, id := range ids {
		if id != 0 {
			people[id] = person(names, id)
		}
	}
	return people, nil
}
