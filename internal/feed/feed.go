// Package feed is the one announcer: it takes committed changes in the order of their seq, renders each once, and
// publishes the bytes to everybody who watches. It also renders what a returning page missed, and the panels whose
// figures move.
package feed

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"guildwatch/internal/live"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// The pace of panels: how often a watched page's figures are looked at, and how old an unchanged panel may grow before
// it is sent again, so that a quiet guild's page stays fresh (it turns stale after two minutes).
const (
	guildPace    = time.Second
	overviewPace = 5 * time.Second
	restate      = 30 * time.Second
)

// batch is how many changes are announced at once: a burst is rendered in pieces, so that its first line leaves at
// once.
const batch = 256

// Feed announces. Make it with New, give its Backfill and Watching to the hub, then Run it.
type Feed struct {
	store *store.Store
	stats *stats.Stats
	clock func() time.Time
	log   *slog.Logger

	hub       *live.Hub
	announced atomic.Int64 // seq of the last change published: what a panel frame may carry as its number
	panics    atomic.Int64
	wake      chan struct{} // a page has opened: look at panels now

	mu      sync.Mutex
	watched map[live.Topic]*panels // what each watched topic was last sent
}

// New makes a feed over the store's changes and the figures of stats. A nil clock is time.Now.
func New(st *store.Store, figures *stats.Stats, clock func() time.Time, log *slog.Logger) *Feed {
	if clock == nil {
		clock = time.Now
	}
	return &Feed{store: st, stats: figures, clock: clock, log: log, wake: make(chan struct{}, 1), watched: map[live.Topic]*panels{}}
}

// Run announces through hub until ctx ends or the store is closed. It begins after the newest change: what was before
// is backfill.
func (f *Feed) Run(ctx context.Context, hub *live.Hub) error {
	f.hub = hub
	f.announced.Store(f.store.LastSeq())
	var parts sync.WaitGroup
	parts.Go(func() { f.keepPanels(ctx) })
	err := f.announce(ctx)
	parts.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// Announced is the seq of the last change that was published.
func (f *Feed) Announced() int64 { return f.announced.Load() }

// Panics is how often rendering failed so badly that a frame was left out.
func (f *Feed) Panics() int64 { return f.panics.Load() }

func (f *Feed) announce(ctx context.Context) error {
	for {
		changes, err := f.store.NextChanges(ctx, f.announced.Load(), batch)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			f.log.Error("feed: changes could not be read", "after", f.announced.Load(), "err", err)
			if !pause(ctx, time.Second) {
				return ctx.Err()
			}
			continue
		}
		f.guard("changes", func() { f.publish(ctx, f.stats.Lines(ctx, changes)) })
		f.announced.Store(changes[len(changes)-1].Seq)
	}
}

// publish sends each line to the topics that show it, in order. Lines of one topic go out in one call.
func (f *Feed) publish(ctx context.Context, lines []stats.Line) {
	frames := map[live.Topic][]live.Frame{}
	var order []live.Topic
	for _, line := range lines {
		for _, topic := range topics(line.Guild) {
			if !f.hub.Watched(topic) {
				continue
			}
			made := f.frames(ctx, topic, line)
			if len(made) > 0 && frames[topic] == nil {
				order = append(order, topic)
			}
			frames[topic] = append(frames[topic], made...)
		}
	}
	for _, topic := range order {
		f.hub.Publish(topic, frames[topic]...)
	}
	f.tell(ctx, lines)
	f.part(lines)
}

// part ends the streams of guilds that the bot has left: from then on they are nobody's to see.
func (f *Feed) part(lines []stats.Line) {
	for _, line := range lines {
		if line.Kind != moderation.ChangeGuild || line.Label != moderation.GuildLeft {
			continue
		}
		f.hub.End(func(_ snowflake.UserID, topic live.Topic) bool {
			guild, own := topic.Guild()
			return own && guild == line.Guild
		}, live.GuildLeft, "guildwatch is no longer in this server.")
	}
}

// topics are the streams that a change of guild belongs to; what concerns the whole instance is on the overview alone.
func topics(guild snowflake.GuildID) []live.Topic {
	all := []live.Topic{live.Overview(), live.OverviewJSON()}
	if guild != 0 {
		all = append(all, live.Guild(guild), live.GuildJSON(guild))
	}
	return all
}

// Backfill renders the changes of topic after seq, for a page that comes back: live.Options.Backfill.
func (f *Feed) Backfill(ctx context.Context, topic live.Topic, after int64, limit int) ([]live.Frame, bool, error) {
	if whole, err := f.store.Replayable(ctx, after); err != nil || !whole {
		return nil, false, err
	}
	guild, _ := topic.Guild()
	changes, err := f.store.ChangesAfter(ctx, guild, after, limit+1)
	if err != nil || len(changes) > limit {
		return nil, false, err
	}
	var frames []live.Frame
	for _, line := range f.stats.Lines(ctx, changes) {
		frames = append(frames, f.frames(ctx, topic, line)...)
	}
	return frames, true, nil
}

// guard runs fn and keeps a panic in a template from ending the process: the frame is left out, logged and counted.
func (f *Feed) guard(what string, fn func()) {
	defer func() {
		if reason := recover(); reason != nil {
			f.panics.Add(1)
			f.log.Error("feed: rendering failed", "what", what, "reason", reason, "stack", string(debug.Stack()))
		}
	}()
	fn()
}

// pause waits and says whether to go on.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
