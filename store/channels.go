package store

import (
	"cmp"
	"context"
	"slices"

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

// Channels lists a guild's channels as Discord shows them: those outside of any category, then each category before
// its own.
func (s *Snapshot) Channels(guild snowflake.GuildID) []moderation.Channel {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListChannels(s.ctx, int64(guild))
	s.ok("channels", err)
	list := make([]moderation.Channel, len(rows))
	place := make(map[snowflake.ChannelID]moderation.Channel, len(rows))
	for i, row := range rows {
		list[i] = moderation.Channel{
			ID: snowflake.ChannelID(row.ChannelID), Parent: snowflake.ChannelID(row.ParentID), Name: row.Name,
			Kind: moderation.ChannelKind(row.Kind), Position: int(row.Position),
		}
		place[list[i].ID] = list[i]
	}
	slices.SortFunc(list, func(a, b moderation.Channel) int {
		inA, inB := categoryOf(a, place), categoryOf(b, place)
		return cmp.Or(
			inFirst(inA.ID == 0, inB.ID == 0), cmp.Compare(inA.Position, inB.Position), cmp.Compare(inA.ID, inB.ID),
			inFirst(a.ID == inA.ID, b.ID == inB.ID), cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID),
		)
	})
	return list
}

// categoryOf is the category under which a channel stands: its own, itself if it is one, or none.
func categoryOf(c moderation.Channel, all map[snowflake.ChannelID]moderation.Channel) moderation.Channel {
	if c.Kind == moderation.ChannelCategory {
		return c
	}
	return all[c.Parent]
}

// inFirst orders what has a property before what has not.
func inFirst(a, b bool) int { return cmp.Compare(bit(b), bit(a)) }
