package feed

import (
	"context"

	"guildwatch/internal/frame"
	"guildwatch/internal/live"
	"guildwatch/internal/moderation"
	"guildwatch/internal/stats"
	"guildwatch/views/told"
)

// tell sends what is for one user alone to their own streams of its guild.
func (f *Feed) tell(ctx context.Context, lines []stats.Line) {
	for _, line := range lines {
		if line.Kind != moderation.ChangeNotification {
			continue
		}
		for _, topic := range []live.Topic{live.Guild(line.Guild), live.GuildJSON(line.Guild)} {
			if !f.hub.Watched(topic) {
				continue
			}
			for _, made := range f.noted(ctx, line) {
				f.hub.Tell(line.User, topic, made)
			}
		}
	}
}

// noted is the notification of a line in words; nothing where it has been seen, or is true no longer.
func (f *Feed) noted(ctx context.Context, line stats.Line) []live.Frame {
	unseen, err := f.store.Unseen(ctx, line.Guild, line.User)
	if err != nil {
		f.log.Warn("feed: what somebody is told could not be read", "guild", line.Guild, "err", err)
	}
	for _, fact := range unseen {
		if note, known := told.Note(line.Guild, told.Fact(fact)); known && fact.Number == line.Ref {
			return f.encode(frame.Notification, line.Seq, note)
		}
	}
	return nil
}
