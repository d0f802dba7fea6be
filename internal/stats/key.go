package stats

import (
	"encoding/binary"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
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

// chosenKey names figures of a time that somebody has chosen: both ends in quarters of an hour since 1970.
type chosenKey struct {
	guild       snowflake.GuildID
	from, until uint32
}

func chosenKeyOf(guild snowflake.GuildID, span store.Span) chosenKey {
	quarter := func(at time.Time) uint32 { return uint32(at.Unix() / int64(moderation.Bucket/time.Second)) }
	return chosenKey{guild, quarter(span.From), quarter(span.Until)}
}

// window is the time itself. What was asked for before it was widened to quarters is not known any more.
func (k chosenKey) window(now time.Time) Window {
	at := func(quarter uint32) time.Time {
		return time.Unix(int64(quarter)*int64(moderation.Bucket/time.Second), 0).UTC()
	}
	return chosenWindow(now, store.Span{From: at(k.from), Until: at(k.until)})
}

// CacheKey packs the guild's id and both ends.
func (k chosenKey) CacheKey() (packed [16]byte) {
	binary.BigEndian.PutUint64(packed[:8], uint64(k.guild))
	binary.BigEndian.PutUint32(packed[8:12], k.from)
	binary.BigEndian.PutUint32(packed[12:], k.until)
	return packed
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
