package store

import (
	"context"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// SeeChannel notes a channel that was made, changed or deleted. An older event than what is known changes nothing.
func (s *Store) SeeChannel(ctx context.Context, e moderation.ChannelSeen) error {
	return s.write(ctx, func(t *tx) error {
		known, err := t.channels(e.Guild)
		if err != nil {
			return err
		}
		if e.Deleted {
			return t.loseChannel(known[e.Channel.ID], msOf(e.At))
		}
		return t.seeChannel(e.Guild, known[e.Channel.ID], e.Channel, msOf(e.At))
	})
}

// seeChannels notes all channels that a guild has: others that are known are gone.
func (t *tx) seeChannels(guild snowflake.GuildID, channels []moderation.Channel, at int64) error {
	known, err := t.channels(guild)
	if err != nil {
		return err
	}
	for _, channel := range channels {
		if err := t.seeChannel(guild, known[channel.ID], channel, at); err != nil {
			return err
		}
		delete(known, channel.ID)
	}
	for _, gone := range known {
		if err := t.loseChannel(gone, at); err != nil {
			return err
		}
	}
	return nil
}

// seeChannel notes one channel; known is its row, zero where there is none.
func (t *tx) seeChannel(guild snowflake.GuildID, known db.Channel, channel moderation.Channel, at int64) error {
	row := db.Channel{
		GuildID: int64(guild), ChannelID: int64(channel.ID), ParentID: int64(channel.Parent), Name: channel.Name,
		Kind: int64(channel.Kind), Position: int64(channel.Position), UpdatedAt: known.UpdatedAt,
	}
	if row == known || at < known.UpdatedAt {
		return nil
	}
	row.UpdatedAt = at
	return t.PutChannel(t.ctx, db.PutChannelParams(row))
}

func (t *tx) loseChannel(known db.Channel, at int64) error {
	if known.ChannelID == 0 || at < known.UpdatedAt {
		return nil
	}
	return t.DeleteChannel(t.ctx, db.DeleteChannelParams{GuildID: known.GuildID, ChannelID: known.ChannelID})
}

func (t *tx) channels(guild snowflake.GuildID) (map[snowflake.ChannelID]db.Channel, error) {
	rows, err := t.ListChannels(t.ctx, int64(guild))
	known := make(map[snowflake.ChannelID]db.Channel, len(rows))
	for _, row := range rows {
		known[snowflake.ChannelID(row.ChannelID)] = row
	}
	return known, err
}
