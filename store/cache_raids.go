package store

import (
	"context"
	"encoding/binary"

	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// raidKey is a guild of which is asked whether raid mode is on.
type raidKey snowflake.GuildID

// CacheKey packs the guild's id.
func (k raidKey) CacheKey() (packed [16]byte) {
	binary.BigEndian.PutUint64(packed[:], uint64(k))
	return packed
}

func newRaidsOn(s *Store) *Cache[raidKey, int64] {
	return NewCache(s, CacheOptions[raidKey, int64]{
		Name: "raids", Life: profileLife,
		Load: func(ctx context.Context, guild raidKey) (int64, error) {
			rows, err := s.reads.ListRaids(ctx, db.ListRaidsParams{GuildID: int64(guild), Before: newest, Max: 1})
			if err != nil || len(rows) == 0 {
				return 0, err
			}
			if state := raid.State(rows[0].State); state != raid.Planned && state != raid.Raised {
				return 0, nil
			}
			return rows[0].Number, nil
		},
		Dropped: func(c *Cache[raidKey, int64], commit Commit) {
			for guild := range commit.Changed[MatterRaids] {
				c.Drop(raidKey(guild))
			}
		},
	})
}

// RaidOn is the number of the raid for which a guild's raid mode is on; 0: it is off. Warm it costs no query: every page
// of the guild shows it.
func (s *Store) RaidOn(ctx context.Context, guild snowflake.GuildID) (number int64, err error) {
	number, err = s.raidsOn.Get(ctx, raidKey(guild))
	return number, unreadable(err)
}
