package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"guildwatch/store/internal/db"
)

// preparer is a connection, or a pool of them.
type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// statements runs queries and keeps each prepared: the generated code prepares anew at every call.
type statements struct {
	on    preparer
	mu    sync.RWMutex
	known map[string]*sql.Stmt
}

var _ db.DBTX = (*statements)(nil)

func newStatements(on preparer) *statements {
	return &statements{on: on, known: map[string]*sql.Stmt{}}
}

// PrepareContext gives the statement for a query, which stays open until Close.
func (s *statements) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.RLock()
	statement := s.known[query]
	s.mu.RUnlock()
	if statement != nil {
		return statement, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if statement = s.known[query]; statement != nil {
		return statement, nil
	}
	statement, err := s.on.PrepareContext(context.WithoutCancel(ctx), query)
	if err == nil {
		s.known[query] = statement
	}
	return statement, err
}

// ExecContext runs a query that gives no rows.
func (s *statements) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	statement, err := s.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return statement.ExecContext(ctx, args...)
}

// QueryContext runs a query that gives rows.
func (s *statements) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	statement, err := s.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return statement.QueryContext(ctx, args...)
}

// QueryRowContext runs a query that gives at most one row.
func (s *statements) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	statement, err := s.PrepareContext(ctx, query)
	if err != nil {
		// Only database/sql can make a Row that carries an error: it meets the same one.
		return s.on.QueryRowContext(ctx, query, args...)
	}
	return statement.QueryRowContext(ctx, args...)
}

// Close closes every statement.
func (s *statements) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, statement := range s.known {
		errs = append(errs, statement.Close())
	}
	clear(s.known)
	return errors.Join(errs...)
}
