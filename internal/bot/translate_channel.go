package bot

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

type wireChannel struct {
	ID            id     `json:"id"`
	GuildID       id     `json:"guild_id"`
	Type          int    `json:"type"`
	ParentID      id     `json:"parent_id"`
	Name          string `json:"name"`
	Position      int    `json:"position"`
	LastMessageID id     `json:"last_message_id"`
}

// Discord's numbers for kinds of channels that need a choice.
const (
	channelCategory           = 4
	channelAnnouncementThread = 10
	channelPublicThread       = 11
	channelPrivateThread      = 12
	channelDirectory          = 14
	channelForum              = 15
	channelMedia              = 16
)

// kept says whether this is a channel to know of. Threads are not: they come and go by the hundred.
func (c *wireChannel) kept() bool {
	switch c.Type {
	case channelAnnouncementThread, channelPublicThread, channelPrivateThread:
		return false
	}
	return c.ID != 0
}

func (c *wireChannel) channel() moderation.Channel {
	return moderation.Channel{
		ID: snowflake.ChannelID(c.ID), Parent: snowflake.ChannelID(c.ParentID), Name: c.Name,
		Kind: moderation.ChannelKind(c.Type), Position: c.Position,
	}
}

// wireChannels are a guild's channels; nil where the payload does not speak of them.
type wireChannels []wireChannel

func (list wireChannels) kept() []moderation.Channel {
	if list == nil {
		return nil
	}
	channels := make([]moderation.Channel, 0, len(list))
	for i := range list {
		if c := &list[i]; c.kept() {
			channels = append(channels, c.channel())
		}
	}
	return channels
}

// newest is the last message of each channel and active thread in which there is one. The last message of a forum is
// its last thread, and threads are listed apart.
func (g *wireGuild) newest() map[snowflake.ChannelID]snowflake.MessageID {
	newest := map[snowflake.ChannelID]snowflake.MessageID{}
	for _, c := range append(g.Channels, g.Threads...) {
		switch c.Type {
		case channelCategory, channelDirectory, channelForum, channelMedia:
		default:
			if c.ID != 0 && c.LastMessageID != 0 {
				newest[snowflake.ChannelID(c.ID)] = snowflake.MessageID(c.LastMessageID)
			}
		}
	}
	return newest
}

// channelChange passes on a channel that was made, changed or deleted.
func (w *worker) channelChange(it item) error {
	var c wireChannel
	if err := decode(it.payload, &c); err != nil || c.GuildID == 0 || !c.kept() {
		return err
	}
	seen := moderation.ChannelSeen{
		Origin: arrived(it, c.GuildID), Channel: c.channel(), Deleted: it.kind == kindChannelDelete,
	}
	w.emit(seen)
	if w.guilds.stale(seen.Origin) {
		w.scout.send(errand{guild: seen.Guild})
	}
	return nil
}
