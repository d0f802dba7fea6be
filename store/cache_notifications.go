package store

import (
	"context"
	"encoding/binary"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// unseenMost bounds what is remembered of a guild: 50 for each of twenty people.
const unseenMost = 1000

// unseenKey is a guild whose people were told something that they have not seen.
type unseenKey snowflake.GuildID

// CacheKey packs the guild's id.
func (k unseenKey) CacheKey() (packed [16]byte) {
	binary.BigEndian.PutUint64(packed[:], uint64(k))
	return packed
}

func newUnseen(s *Store) *Cache[unseenKey, map[snowflake.UserID][]Notification] {
	return NewCache(s, CacheOptions[unseenKey, map[snowflake.UserID][]Notification]{
		Name: "notifications", Life: profileLife,
		Load: func(ctx context.Context, guild unseenKey) (map[snowflake.UserID][]Notification, error) {
			rows, err := s.reads.ListUnseen(ctx, db.ListUnseenParams{GuildID: int64(guild), Max: unseenMost})
			if err != nil || len(rows) == 0 {
				return nil, err
			}
			unseen := map[snowflake.UserID][]Notification{}
			for _, row := range rows {
				user := snowflake.UserID(row.UserID)
				unseen[user] = append(unseen[user], Notification{Number: row.Number, At: timeOf(row.At), Kind: row.Kind,
					Subject: row.Subject, About: row.About})
			}
			return unseen, nil
		},
		Dropped: func(c *Cache[unseenKey, map[snowflake.UserID][]Notification], commit Commit) {
			for guild := range commit.Changed[MatterNotifications] {
				c.Drop(unseenKey(guild))
			}
		},
	})
}

// Unseen is what a user was told in a guild and has not seen, the oldest first. Warm it costs no query: every page of the
// guild asks.
func (s *Store) Unseen(
	ctx context.Context, guild snowflake.GuildID, user snowflake.UserID,
) ([]Notification, error) {
	unseen, err := s.unseen.Get(ctx, unseenKey(guild))
	return unseen[user], unreadable(err)
}
