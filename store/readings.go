package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// readSlack is how much earlier than a gap its reading begins: clocks differ, and an event may be under way when the
// session is lost. What is counted already is told by its id, so this doubles nothing.
const readSlack = time.Minute

// PlanReadings notes what is to be read back in a guild after the gap before the session that has just begun: each
// channel in which somebody has written behind the last message counted, and the audit log. A guild is planned once for
// each gap. Reading begins when the gap is over: with the first flush of the session.
func (s *Store) PlanReadings(ctx context.Context, e moderation.ChannelsSeen) error {
	gap, err := s.reads.GetGapOfSession(ctx, 0)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	planned, err := s.reads.CountPlanned(ctx, db.CountPlannedParams{GuildID: int64(e.Guild), GapID: gap.GapID})
	if err != nil || planned > 0 {
		return err
	}
	return s.write(ctx, func(t *tx) error { return t.planReadings(gap, e) })
}

func (t *tx) planReadings(gap db.Gap, e moderation.ChannelsSeen) error {
	from, joined := timeOf(gap.FromAt).Add(-readSlack), e.JoinedAt
	if joined.After(from) {
		from = joined
	}
	row := db.PlanReadingParams{
		GuildID: int64(e.Guild), GapID: gap.GapID, AfterID: idAt(from) - 1, UntilID: idAt(e.At.Add(time.Millisecond)),
	}
	if gap.ToAt != 0 && joined.After(timeOf(gap.ToAt)) {
		row.State = int64(moderation.ReadDone) // the bot came after the gap
	}
	t.changed(MatterGaps, e.Guild)
	if err := t.PlanReading(t.ctx, row); err != nil || row.State != 0 {
		return err
	}
	// Where no message was ever counted, none can be counted twice, and the slack stays: Discord had ended the session some
	// moments before the bot heard of it.
	row.AfterID = max(row.AfterID, gap.AfterID)
	var newest snowflake.MessageID
	for channel, last := range e.Newest {
		newest = max(newest, last)
		if row.ChannelID, row.UntilID = int64(channel), int64(last); row.UntilID <= row.AfterID {
			continue
		}
		if err := t.PlanReading(t.ctx, row); err != nil {
			return err
		}
	}
	// The next gap begins behind what is planned for this one.
	return t.RaiseNewest(t.ctx, db.RaiseNewestParams{Newest: int64(newest)})
}

// idAt is the smallest id of a time.
func idAt(at time.Time) int64 { return int64(snowflake.At[snowflake.MessageID](at, 0)) }

// Readings lists what is still to be read back.
func (s *Store) Readings(ctx context.Context) ([]moderation.OpenReading, error) {
	rows, err := s.reads.ListOpenReadings(ctx)
	if err != nil {
		return nil, err
	}
	spent := map[int64]int{}
	open := make([]moderation.OpenReading, 0, len(rows))
	for _, row := range rows {
		if _, known := spent[row.GapID]; !known {
			n, err := s.reads.SumRequests(ctx, row.GapID)
			if err != nil {
				return nil, err
			}
			spent[row.GapID] = int(n)
		}
		open = append(open, moderation.OpenReading{
			Reading: moderation.Reading{
				Gap: row.GapID, Guild: snowflake.GuildID(row.GuildID), Channel: snowflake.ChannelID(row.ChannelID),
			},
			From: timeOf(row.FromAt), After: row.AfterID, Until: row.UntilID, Spent: spent[row.GapID],
		})
	}
	return open, nil
}

// LeaveReadings gives up what is still to be read back after a gap.
func (s *Store) LeaveReadings(ctx context.Context, gap int64) error {
	return s.write(ctx, func(t *tx) error {
		t.changed(MatterGaps, Everywhere)
		_, err := t.Queries.LeaveReadings(t.ctx, gap)
		return err
	})
}

// advance notes how far a place was read.
func (t *tx) advance(r moderation.Reading, p moderation.Progress) error {
	t.changed(MatterGaps, r.Guild)
	return t.AdvanceReading(t.ctx, db.AdvanceReadingParams{
		AfterID: p.Upto, Requests: p.Requests, Found: p.Found, State: int64(p.State),
		GuildID: int64(r.Guild), GapID: r.Gap, ChannelID: int64(r.Channel),
	})
}
