package store

import (
	"context"
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

const (
	nameLife  = time.Hour      // in the cache
	nameStale = 24 * time.Hour // in the table: older is still shown, and asked again
)

// Name is what a user is called.
type Name struct {
	moderation.User
	Known   bool      // false: not learned yet
	Gone    bool      // Discord says there is no such user any more
	Fetched time.Time // when this was last true
}

// erasedName is the name of whoever stands in the place of somebody who was erased: the row's number leads to nobody.
func erasedName(nobody snowflake.UserID) Name {
	return Name{User: moderation.User{ID: nobody}, Gone: true}
}

// Display is the name to show, whatever is known: "Deleted User #123456" for the gone, "User #123456" for the unknown,
// with the last six digits of the id, and "Erased member #1234" for those whose data was erased.
func (n Name) Display() string {
	switch {
	case n.ID < 0:
		return "Erased member #" + snowflake.Tail(-n.ID)
	case n.Gone:
		return "Deleted User #" + snowflake.Tail(n.ID)
	case n.Known && n.User.Display() != "":
		return n.User.Display()
	}
	return "User #" + snowflake.Tail(n.ID)
}

// Names knows what users are called, by three tiers: a cache for an hour, the users table, Discord. Nobody ever waits
// for the third: what is known is answered at once, and who asked for more is told when it was learned. All methods are
// safe for concurrent use.
type Names struct {
	store   *Store
	cache   *Cache[userKey, Name]
	version atomic.Uint64

	queue chan snowflake.UserID

	mu      sync.Mutex
	asked   map[snowflake.UserID]struct{}  // queued or in flight: one call for each user, however many ask
	resting map[snowflake.UserID]time.Time // just asked, with or without success: not again before
	learned []func([]snowflake.UserID)
}

type userKey snowflake.UserID

// CacheKey packs the user's id.
func (k userKey) CacheKey() (packed [16]byte) {
	binary.BigEndian.PutUint64(packed[:], uint64(k))
	return packed
}

func newNames(s *Store) *Names {
	n := &Names{
		store: s,
		// As many as the cache holds; who does not fit is asked for when shown again.
		queue:   make(chan snowflake.UserID, cacheLimit),
		asked:   map[snowflake.UserID]struct{}{},
		resting: map[snowflake.UserID]time.Time{},
	}
	n.cache = NewCache(s, CacheOptions[userKey, Name]{Name: "user", Life: nameLife, Dropped: n.dropped})
	return n
}

// Names knows what users are called.
func (s *Store) Names() *Names { return s.names }

// Look gives the names of ids, each of them, known or not, from the cache or in one query. Those that are unknown or
// older than a day are asked from Discord meanwhile, if Run is running.
func (n *Names) Look(ctx context.Context, ids []snowflake.UserID) (map[snowflake.UserID]Name, error) {
	keys := make([]userKey, 0, len(ids))
	for _, id := range ids {
		if id > 0 {
			keys = append(keys, userKey(id))
		}
	}
	found, err := n.cache.Many(ctx, keys, n.load)
	if err != nil {
		return nil, err
	}
	now := n.store.clock()
	names := make(map[snowflake.UserID]Name, len(found))
	for _, id := range ids {
		if id < 0 {
			names[id] = erasedName(id)
		}
	}
	for key, name := range found {
		names[snowflake.UserID(key)] = name
		if now.Sub(name.Fetched) > nameStale {
			n.ask(name.ID, now)
		}
	}
	return names, nil
}

// Version changes whenever what some user is called may have changed. A page that keeps names looks again when it
// moved.
func (n *Names) Version() uint64 { return n.version.Load() }

// OnLearned has fn called with the users whose names Discord has just told, after they are stored. It must not block.
// Set it up before Run.
func (n *Names) OnLearned(fn func([]snowflake.UserID)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.learned = append(n.learned, fn)
}

func (n *Names) dropped(c *Cache[userKey, Name], commit Commit) {
	for id := range commit.Users {
		c.Drop(userKey(id))
	}
	if len(commit.Users) > 0 {
		n.version.Add(1)
	}
}

// load reads the table. Who is not there is remembered as unknown, so that a feed full of strangers asks the table
// once.
func (n *Names) load(ctx context.Context, missing []userKey) (map[userKey]Name, error) {
	found := make(map[userKey]Name, len(missing))
	for _, key := range missing {
		found[key] = Name{User: moderation.User{ID: snowflake.UserID(key)}}
	}
	err := n.store.Read(ctx, func(s *Snapshot) {
		rows, err := s.q.ListUsers(ctx, jsonIDs(missing))
		s.ok("users", err)
		for _, row := range rows {
			found[userKey(row.UserID)] = nameOf(&row)
		}
	})
	return found, err
}

func nameOf(row *db.User) Name {
	return Name{
		User: moderation.User{
			ID: snowflake.UserID(row.UserID), Name: row.Name, Global: row.GlobalName, Avatar: row.Avatar, Bot: row.Bot != 0,
		},
		Known: row.Gone == 0, Gone: row.Gone != 0, Fetched: timeOf(row.FetchedAt),
	}
}
