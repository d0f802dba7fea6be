package feed

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/a-h/templ"

	"guildwatch/internal/frame"
	"guildwatch/internal/live"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/event"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// frames is what topic's streams get of one line. The overview is the operator's, who has no right in any guild: its
// lines name nobody.
func (f *Feed) frames(ctx context.Context, topic live.Topic, line stats.Line) []live.Frame {
	_, own := topic.Guild()
	switch {
	case silent(line.Kind) && !own:
		return nil
	case own && !topic.JSON() && line.Kind == moderation.ChangeRaidChanged:
		return f.raidOn(ctx, line)
	case own && (topic.JSON() || silent(line.Kind)):
		return f.script(line)
	case topic.JSON():
		return f.encode(frame.Event, line.Seq, stats.PublicOf(line.Change))
	}
	item := event.Item{Line: line.Anonymous(), Now: f.clock()}
	if own {
		item = event.Item{Line: line, Now: f.clock(), Zone: ui.Zone(line.TimeZone)}
	}
	frames := f.render(ctx, frame.Event, line.Seq, event.Row(item))
	if own && (line.Kind == moderation.ChangeConfig || line.Kind == moderation.ChangeViolation) {
		frames = append(frames, f.script(line)...) // pages that show settings, roles or violations fetch them again
	}
	if own && line.Kind == moderation.ChangeAppeal {
		frames = append(frames, f.openAppeals(ctx, line)...)
	}
	if own && line.Kind == moderation.ChangeRaid {
		frames = append(frames, f.raidOn(ctx, line)...)
	}
	return frames
}

// silent says whether a change is no line of the feed: pages that show what it is about ask again, others do not hear of it.
func silent(kind moderation.ChangeKind) bool {
	return kind == moderation.ChangeViolationChanged || kind == moderation.ChangeExport || kind == moderation.ChangeRaidChanged ||
		kind == moderation.ChangeNotification
}

// openAppeals is how many appeals wait in the line's guild: what the menu of every page shows.
func (f *Feed) openAppeals(ctx context.Context, line stats.Line) []live.Frame {
	open, err := f.store.OpenAppeals(ctx, line.Guild)
	if err != nil {
		f.log.Warn("feed: open appeals could not be counted", "guild", line.Guild, "err", err)
		return nil
	}
	return f.render(ctx, frame.Appeal, line.Seq, layout.OpenAppeals(open))
}

// raidOn is whether raid mode is on in the line's guild: what every page of it says. Pages of raids fetch theirs again.
func (f *Feed) raidOn(ctx context.Context, line stats.Line) []live.Frame {
	number, err := f.store.RaidOn(ctx, line.Guild)
	if err != nil {
		f.log.Warn("feed: raid mode could not be read", "guild", line.Guild, "err", err)
	}
	return f.render(ctx, frame.Raid, line.Seq, layout.RaidOn(line.Guild, number))
}

// script is a line on a guild's JSON stream: violations, actions and settings have names of their own, other lines are
// none of its. What changed about a violation has the name of a new one: whoever shows violations asks again.
func (f *Feed) script(line stats.Line) []live.Frame {
	switch line.Kind {
	case moderation.ChangeViolation, moderation.ChangeViolationChanged:
		return f.encode(frame.Violation, line.Seq, line.Wire())
	case moderation.ChangeAction:
		return f.encode(frame.Action, line.Seq, line.Wire())
	case moderation.ChangeAppeal:
		return f.encode(frame.Appeal, line.Seq, line.Wire())
	case moderation.ChangeConfig:
		return f.encode(frame.ConfigUpdate, line.Seq, map[string]string{"field": line.Label, "updated_by": line.By.Name})
	case moderation.ChangeRaid, moderation.ChangeRaidChanged:
		return f.encode(frame.Raid, line.Seq, line.Wire())
	case moderation.ChangeExport:
		return f.encode(frame.Export, line.Seq, map[string]string{"state": line.Label, "by": snowflake.String(line.Actor)})
	}
	return nil
}

func (f *Feed) render(ctx context.Context, name frame.Name, seq int64, component templ.Component) (frames []live.Frame) {
	f.guard(string(name), func() {
		var buffer bytes.Buffer
		if err := component.Render(ctx, &buffer); err != nil {
			f.log.Error("feed: a frame could not be rendered", "name", name, "seq", seq, "err", err)
			return
		}
		frames = []live.Frame{{Seq: seq, Name: name, Data: buffer.Bytes()}}
	})
	return frames
}

func (f *Feed) encode(name frame.Name, seq int64, value any) []live.Frame {
	data, err := json.Marshal(value)
	if err != nil {
		f.log.Error("feed: a frame could not be encoded", "name", name, "seq", seq, "err", err)
		return nil
	}
	return []live.Frame{{Seq: seq, Name: name, Data: data}}
}
