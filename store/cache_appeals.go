package store

import (
	"context"
	"encoding/binary"

	"guildwatch/internal/snowflake"
)

// appealsKey is a guild whose open appeals are counted.
type appealsKey snowflake.GuildID

// CacheKey packs the guild's id.
func (k appealsKey) CacheKey() (packed [16]byte) {
	binary.BigEndian.PutUint64(packed[:], uint64(k))
	return packed
}

func newOpenAppeals(s *Store) *Cache[appealsKey, int64] {
	return NewCache(s, CacheOptions[appealsKey, int64]{
		Name: "appeals", Life: profileLife,
		Load: func(ctx context.Context, guild appealsKey) (int64, error) {
			return s.reads.CountOpenAppeals(ctx, int64(guild))
		},
		Dropped: func(c *Cache[appealsKey, int64], commit Commit) {
			for guild := range commit.Changed[MatterAppeals] {
				c.Drop(appealsKey(guild))
			}
		},
	})
}

// OpenAppeals counts a guild's open appeals. Warm it costs no query: the menu of every page shows it.
func (s *Store) OpenAppeals(ctx context.Context, guild snowflake.GuildID) (int64, error) {
	n, err := s.appeals.Get(ctx, appealsKey(guild))
	return n, unreadable(err)
}
