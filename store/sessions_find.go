package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"guildwatch/store/internal/db"
)

// sessionLife is how long a session is kept in memory without asking the table again. What ends one drops it there.
const sessionLife = time.Hour

// sessions are the open sessions in memory.
type sessions struct {
	cache *Cache[sessionKey, *openSession]

	mu    sync.Mutex
	ended []func(ids []int64)
}

// openSession is a session that the table had as open, and when it was last used: what the table has of that is some
// minutes old.
type openSession struct {
	row  db.Session
	used atomic.Int64 // in steady time
}

// sessionKey is the hash of a session's token.
type sessionKey string

// CacheKey packs half of a hash of the hash: whoever wanted to meet another's 128 bits would have to try 2^128 tokens.
func (k sessionKey) CacheKey() (packed [16]byte) {
	sum := sha256.Sum256([]byte(k))
	copy(packed[:], sum[:])
	return packed
}

func newSessions(s *Store) *sessions {
	load := func(ctx context.Context, key sessionKey) (*openSession, error) {
		open := &openSession{}
		err := s.Read(ctx, func(snapshot *Snapshot) {
			row, err := snapshot.q.GetSession(ctx, string(key))
			snapshot.ok("session", err)
			open.row = row
			open.used.Store(row.LastUsedAt)
		})
		if err == nil && (open.row.TokenHash == "" || open.row.EndedAt != 0) {
			err = errNoSession // a failure is not kept: whoever sends made-up tokens cannot push real ones out
		}
		return open, err
	}
	return &sessions{cache: NewCache(s, CacheOptions[sessionKey, *openSession]{
		Name: "session", Life: sessionLife, Load: load,
		Dropped: func(*Cache[sessionKey, *openSession], Commit) {}, // what changes a session drops it, in Store.end
	})}
}

type glanceKey struct{}

// Glance makes a context with which finding a session is no use of it. Whoever watches over an open stream looks every
// second, and a page that was left open would else keep its session alive for seven days.
func Glance(ctx context.Context) context.Context { return context.WithValue(ctx, glanceKey{}, true) }

// FindSession gives the session of a token's hash and notes that it was used; false for one that has ended, is too
// long unused or too old, or never was. Warm it asks the database nothing.
func (s *Store) FindSession(ctx context.Context, tokenHash string) (Session, bool, error) {
	open, err := s.sessions.cache.Get(ctx, sessionKey(tokenHash))
	if errors.Is(err, errNoSession) {
		return Session{}, false, nil
	}
	if err != nil {
		return Session{}, false, err
	}
	now := s.clock()
	at, row := s.steady.ms(now), open.row
	if row.LastUsedAt = open.used.Load(); over(row, at) {
		s.retire(ctx, tokenHash)
		return Session{}, false, nil
	}
	if ctx.Value(glanceKey{}) == nil {
		open.use(at)
	}
	return s.session(now, row), true, nil
}

// use notes a use; the latest counts.
func (o *openSession) use(at int64) {
	for was := o.used.Load(); at > was && !o.used.CompareAndSwap(was, at); was = o.used.Load() {
	}
}

// lastUse is when the session of a row that was just read was last used, as far as anybody knows.
func (s *sessions) lastUse(row db.Session) int64 {
	if open, ok := s.cache.peek(sessionKey(row.TokenHash)); ok {
		return max(row.LastUsedAt, open.used.Load())
	}
	return row.LastUsedAt
}

// retire ends a session that was found to be over, so that neither a late note of its use nor a clock that was set back
// before the next start can bring it to life again. When that cannot be written, the sweep does it later.
func (s *Store) retire(ctx context.Context, tokenHash string) {
	err := s.write(ctx, func(t *tx) error {
		row, err := t.GetSession(t.ctx, tokenHash)
		if err != nil || row.EndedAt != 0 {
			return err
		}
		return s.end(t, s.steady.ms(s.clock()), row)
	})
	if err != nil {
		s.log.Warn("a session that is over could not be ended", "error", err)
	}
}

// OnSessionsEnded has fn told of sessions by their ids once the commit that ended them is made, and before whoever
// ended them knows. All calls come from one goroutine; fn must not block. Set it up before anybody can sign in.
func (s *Store) OnSessionsEnded(fn func(ids []int64)) {
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	s.sessions.ended = append(s.sessions.ended, fn)
}

// end ends open sessions in this transaction. Their rows stay until they would have expired anyway: a request that was
// under way must not be able to write them anew.
func (s *Store) end(t *tx, now int64, rows ...db.Session) error {
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.SessionID
		if err := t.EndSession(t.ctx, db.EndSessionParams{EndedAt: now, TokenHash: row.TokenHash}); err != nil {
			return err
		}
	}
	t.after = append(t.after, func() {
		for _, row := range rows {
			s.sessions.cache.Drop(sessionKey(row.TokenHash))
		}
		s.sessions.tell(t.writer, ids)
	})
	return nil
}

func (s *sessions) tell(w *writer, ids []int64) {
	if len(ids) == 0 {
		return
	}
	s.mu.Lock()
	listeners := s.ended
	s.mu.Unlock()
	for _, fn := range listeners {
		if err := w.safely(func() error { fn(ids); return nil }); err != nil {
			w.log.Error("somebody could not hear of ended sessions", "error", err)
		}
	}
}
