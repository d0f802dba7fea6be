package store

import (
	"context"
	"encoding/binary"
	"time"

	"guildwatch/internal/snowflake"
)

// profileLife is how long a guild's name and settings are kept without asking the table again.
const profileLife = 10 * time.Minute

type profileKey snowflake.GuildID

// CacheKey packs the guild's id.
func (k profileKey) CacheKey() (packed [16]byte) {
	binary.BigEndian.PutUint64(packed[:], uint64(k))
	return packed
}

func newProfiles(s *Store) *Cache[profileKey, Profile] {
	return NewCache(s, CacheOptions[profileKey, Profile]{
		Name: "config",
		Life: profileLife,
		Dropped: func(c *Cache[profileKey, Profile], commit Commit) {
			for guild := range commit.Changed[MatterConfig] {
				c.Drop(profileKey(guild))
			}
		},
	})
}

// Profile gives what is known about one guild, a left one too; known is false for one that was never seen. From the
// cache it costs no memory: a page asks for every guild that its visitor might open.
func (s *Store) Profile(ctx context.Context, guild snowflake.GuildID) (profile Profile, known bool, err error) {
	if profile, known = s.profiles.peek(profileKey(guild)); known {
		s.profiles.hits.Add(1)
		return profile, true, nil
	}
	found, err := s.Profiles(ctx, []snowflake.GuildID{guild})
	profile, known = found[guild]
	return profile, known, err
}

// Profiles gives what is known about guilds, left ones too, from the cache or in one query. Unknown guilds are not in
// the answer.
func (s *Store) Profiles(ctx context.Context, guilds []snowflake.GuildID) (map[snowflake.GuildID]Profile, error) {
	keys := make([]profileKey, len(guilds))
	for i, guild := range guilds {
		keys[i] = profileKey(guild)
	}
	found, err := s.profiles.Many(ctx, keys, s.loadProfiles)
	if err != nil {
		return nil, err
	}
	profiles := make(map[snowflake.GuildID]Profile, len(found))
	for key, profile := range found {
		profiles[snowflake.GuildID(key)] = profile
	}
	return profiles, nil
}

func (s *Store) loadProfiles(ctx context.Context, missing []profileKey) (map[profileKey]Profile, error) {
	found := make(map[profileKey]Profile, len(missing))
	err := s.Read(ctx, func(snapshot *Snapshot) {
		rows, err := snapshot.q.ListGuilds(ctx, jsonIDs(missing))
		snapshot.ok("guilds by id", err)
		for _, row := range rows {
			found[profileKey(row.GuildID)] = profileOf(row)
		}
	})
	return found, err
}
