package stats

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// boardLife is how long a board may be served at most; it rarely lives so long, see fresh.
const boardLife = 5 * time.Minute

// board is a cached page's figures and what they were computed from besides rows. A commit drops it when it shows what
// the commit changed. What else could make it wrong is checked at every use: the clock, names and the connection to
// Discord.
type board[T any] struct {
	value   T
	until   time.Time // a window moves then
	gateway Gateway
	people  []Person // everybody shown
	names   atomic.Uint64
}

func newBoard[T any](s *Stats, now time.Time, gateway Gateway) *board[T] {
	b := &board[T]{until: now.Truncate(moderation.Bucket / 2).Add(moderation.Bucket / 2), gateway: gateway}
	// Taken before the names are read: one that changes meanwhile makes the board look again.
	b.names.Store(s.store.Names().Version())
	return b
}

// fresh serves a board that is right at this moment. Every window begins on a bucket and the previous one's length
// turns half a bucket later, so between two such moments only commits can change a figure: a board served without a
// query is what computing it anew would give.
func fresh[K store.CacheKey, T any](
	ctx context.Context, s *Stats, cache *store.Cache[K, *board[T]], key K,
) (*T, error) {
	b, err := cache.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	if right, err := b.right(ctx, s); err != nil {
		return nil, err
	} else if !right {
		cache.DropIf(key, b)
		if b, err = cache.Get(ctx, key); err != nil {
			return nil, err
		}
	}
	return &b.value, nil
}

// right says whether the board may still be served.
func (b *board[T]) right(ctx context.Context, s *Stats) (bool, error) {
	if !s.clock().Before(b.until) || !b.gateway.same(s.gateway()) {
		return false, nil
	}
	version := s.store.Names().Version()
	if version == b.names.Load() {
		return true, nil
	}
	ids := make([]snowflake.UserID, len(b.people))
	for i, person := range b.people {
		ids[i] = person.ID
	}
	names, err := s.store.Names().Look(ctx, ids)
	if err != nil {
		return false, err
	}
	for _, person := range b.people {
		if personOf(names[person.ID]) != person {
			return false, nil
		}
	}
	b.names.Store(version)
	return true, nil
}

func (g Gateway) same(other Gateway) bool {
	return g.State == other.State && g.Since.Equal(other.Since) && g.Problem == other.Problem &&
		slices.Equal(g.Missing, other.Missing)
}

// chosenLimit is how many chosen times are kept of all guilds: the regions of one page ask for the same one after another, and
// so do all who look at it.
const chosenLimit = 100

// keepChosen makes the cache of chosen times. Nothing tells which of them a commit changes, so each commit that changes what
// such pages show forgets them all.
func keepChosen[T any](
	s *Stats, name string, shown []drops[Key], load func(ctx context.Context, key chosenKey) (*board[T], error),
) *store.Cache[chosenKey, *board[T]] {
	var matters []store.Matter
	for _, drops := range shown {
		matters = slices.Concat(matters, drops.any, drops.past)
	}
	return store.NewCache(s.store, store.CacheOptions[chosenKey, *board[T]]{Name: name, Life: boardLife, Limit: chosenLimit,
		Load: load, Dropped: func(c *store.Cache[chosenKey, *board[T]], commit store.Commit) {
			if slices.ContainsFunc(matters, func(m store.Matter) bool { return len(commit.Changed[m]) > 0 }) {
				c.Clear()
			}
		}})
}

// chosenBoard serves the board of a chosen time, as it was asked for.
func chosenBoard[T any](
	ctx context.Context, s *Stats, cache *store.Cache[chosenKey, *board[T]], guild snowflake.GuildID, w Window,
	window func(*T) *Window,
) (*T, error) {
	kept, err := fresh(ctx, s, cache, chosenKeyOf(guild, w.Span))
	if err != nil {
		return nil, err
	}
	asked := *kept
	window(&asked).Asked = w.Asked
	return &asked, nil
}

// dropOverview forgets the overview whenever anything has changed: it shows everything.
func dropOverview(c *store.Cache[onlyKey, *board[Overview]], commit store.Commit) {
	for _, changed := range commit.Changed {
		if len(changed) > 0 {
			c.Clear()
			return
		}
	}
}

// dashboard drops the pages of a guild.
var dashboard = drops[Key]{of: keysOf, any: []store.Matter{
	store.MatterCounters, store.MatterActions, store.MatterViolations, store.MatterMonths, store.MatterTargets,
	store.MatterOffenders, store.MatterLines, store.MatterGaps, store.MatterConfig, store.MatterTeam,
}}

// everyDashboard drops the pages of all guilds: the latency on them, and since when figures are whole.
var everyDashboard = drops[Key]{any: []store.Matter{store.MatterBeats}, past: []store.Matter{store.MatterCounters}}

func (s *Stats) dropGuilds(c *store.Cache[Key, *board[Guild]], commit store.Commit) {
	dashboard.hear(commit, s.horizon.Load(), c.Drop, c.Clear)
	everyDashboard.hear(commit, s.horizon.Load(), c.Drop, c.Clear)
}
