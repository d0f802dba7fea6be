package stats

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// Options is what figures need besides the store. Each may be left out.
type Options struct {
	Gateway    func() Gateway   // the connection to Discord, now; called on every page
	Registered func() int       // commands registered with Discord
	Clock      func() time.Time // time.Now when nil
	Logger     *slog.Logger     // slog.Default() when nil
}

// Stats computes figures and keeps them until something they show changes. It is safe for concurrent use. What it
// answers is shared with other callers: read it, never change it.
type Stats struct {
	store      *store.Store
	gateway    func() Gateway
	registered func() int
	clock      func() time.Time
	log        *slog.Logger
	overviews  *store.Cache[onlyKey, *board[Overview]]
	guilds     *store.Cache[Key, *board[Guild]]
	analyses   *store.Cache[Key, *board[Analytics]]

	chosenGuilds   *store.Cache[chosenKey, *board[Guild]]
	chosenAnalyses *store.Cache[chosenKey, *board[Analytics]]

	overviewShelves overviewShelves
	guildShelves    guildShelves
	horizon         atomic.Int64 // see reach
}

// New computes over s.
func New(s *store.Store, o Options) *Stats {
	stats := &Stats{store: s, gateway: o.Gateway, registered: o.Registered, clock: o.Clock, log: o.Logger}
	if stats.gateway == nil {
		stats.gateway = func() Gateway { return Gateway{State: "stopped"} }
	}
	if stats.registered == nil {
		stats.registered = func() int { return 0 }
	}
	if stats.clock == nil {
		stats.clock = time.Now
	}
	if stats.log == nil {
		stats.log = slog.Default()
	}
	stats.overviewShelves, stats.guildShelves = newOverviewShelves(stats), newGuildShelves(stats)
	stats.overviews = store.NewCache(s, store.CacheOptions[onlyKey, *board[Overview]]{
		Name: "overview", Life: boardLife, Load: stats.loadOverview, Dropped: dropOverview,
	})
	stats.guilds = store.NewCache(s, store.CacheOptions[Key, *board[Guild]]{
		Name: "metrics", Life: boardLife, Load: stats.loadGuild, Dropped: stats.dropGuilds,
	})
	stats.analyses = stats.newAnalyses()
	stats.chosenGuilds = keepChosen(stats, "metrics-chosen", []drops[Key]{dashboard, everyDashboard},
		func(ctx context.Context, key chosenKey) (*board[Guild], error) {
			now := stats.clock().UTC()
			return stats.guild(ctx, key.guild, key.window(now), now)
		})
	stats.chosenAnalyses = keepChosen(stats, "analytics-chosen", []drops[Key]{analysed, everyAnalysis},
		func(ctx context.Context, key chosenKey) (*board[Analytics], error) {
			now := stats.clock().UTC()
			return stats.analyseWhole(ctx, key.guild, key.window(now), now)
		})
	return stats
}

// Overview is the operator's page: all guilds together.
func (s *Stats) Overview(ctx context.Context) (*Overview, error) {
	return fresh(ctx, s, s.overviews, onlyKey{})
}

// Guild is a guild's dashboard over a window: a fault of kind NotFound for a guild that the bot is not in.
func (s *Stats) Guild(ctx context.Context, guild snowflake.GuildID, w Window) (*Guild, error) {
	if w.Period != PeriodCustom {
		return fresh(ctx, s, s.guilds, Key{guild, w.Period})
	}
	return chosenBoard(ctx, s, s.chosenGuilds, guild, w, func(g *Guild) *Window { return &g.Window })
}

// Guilds lists the guilds that the bot is in, the busiest of the last 24 hours first. It is the overview's own list.
func (s *Stats) Guilds(ctx context.Context) ([]GuildSummary, error) {
	overview, err := s.Overview(ctx)
	if err != nil {
		return nil, err
	}
	return slices.Clone(overview.Servers), nil
}

// Recent lists the newest changes of a guild, or of all for guild 0, newest first, at most limit.
func (s *Stats) Recent(ctx context.Context, guild snowflake.GuildID, limit int) ([]Line, error) {
	var changes []moderation.Change
	err := s.store.Read(ctx, func(snapshot *store.Snapshot) { changes = snapshot.Newest(guild, limit) })
	if err != nil {
		return nil, err
	}
	return s.lines(ctx, changes)
}
