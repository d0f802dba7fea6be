package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"guildwatch/store/internal/db"
)

// Snapshot is the database at one moment: everything read from it belongs together. Its methods keep the first error,
// answer zero values from then on, and Read returns that error, so that a page's figures can be written down without a
// branch after each.
type Snapshot struct {
	ctx context.Context
	q   *db.Queries
	db  db.DBTX // what q reads from, for what sqlc cannot say
	now time.Time
	err error
}

// Read runs fn over one snapshot, in one read transaction that ends with fn. Fn must not ask the store for anything
// else meanwhile: enough pages that each held one connection and waited for a second would wait for ever. While the
// file cannot be read, and once the store is closed, the error is an Unavailable.
func (s *Store) Read(ctx context.Context, fn func(*Snapshot)) error {
	err := s.read(ctx, fn)
	if err != nil && s.closed.Load() {
		return errClosed
	}
	return unreadable(err)
}

func (s *Store) read(ctx context.Context, fn func(*Snapshot)) error {
	s.readers.enter()
	defer s.readers.leave()
	tx, err := s.readDB.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("store: begin to read: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	from := counted{tx, &s.queries}
	snapshot := &Snapshot{ctx: ctx, q: db.New(from), db: from, now: s.clock()}
	fn(snapshot)
	return snapshot.err
}

// Reads is how many queries have read from the store since it was opened, those of caches' fills included.
func (s *Store) Reads() int64 { return s.queries.Load() }

// ok keeps the first error and says whether the answer can be used. No row at all is an answer.
func (s *Snapshot) ok(what string, err error) bool {
	switch {
	case err == nil:
		return true
	case s.err == nil && !errors.Is(err, sql.ErrNoRows):
		s.err = fmt.Errorf("store: read %s: %w", what, err)
	}
	return false
}

// Span is a half-open range of time. Where it asks for counters both ends lie on buckets.
type Span struct{ From, Until time.Time }

// ms gives both ends as the database has them.
func (s Span) ms() (from, until int64) { return s.From.UnixMilli(), s.Until.UnixMilli() }

// days gives the whole UTC days within a span as the database has them, from the start of the first to the end of the
// last. Where there is none both are the span's end, so that all of its buckets are before the first.
func (s Span) days() (first, last int64) {
	from, until := s.ms()
	first, last = dayOf(from), dayOf(until)
	if first < from {
		first += day.Milliseconds()
	}
	if first >= last {
		return until, until
	}
	return first, last
}

// Length is how long the span is.
func (s Span) Length() time.Duration { return s.Until.Sub(s.From) }

// counted counts the queries that go through it.
type counted struct {
	db.DBTX
	queries *atomic.Int64
}

// QueryContext counts and runs a query.
func (c counted) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	c.queries.Add(1)
	return c.DBTX.QueryContext(ctx, query, args...)
}

// QueryRowContext counts and runs a query.
func (c counted) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	c.queries.Add(1)
	return c.DBTX.QueryRowContext(ctx, query, args...)
}
