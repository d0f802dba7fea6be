package feed

import (
	"context"
	"reflect"
	"time"

	"guildwatch/internal/frame"
	"guildwatch/internal/live"
	"guildwatch/internal/stats"
	"guildwatch/views/guild"
	"guildwatch/views/overview"
)

// panels is what a topic's panels were last sent with.
type panels struct {
	looked   time.Time
	sent     map[frame.Name]time.Time
	guild    *stats.Guild
	overview *stats.Overview
}

// Watching notes that somebody opened a topic's first stream: live.Options.Watching. Its panels go out at the next
// look.
func (f *Feed) Watching(topic live.Topic) {
	f.mu.Lock()
	f.watched[topic] = &panels{sent: map[frame.Name]time.Time{}}
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// keepPanels looks at every watched topic's figures at its pace and sends the panels that have changed, or grown old.
func (f *Feed) keepPanels(ctx context.Context) {
	tick := time.NewTicker(guildPace)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-f.wake:
		}
		for topic, last := range f.due() {
			f.guard("panels of "+topic.String(), func() { f.restate(ctx, topic, last) })
		}
	}
}

// due lists the watched topics whose pace has come round, and forgets those that nobody watches any more.
func (f *Feed) due() map[live.Topic]*panels {
	f.mu.Lock()
	defer f.mu.Unlock()
	now, due := f.clock(), map[live.Topic]*panels{}
	for topic, last := range f.watched {
		if !f.hub.Watched(topic) {
			delete(f.watched, topic)
			continue
		}
		pace := overviewPace
		if _, own := topic.Guild(); own {
			pace = guildPace
		}
		// A tick that comes a little early must not double the pace.
		if now.Sub(last.looked) >= pace-pace/10 {
			last.looked = now
			due[topic] = last
		}
	}
	return due
}

func (f *Feed) restate(ctx context.Context, topic live.Topic, last *panels) {
	var frames []live.Frame
	if id, own := topic.Guild(); own {
		now, err := f.stats.Guild(ctx, id, stats.Last(stats.PeriodDay))
		if err != nil {
			f.log.Warn("feed: a guild's figures could not be had", "guild", id, "err", err)
			return
		}
		frames = f.guildPanels(ctx, topic, last, now)
		last.guild = now
	} else {
		now, err := f.stats.Overview(ctx)
		if err != nil {
			f.log.Warn("feed: the overview's figures could not be had", "err", err)
			return
		}
		frames = f.overviewPanels(ctx, topic, last, now)
		last.overview = now
	}
	if len(frames) > 0 {
		f.hub.Publish(topic, frames...)
	}
}

func (f *Feed) guildPanels(ctx context.Context, topic live.Topic, last *panels, now *stats.Guild) []live.Frame {
	if topic.JSON() {
		var frames []live.Frame
		if last.stale(frame.MetricsUpdate, f.clock(), last.guild != now) {
			frames = f.encode(frame.MetricsUpdate, f.announced.Load(), now.Metrics())
		}
		if last.stale(frame.HealthUpdate, f.clock(), last.guild == nil || last.guild.Health != now.Health) {
			frames = append(frames, f.encode(frame.HealthUpdate, f.announced.Load(), now.HealthAnswer())...)
		}
		return frames
	}
	var frames []live.Frame
	for _, name := range guild.Regions() {
		if name.Class() != frame.Panel {
			continue
		}
		if last.stale(name, f.clock(), last.guild == nil || !reflect.DeepEqual(guildShows(name, last.guild), guildShows(name, now))) {
			frames = append(frames, f.render(ctx, name, f.announced.Load(), guild.Region(name, *now))...)
		}
	}
	return frames
}

func (f *Feed) overviewPanels(ctx context.Context, topic live.Topic, last *panels, now *stats.Overview) []live.Frame {
	if topic.JSON() {
		if !last.stale(frame.Stats, f.clock(), last.overview != now) {
			return nil
		}
		return f.encode(frame.Stats, f.announced.Load(), now.Public())
	}
	var frames []live.Frame
	for _, name := range overview.Regions() {
		if name.Class() != frame.Panel {
			continue
		}
		if last.stale(name, f.clock(), last.overview == nil || !reflect.DeepEqual(overviewShows(name, last.overview), overviewShows(name, now))) {
			frames = append(frames, f.render(ctx, name, f.announced.Load(), overview.Region(name, *now))...)
		}
	}
	return frames
}

// stale says whether a panel is to be sent, because it changed or because its last frame has grown old, and notes the
// sending.
func (p *panels) stale(name frame.Name, now time.Time, changed bool) bool {
	if !changed && now.Sub(p.sent[name]) < restate {
		return false
	}
	p.sent[name] = now
	return true
}

// guildShows is what a region shows of a dashboard: a region is sent again only when this differs.
func guildShows(name frame.Name, g *stats.Guild) any {
	switch name {
	case frame.PanelCards:
		return [...]any{g.Messages, g.Commands, g.Joins, g.Leaves, g.Actions, g.Violations, g.Active, g.Latency, g.Rate,
			g.ResponseMedian, g.ResponseP95, g.Repeat}
	case frame.PanelHealth:
		return g.Health
	case frame.PanelFound:
		return [...]any{g.FoundBySource, g.FoundByKind}
	case frame.PanelSeverity:
		return g.Severity
	case frame.PanelOffenders:
		return [...]any{g.Offenders, g.Repeat}
	case frame.PanelActivity:
		return g.Activity
	case frame.PanelSources:
		return g.BySource
	case frame.PanelKinds:
		return [...]any{g.ByKind, g.Endings}
	case frame.PanelTargets:
		return g.Targets
	case frame.PanelGaps:
		return g.Gaps
	case frame.PanelChecklist:
		return g.Checklist
	}
	return g // a region this list does not know is sent whenever anything changes
}

// overviewShows is guildShows for the operator's page.
func overviewShows(name frame.Name, o *stats.Overview) any {
	switch name {
	case frame.PanelCards:
		return [...]any{o.Guilds, o.Users, o.Commands, o.Latency, o.Registered, o.LastCommand}
	case frame.PanelActivity:
		return o.Activity
	case frame.PanelServers:
		return o.Servers
	case frame.PanelGateway:
		return o.Gateway
	}
	return o
}
