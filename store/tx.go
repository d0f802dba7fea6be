package store

import (
	"context"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/store/internal/db"
)

// tx is what a job works with: every query of the schema inside the writer's transaction, and what to tell after the
// commit.
type tx struct {
	*db.Queries
	ctx     context.Context // the writer's own: no request can cancel a statement of it
	writer  *writer
	changes []moderation.Change
	touched Commit
	after   []func() // run once it is committed
	undo    []func() // run if it is rolled back, last one first
}

// onCommit has told called after each commit and before those who waited for it are woken. It must be quick and must
// not write. All calls come from one goroutine. It must be called before the store is used.
func (s *Store) onCommit(told func(Commit)) { s.writer.tells = append(s.writer.tells, told) }

// announce inserts the change row, in this transaction.
func (t *tx) announce(c moderation.Change) error {
	seq, err := t.InsertChange(t.ctx, changeRow(c))
	c.Seq, c.At = seq, timeOf(msOf(c.At))
	t.changes = append(t.changes, c)
	t.changed(MatterLines, c.Guild)
	return err
}

// msOf is t in the database: UTC milliseconds, 0 for the zero time.
func msOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// timeOf reads what msOf has written.
func timeOf(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// bucketOf is the bucket of a time in milliseconds.
func bucketOf(ms int64) int64 { return ms - ms%moderation.Bucket.Milliseconds() }

// dayOf is the start of the UTC day that a time belongs to, in milliseconds.
func dayOf(ms int64) int64 { return ms - ms%day.Milliseconds() }

// endOf is when a month of monthOf is over, in milliseconds.
func endOf(month int64) int64 {
	return time.Date(int(month/100), time.Month(month%100)+1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
}

// monthOf is the calendar month of a time in milliseconds, UTC, as year * 100 + month.
func monthOf(ms int64) int64 {
	at := time.UnixMilli(ms).UTC()
	return int64(at.Year())*100 + int64(at.Month())
}
