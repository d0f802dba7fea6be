package stats

import (
	"context"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// A page is put together from parts. Each is cached under a key of its own and dropped by a commit that changes what it
// shows: after a flush of messages the counters of the running bucket are read again, and nothing else. Sums are kept
// in two parts for that, one over the buckets that are over, which a late event alone can change, and one over the
// bucket that is running.

// part is one cached part of pages.
type part[V any] struct {
	value   V
	tick    int64  // when it was read: windows move between ticks
	commits uint64 // at most so many are in it
	seq     int64  // the last change in it
}

// tickOf numbers the halves of buckets. Every window begins on a bucket, and the length of the one before turns half a
// bucket later: within a tick only commits change a figure.
func tickOf(now time.Time) int64 { return now.UnixNano() / int64(moderation.Bucket/2) }

// shelf caches one kind of part.
type shelf[K store.CacheKey, V any] struct {
	cache *store.Cache[K, *part[V]]
	read  func(snapshot *store.Snapshot, now time.Time, key K) V
}

// shelve makes a shelf. The name counts its hits and misses.
func shelve[K store.CacheKey, V any](
	s *Stats, name string, drops drops[K], read func(*store.Snapshot, time.Time, K) V,
) *shelf[K, V] {
	return &shelf[K, V]{read: read, cache: store.NewCache(s.store, store.CacheOptions[K, *part[V]]{
		Name: name, Life: boardLife, Dropped: func(c *store.Cache[K, *part[V]], commit store.Commit) {
			drops.hear(commit, s.horizon.Load(), c.Drop, c.Clear)
		},
	})}
}

// gathering is one page's parts being collected, as they all were at one moment.
type gathering struct {
	now     time.Time
	tick    int64
	told    uint64 // commits that every cache had heard of before the first part was looked for
	seq     int64  // the last change in any of the parts
	missing bool
	fill    *store.Fill // nil while only caches are asked
	keep    bool        // what caches gave fits to the fill
}

// gather collects a page's parts: recipe takes each. What caches have is right after as many commits as they had all
// heard of before. What they do not have is read from one snapshot; if a commit may lie between the two, everything is.
// It gives the seq of the newest change that the parts are sure to show.
func gather[P any](
	ctx context.Context, s *Stats, now time.Time, recipe func(g *gathering, parts *P) error,
) (parts P, seq int64, err error) {
	s.reach(now)
	g := gathering{now: now, tick: tickOf(now), told: s.store.Told()}
	if err = recipe(&g, &parts); err != nil || !g.missing {
		return parts, g.seq, err
	}
	err = s.store.Fill(ctx, func(fill *store.Fill) error {
		g.fill, g.keep, g.seq = fill, fill.Commits == g.told, fill.LastSeq
		return recipe(&g, &parts)
	})
	return parts, g.seq, err
}

// take puts the part under key into place.
func (h *shelf[K, V]) take(g *gathering, key K, place **part[V]) {
	if g.fill == nil {
		found, ok := h.cache.Look(key, func(p *part[V]) bool { return p.tick == g.tick && p.commits <= g.told })
		if !ok {
			g.missing = true
			return
		}
		*place, g.seq = found, max(g.seq, found.seq)
		return
	}
	if *place != nil && g.keep {
		return
	}
	value := h.read(g.fill.Snapshot, g.now, key)
	*place = &part[V]{value: value, tick: g.tick, commits: g.fill.Commits, seq: g.fill.LastSeq}
	store.Put(g.fill, h.cache, key, *place)
}

// reach notes the newest bucket that any part takes for the running one. Only a change of what is older can make a part
// over finished buckets wrong.
func (s *Stats) reach(now time.Time) {
	running := moderation.BucketOf(now).UnixMilli()
	for {
		before := s.horizon.Load()
		if before >= running || s.horizon.CompareAndSwap(before, running) {
			return
		}
	}
}

// drops says which commits drop a part.
type drops[K store.CacheKey] struct {
	any  []store.Matter // whenever one of these has changed
	past []store.Matter // when one has changed in a bucket or month that was over, or long ago
	ago  time.Duration  // how long ago that is
	// of gives the keys that a guild's part is kept under; nil for a part of all guilds.
	of func(guild snowflake.GuildID) []K
}

func (d drops[K]) hear(commit store.Commit, horizon int64, drop func(K), everything func()) {
	forget := func(matter store.Matter, guild snowflake.GuildID) {
		if d.of == nil || guild == store.Everywhere && matter == store.MatterGaps {
			everything()
			return
		}
		for _, key := range d.of(guild) {
			drop(key)
		}
	}
	for _, matter := range d.any {
		for guild := range commit.Changed[matter] {
			forget(matter, guild)
		}
	}
	for _, matter := range d.past {
		for guild, until := range commit.Changed[matter] {
			if until <= horizon-d.ago.Milliseconds() {
				forget(matter, guild)
			}
		}
	}
}
