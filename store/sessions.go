package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

const (
	// SessionLife is how long a session lasts at most.
	SessionLife = 7 * day
	// SessionIdle is how long a session lasts unused.
	SessionIdle = 12 * time.Hour
	// mostSessions is how many sessions one person may have open; a further one ends the one that was used least
	// lately.
	mostSessions = 50
	// longestNote bounds what is kept of a browser's name and of an address, in bytes.
	longestNote = 200
)

// Session is one browser in which somebody is signed in.
type Session struct {
	ID       int64 // random and positive; says nothing about the token
	User     snowflake.UserID
	Created  time.Time
	Expires  time.Time // Created and SessionLife; sooner when it is not used for SessionIdle
	LastUsed time.Time
	Device   string // browser and system in words
	Address  string // the IP that it was last used from
}

var errNoSession = fault.New(fault.NotFound, "There is no such session.")

// StartSession begins a session, named by the hash of its token: the token itself never comes here. User, Device and
// Address are the caller's; the times are set here, and the id unless the caller has chosen one. A hash that a session
// had before, ended or not, is a Conflict.
func (s *Store) StartSession(ctx context.Context, tokenHash string, session Session) error {
	if tokenHash == "" || session.User == 0 {
		return fault.New(fault.Invalid, "A session needs a token and somebody to belong to.")
	}
	return s.write(ctx, func(t *tx) error {
		now := s.steady.ms(s.clock())
		if _, err := t.GetSession(t.ctx, tokenHash); !errors.Is(err, sql.ErrNoRows) {
			if err == nil {
				err = fault.New(fault.Conflict, "That session has been there before. Please sign in again.")
			}
			return err
		}
		if err := s.makeRoom(t, session.User, now); err != nil {
			return err
		}
		id := session.ID
		if id <= 0 {
			id = randomID()
		}
		if err := t.InsertSession(t.ctx, db.InsertSessionParams{
			TokenHash: tokenHash, SessionID: id, UserID: int64(session.User), CreatedAt: now,
			ExpiresAt: now + SessionLife.Milliseconds(), LastUsedAt: now, Device: clip(session.Device),
			Address: clip(session.Address),
		}); err != nil {
			return err
		}
		return t.auditSignIn(deed{
			actor: access.Person(session.User, false), action: "session.started", request: access.RequestOf(ctx),
		}, signedInOrOut{})
	})
}

// makeRoom ends a person's sessions that were used least lately, so that a further one is not too many.
func (s *Store) makeRoom(t *tx, user snowflake.UserID, now int64) error {
	open, err := t.ListOpenSessions(t.ctx, int64(user))
	if err != nil || len(open) < mostSessions {
		return err
	}
	slices.SortFunc(open, func(a, b db.Session) int { return int(a.LastUsedAt - b.LastUsedAt) })
	return s.end(t, now, open[:len(open)-mostSessions+1]...)
}

// EndSession ends one of the actor's own open sessions; any other is NotFound. Once it returns, the session is found
// no more, and it can never be begun again.
func (s *Store) EndSession(ctx context.Context, actor access.Actor, id int64) error {
	return s.write(ctx, func(t *tx) error {
		now := s.steady.ms(s.clock())
		row, err := t.GetSessionByID(t.ctx, id)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return errNoSession
		case err != nil:
			return err
		case actor.User() == 0 || row.UserID != int64(actor.User()):
			return errNoSession
		}
		if row.LastUsedAt = s.sessions.lastUse(row); over(row, now) {
			return errNoSession
		}
		if err := s.end(t, now, row); err != nil {
			return err
		}
		return t.auditSignIn(deed{actor: actor, action: "session.ended", request: access.RequestOf(ctx)}, signedInOrOut{})
	})
}

// EndSessions ends all of the actor's open sessions but one, 0 for none, and says how many those were.
func (s *Store) EndSessions(ctx context.Context, actor access.Actor, except int64) (ended int, err error) {
	if actor.User() == 0 {
		return 0, nil
	}
	err = s.write(ctx, func(t *tx) error {
		open, err := t.ListOpenSessions(t.ctx, int64(actor.User()))
		if err != nil {
			return err
		}
		open = slices.DeleteFunc(open, func(row db.Session) bool { return row.SessionID == except })
		if ended = len(open); ended == 0 {
			return nil
		}
		if err := s.end(t, s.steady.ms(s.clock()), open...); err != nil {
			return err
		}
		return t.auditSignIn(deed{actor: actor, action: "sessions.ended", request: access.RequestOf(ctx)},
			signedInOrOut{Ended: ended})
	})
	return ended, err
}

// Sessions lists the actor's open sessions, latest use first.
func (s *Store) Sessions(ctx context.Context, actor access.Actor) (list []Session, err error) {
	now := s.clock()
	at := s.steady.ms(now)
	err = s.Read(ctx, func(snapshot *Snapshot) {
		rows, err := snapshot.q.ListOpenSessions(ctx, int64(actor.User()))
		snapshot.ok("sessions", err)
		for _, row := range rows {
			row.LastUsedAt = s.sessions.lastUse(row)
			if !over(row, at) {
				list = append(list, s.session(now, row))
			}
		}
	})
	slices.SortFunc(list, func(a, b Session) int { return b.LastUsed.Compare(a.LastUsed) })
	return list, err
}

// over says whether a session has ended, been too long unused, or outlived its time.
func over(row db.Session, now int64) bool {
	return row.EndedAt != 0 || now >= row.ExpiresAt || now-row.LastUsedAt >= SessionIdle.Milliseconds()
}

func (s *Store) session(now time.Time, row db.Session) Session {
	return Session{
		ID: row.SessionID, User: snowflake.UserID(row.UserID), Created: s.steady.wall(now, row.CreatedAt),
		Expires: s.steady.wall(now, row.ExpiresAt), LastUsed: s.steady.wall(now, row.LastUsedAt),
		Device: row.Device, Address: row.Address,
	}
}

// clip shortens a text that a browser chose to at most longestNote bytes, and to whole characters.
func clip(text string) string {
	if len(text) <= longestNote {
		return text
	}
	cut := longestNote
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut]
}
