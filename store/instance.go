package store

import (
	"context"
	"database/sql"
	"errors"

	"guildwatch/store/internal/db"
)

// Value gives an instance value by its name; empty when it was never set.
func (s *Store) Value(ctx context.Context, name string) (string, error) {
	value, err := s.reads.GetValue(ctx, name)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// SetValue sets an instance value.
func (s *Store) SetValue(ctx context.Context, name, value string) error {
	return s.write(ctx, func(t *tx) error { return t.PutValue(t.ctx, db.PutValueParams{Name: name, Value: value}) })
}
