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

// Position gives where a shard's session can be resumed; its Session is empty when there is none, and its SavedAt then
// since when it is gone (zero: there never was one). All events up to it are recorded.
func (s *Store) Position(ctx context.Context, shard int) (moderation.Position, error) {
	row, err := s.reads.GetPosition(ctx, int64(shard))
	if errors.Is(err, sql.ErrNoRows) {
		return moderation.Position{Shard: shard}, nil
	}
	return moderation.Position{
		Shard: shard, Session: row.SessionID, Seq: row.Seq, ResumeURL: row.ResumeUrl, SavedAt: timeOf(row.SavedAt),
	}, err
}

// NoteIdentify notes an IDENTIFY before it is sent, so that a crash loop cannot spend the day's budget.
func (s *Store) NoteIdentify(ctx context.Context, at time.Time) error {
	return s.write(ctx, func(t *tx) error { return t.InsertIdentify(t.ctx, msOf(at)) })
}

// IdentifiesSince counts the IDENTIFYs noted since a time.
func (s *Store) IdentifiesSince(ctx context.Context, since time.Time) (int, error) {
	n, err := s.reads.CountIdentifies(ctx, msOf(since))
	return int(n), err
}

func (t *tx) putPosition(at moderation.Position, newest snowflake.MessageID) error {
	if at.Session == "" {
		return nil
	}
	return t.PutPosition(t.ctx, db.PutPositionParams{
		Shard: int64(at.Shard), SessionID: at.Session, Seq: at.Seq, ResumeUrl: at.ResumeURL, SavedAt: msOf(at.SavedAt),
		Newest: int64(newest),
	})
}
