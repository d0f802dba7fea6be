package bot

import (
	"context"
	"sync"

	"guildwatch/internal/snowflake"
)

// parents remembers in which channel each thread is; that never changes. What is kept for the last 2048 to 4096 threads
// asked about takes some 200 KB.
type parents struct {
	mu    sync.Mutex
	known recent
}

// ChannelAbove gives the channel that a thread is in, or the category of a channel; 0 where there is none. It asks Discord
// once for each. An error says that nobody knows now.
func (b *Bot) ChannelAbove(ctx context.Context, channel snowflake.ChannelID) (snowflake.ChannelID, error) {
	b.parents.mu.Lock()
	above, known := b.parents.known.get(int64(channel))
	b.parents.mu.Unlock()
	if known {
		return snowflake.ChannelID(above), nil
	}
	var c wireChannel
	if err := b.rest.get(ctx, "channels/"+channel.String(), &c); err != nil {
		return 0, err
	}
	switch c.Type {
	case channelAnnouncementThread, channelPublicThread, channelPrivateThread: // a channel may be moved to another category
		b.parents.mu.Lock()
		b.parents.known.put(int64(channel), int64(c.ParentID))
		b.parents.mu.Unlock()
	}
	return snowflake.ChannelID(c.ParentID), nil
}
