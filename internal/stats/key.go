package stats

import (
	"encoding/binary"

	"guildwatch/internal/snowflake"
)

// Key names a cached dashboard, and parts that depend on its period.
type Key struct {
	Guild  snowflake.GuildID
	Period Period
}

// CacheKey packs the guild's id and the period's word, which has at most 5 letters.
func (k Key) CacheKey() (packed [16]byte) {
	binary.BigEndian.PutUint64(packed[:8], uint64(k.Guild))
	copy(packed[8:], k.Period)
	return packed
}

// keysOf lists a guild's dashboards.
func keysOf(guild snowflake.GuildID) []Key {
	keys := make([]Key, 0, 4)
	for _, period := range Periods() {
		keys = append(keys, Key{guild, period})
	}
	return keys
}

// guildKey names a part that is the same for all periods.
type guildKey snowflake.GuildID

// CacheKey packs the guild's id.
func (k guildKey) CacheKey() (packed [16]byte) {
	binary.BigEndian.PutUint64(packed[:], uint64(k))
	return packed
}

func keyOf(guild snowflake.GuildID) []guildKey { return []guildKey{guildKey(guild)} }

// CacheKey is the period's word, for a part that is the same for all guilds.
func (p Period) CacheKey() (packed [16]byte) {
	copy(packed[:], p)
	return packed
}

// onlyKey names what there is one of: the overview, and each of its parts.
type onlyKey struct{}

// CacheKey is empty.
func (onlyKey) CacheKey() [16]byte { return [16]byte{} }
