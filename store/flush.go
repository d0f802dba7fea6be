package store

import (
	"context"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Flush commits counters together with the gateway's position and the gaps that are over: a restart that resumes there
// neither loses nor doubles a message. The tally is only read, and may be used again once Flush has returned nil.
func (s *Store) Flush(
	ctx context.Context, tally *moderation.Tally, at moderation.Position, over ...moderation.Gap,
) error {
	if tally.Empty() && at.Session == "" && len(over) == 0 {
		return nil
	}
	return s.write(ctx, func(t *tx) error {
		if err := t.flush(tally, over, s.now()); err != nil {
			return err
		}
		return t.putPosition(at, tally.Newest)
	})
}

// flush records what was counted and which gaps are over.
func (t *tx) flush(tally *moderation.Tally, over []moderation.Gap, now int64) error {
	for _, gap := range over {
		if err := t.recordGap(gap); err != nil {
			return err
		}
	}
	if err := t.addCounts(tally.Counts); err != nil {
		return err
	}
	for who, last := range tally.Active {
		if err := t.present(who, last); err != nil {
			return err
		}
	}
	for _, user := range tally.Users {
		if err := t.putUser(user, now); err != nil {
			return err
		}
	}
	for bucket, add := range tally.Latency {
		if err := t.addLatency(bucket, add); err != nil {
			return err
		}
	}
	for reading, progress := range tally.Read {
		if err := t.advance(reading, progress); err != nil {
			return err
		}
	}
	return nil
}

// addCounts adds to each spot, and once for each bucket to the sum of all guilds.
func (t *tx) addCounts(counts map[moderation.Spot]moderation.Counts) error {
	sums := map[int64]moderation.Counts{}
	for spot, n := range counts {
		if spot.Guild != 0 {
			if err := t.addSpot(spot.Guild, spot.Bucket, n); err != nil {
				return err
			}
		}
		sum := sums[spot.Bucket]
		sum.Messages += n.Messages
		sum.Edits += n.Edits
		sum.Deletes += n.Deletes
		sums[spot.Bucket] = sum
	}
	for bucket, n := range sums {
		if err := t.addSpot(0, bucket, n); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) addSpot(guild snowflake.GuildID, bucket int64, n moderation.Counts) error {
	return t.addActivity(db.AddActivityParams{
		GuildID: int64(guild), Bucket: bucket, Messages: n.Messages, Edits: n.Edits, Deletes: n.Deletes,
	})
}

// present records a presence, at most once for each bucket: a member who writes a hundred messages costs as much as one
// who writes one.
func (t *tx) present(who moderation.Presence, at int64) error {
	bucket := bucketOf(at)
	if t.writer.memory.present[who] >= bucket {
		return nil
	}
	t.after = append(t.after, func() { t.writer.memory.seen(who, bucket) })
	if err := t.active(who.Guild, who.User, at); err != nil {
		return err
	}
	return t.tallyWriter(who, at)
}
