package store

import (
	"context"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// saveUser stores what Discord has just told of a user.
func (s *Store) saveUser(ctx context.Context, user moderation.User) error {
	return s.write(ctx, func(t *tx) error { return t.putUser(user, s.now()) })
}

// saveGone notes that Discord knows no such user any more.
func (s *Store) saveGone(ctx context.Context, user snowflake.UserID) error {
	return s.write(ctx, func(t *tx) error {
		t.user(user)
		t.after = append(t.after, func() { delete(t.writer.memory.users, user) })
		return t.PutGoneUser(t.ctx, db.PutGoneUserParams{UserID: int64(user), FetchedAt: s.now()})
	})
}
