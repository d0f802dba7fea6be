package store

import (
	"encoding/json"
	"slices"
	"strings"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// knownBatch is how many deeds one query looks for.
const knownBatch = 2000

// KnownDeeds says how many of the deeds TakeOver would leave as they are: those that are there already, and those that
// stand among the others twice.
func (s *Snapshot) KnownDeeds(guild snowflake.GuildID, deeds []Deed) (known, twice int64) {
	there, seen := map[string]bool{}, make(map[string]bool, len(deeds))
	for batch := range slices.Chunk(deeds, knownBatch) {
		if s.err != nil {
			return 0, 0
		}
		origins := make([]string, len(batch))
		for i := range batch {
			origins[i] = importOrigin + batch[i].Key
		}
		list, err := json.Marshal(origins)
		if err != nil {
			s.err = err
			return 0, 0
		}
		found, err := s.q.ListKnownOrigins(s.ctx, db.ListKnownOriginsParams{GuildID: int64(guild), Origins: string(list)})
		s.ok("known deeds", err)
		for _, origin := range found {
			there[strings.TrimPrefix(origin, importOrigin)] = true
		}
	}
	for i := range deeds {
		switch key := deeds[i].Key; {
		case there[key]:
			known++
		case seen[key]:
			twice++
		default:
			seen[key] = true
		}
	}
	return known, twice
}
