package handlers

import (
	"context"
	"encoding/json"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/store"
)

// sessionStore is the sessions table as scs wants it. Tokens come hashed. A session is written when somebody signs in
// and never again, so nothing under way can bring back one that was ended.
type sessionStore struct{ store *store.Store }

// FindCtx gives the open session of a token.
func (s sessionStore) FindCtx(ctx context.Context, hash string) ([]byte, bool, error) {
	session, found, err := s.store.FindSession(ctx, hash)
	if err != nil || !found {
		return nil, false, err
	}
	text, err := json.Marshal(session)
	return text, true, err
}

// CommitCtx stores a session that has just begun.
func (s sessionStore) CommitCtx(ctx context.Context, hash string, text []byte, _ time.Time) error {
	var session store.Session
	if err := json.Unmarshal(text, &session); err != nil {
		return err
	}
	return s.store.StartSession(ctx, hash, session)
}

// DeleteCtx ends the session of a token, if it is open.
func (s sessionStore) DeleteCtx(ctx context.Context, hash string) error {
	session, found, err := s.store.FindSession(ctx, hash)
	if err != nil || !found {
		return err
	}
	if err = s.store.EndSession(ctx, access.Person(session.User, false), session.ID); fault.Of(err) == fault.NotFound {
		return nil // somebody ended it meanwhile
	}
	return err
}

// Find is FindCtx for who has no context; scs asks for it and does not use it.
func (s sessionStore) Find(hash string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), hash)
}

// Commit is CommitCtx, likewise.
func (s sessionStore) Commit(hash string, text []byte, expires time.Time) error {
	return s.CommitCtx(context.Background(), hash, text, expires)
}

// Delete is DeleteCtx, likewise.
func (s sessionStore) Delete(hash string) error { return s.DeleteCtx(context.Background(), hash) }

// sessionCodec writes the one value of a session. When it ends is the store's to say.
type sessionCodec struct{}

// Encode writes the session among the values.
func (sessionCodec) Encode(_ time.Time, values map[string]any) ([]byte, error) {
	return json.Marshal(values[sessionKey])
}

// Decode reads what Encode wrote.
func (sessionCodec) Decode(text []byte) (time.Time, map[string]any, error) {
	var session store.Session
	err := json.Unmarshal(text, &session)
	return session.Expires, map[string]any{sessionKey: session}, err
}
