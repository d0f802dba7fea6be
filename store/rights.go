package store

import (
	"encoding/binary"
	"sync"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// rightsLife bounds how long a standing is kept unused. It never grows wrong by the clock: commits drop it.
const rightsLife = time.Hour

// rightsKey is a person in a guild.
type rightsKey moderation.Presence

// CacheKey packs both ids.
func (k rightsKey) CacheKey() (packed [16]byte) {
	binary.BigEndian.PutUint64(packed[:8], uint64(k.Guild))
	binary.BigEndian.PutUint64(packed[8:], uint64(k.User))
	return packed
}

// rights is what is known of a person's rights in a guild.
type rights struct {
	access.Standing
	known bool
}

func newRights(s *Store) *Cache[rightsKey, rights] {
	return NewCache(s, CacheOptions[rightsKey, rights]{
		Name: "rights", Life: rightsLife, Load: s.loadRights,
		Dropped: func(c *Cache[rightsKey, rights], commit Commit) {
			for who := range commit.Rights {
				if who.User == 0 {
					// A Discord role or the guild itself: rare enough to load the few who are signed in anew.
					c.Clear()
					return
				}
				c.Drop(rightsKey(who))
			}
		},
	})
}

// changedRights notes that what a person may do in a guild may have changed; user 0 is everybody there.
func (t *tx) changedRights(guild snowflake.GuildID, user snowflake.UserID) {
	if t.touched.Rights == nil {
		t.touched.Rights = map[moderation.Presence]struct{}{}
	}
	t.touched.Rights[moderation.Presence{Guild: guild, User: user}] = struct{}{}
	t.changed(MatterTeam, guild)
}

// rightsWatch tells of rights that may have changed.
type rightsWatch struct {
	mu  sync.RWMutex
	fns []func(guild snowflake.GuildID, user snowflake.UserID)
}

// OnRights has fn told of each person whose rights in a guild may have changed, user 0 being everybody there: after the
// commit, when Standing already answers by it, and before those who wait for the commit go on. All calls come from one
// goroutine, which fn must not block.
func (s *Store) OnRights(fn func(guild snowflake.GuildID, user snowflake.UserID)) {
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	s.watch.fns = append(s.watch.fns, fn)
}

func (w *rightsWatch) heard(commit Commit) {
	if len(commit.Rights) == 0 {
		return
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	for _, fn := range w.fns {
		for who := range commit.Rights {
			fn(who.Guild, who.User)
		}
	}
}
