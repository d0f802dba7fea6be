package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

const (
	// tokenLength is that of a session's token: 256 bits in base64. Whatever else a cookie holds is not looked up.
	tokenLength = 43
	// usePace is how often the last use of sessions is stored: a request must not cost a write.
	usePace = 5 * time.Minute
	// sessionKey is the one value in a session.
	sessionKey = "session"
)

// SessionOptions is what sessions stand on.
type SessionOptions struct {
	Store    *store.Store
	Operator func(snowflake.UserID) bool // asked for each request
	Plain    bool                        // cookies that browsers keep on plain http too
	Logger   *slog.Logger
}

// Sessions is who is signed in, by a cookie whose token is stored hashed. All methods are safe for concurrent use.
type Sessions struct {
	SessionOptions
	manager *scs.SessionManager

	mu   sync.Mutex
	uses map[int64]store.Touch // since they were stored last, by session
}

// NewSessions makes sessions; Run keeps their last use.
func NewSessions(options SessionOptions) *Sessions {
	manager := &scs.SessionManager{ // scs.New would start a goroutine for a store in memory that nobody uses
		// IdleTimeout stays 0: it makes a write of each request, and lets one that was under way bring back a session
		// that was ended meanwhile. The store ends what is not used.
		Lifetime: store.SessionLife, HashTokenInStore: true,
		Store: sessionStore{options.Store}, Codec: sessionCodec{},
		Cookie: scs.SessionCookie{Name: "__Host-sid", Path: "/", Secure: true, HttpOnly: true,
			SameSite: http.SameSiteLaxMode, Persist: true},
	}
	if options.Plain {
		manager.Cookie.Name, manager.Cookie.Secure = "sid", false
	}
	return &Sessions{SessionOptions: options, manager: manager, uses: map[int64]store.Touch{}}
}

// Identify is the Identity of whoever is signed in.
func (s *Sessions) Identify(_ http.ResponseWriter, r *http.Request) (Visitor, error) {
	ctx, err := s.manager.Load(r.Context(), s.token(r))
	if err != nil {
		return Visitor{}, err
	}
	session, found := s.manager.Get(ctx, sessionKey).(store.Session)
	if !found {
		return Visitor{}, nil
	}
	return Visitor{Actor: access.Person(session.User, s.Operator(session.User)), Session: session}, nil
}

// token is the session token that the browser sent; empty for none.
func (s *Sessions) token(r *http.Request) string {
	cookie, err := r.Cookie(s.manager.Cookie.Name)
	if err != nil || len(cookie.Value) != tokenLength {
		return ""
	}
	return cookie.Value
}

// begin signs somebody in. A session that the browser had before is ended, and its token never becomes another's.
func (s *Sessions) begin(w http.ResponseWriter, r *http.Request, user snowflake.UserID, address string) error {
	ctx, err := s.manager.Load(r.Context(), s.token(r))
	if err != nil {
		return err
	}
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	s.manager.Put(ctx, sessionKey, store.Session{User: user, Device: deviceOf(r.UserAgent()), Address: address})
	token, expires, err := s.manager.Commit(ctx)
	if err != nil {
		return err
	}
	s.manager.WriteSessionCookie(ctx, w, token, expires)
	return nil
}

// end signs the browser out.
func (s *Sessions) end(w http.ResponseWriter, r *http.Request) error {
	ctx, err := s.manager.Load(r.Context(), s.token(r))
	if err != nil {
		return err
	}
	if err := s.manager.Destroy(ctx); err != nil {
		return err
	}
	s.forget(w)
	return nil
}

// forget has the browser drop its cookie.
func (s *Sessions) forget(w http.ResponseWriter) {
	s.manager.WriteSessionCookie(context.Background(), w, "", time.Time{})
}

// used notes that a session was used.
func (s *Sessions) used(id int64, address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uses[id] = store.Touch{ID: id, At: time.Now(), Address: address}
}

// Run stores the last use of sessions every five minutes, and once more when ctx ends.
func (s *Sessions) Run(ctx context.Context) {
	tick := time.NewTicker(usePace)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.flush(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			s.flush(last)
			return
		}
	}
}

// flush stores the uses. Those that cannot be stored are kept for the next time, unless newer ones came.
func (s *Sessions) flush(ctx context.Context) {
	s.mu.Lock()
	uses := s.uses
	s.uses = map[int64]store.Touch{}
	s.mu.Unlock()
	touches := make([]store.Touch, 0, len(uses))
	for _, use := range uses {
		touches = append(touches, use)
	}
	err := s.Store.TouchSessions(ctx, touches)
	if err == nil {
		return
	}
	s.Logger.Warn("the last use of sessions could not be stored", "error", err)
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, use := range uses {
		if _, newer := s.uses[id]; !newer {
			s.uses[id] = use
		}
	}
}
