package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"guildwatch/store/internal/db"
)

const (
	// touchPace is how often the use of sessions is noted in the table, and so how much older than the truth the
	// table may be.
	touchPace = 5 * time.Minute
	// keepLinks is how long a link is remembered when it is late, so that a page can say that it was.
	keepLinks = day
)

// Touch says that a session was used.
type Touch struct {
	ID      int64
	At      time.Time // as time.Now gave it: its monotonic reading is what counts
	Address string    // the IP that it was used from
}

// TouchSessions notes when sessions were last used. One that has ended, was too long unused before, or is unknown stays
// as it is.
func (s *Store) TouchSessions(ctx context.Context, touches []Touch) error {
	if len(touches) == 0 {
		return nil
	}
	return s.write(ctx, func(t *tx) error {
		now := s.steady.ms(s.clock())
		for _, touch := range touches {
			row, err := t.GetSessionByID(t.ctx, touch.ID)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			at := min(now, s.steady.ms(touch.At))
			row.LastUsedAt = s.sessions.lastUse(row)
			if over(row, at) || now >= row.ExpiresAt {
				continue
			}
			if err := s.touch(t, row, max(at, row.LastUsedAt), clip(touch.Address)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) touch(t *tx, row db.Session, at int64, address string) error {
	t.after = append(t.after, func() {
		if address != row.Address {
			s.sessions.cache.Drop(sessionKey(row.TokenHash))
		} else if open, ok := s.sessions.cache.peek(sessionKey(row.TokenHash)); ok {
			open.use(at)
		}
	})
	return t.TouchSession(t.ctx, db.TouchSessionParams{LastUsedAt: at, Address: address, TokenHash: row.TokenHash})
}

// SweepIdentity ends sessions that are over, forgets those that have outlived their time, and forgets links a day after
// they were too late.
func (s *Store) SweepIdentity(ctx context.Context, now time.Time) error {
	return s.write(ctx, func(t *tx) error {
		at := s.steady.ms(now)
		return errors.Join(s.sweepIdle(t, at), s.sweepExpired(t, at), t.DeleteLinks(t.ctx, at-keepLinks.Milliseconds()))
	})
}

// sweepIdle ends what was not used, with some minutes to spare: a use may not have been noted yet.
func (s *Store) sweepIdle(t *tx, now int64) error {
	rows, err := t.ListIdleSessions(t.ctx, db.ListIdleSessionsParams{
		Now: now, IdleSince: now - (SessionIdle + touchPace).Milliseconds(),
	})
	if err != nil {
		return err
	}
	var idle []db.Session
	for _, row := range rows {
		if used := s.sessions.lastUse(row); now-used < SessionIdle.Milliseconds() {
			if err := s.touch(t, row, used, row.Address); err != nil {
				return err
			}
			continue
		}
		idle = append(idle, row)
	}
	return s.end(t, now, idle...)
}

func (s *Store) sweepExpired(t *tx, now int64) error {
	rows, err := t.ListExpiredSessions(t.ctx, now)
	if err != nil {
		return err
	}
	var open []db.Session
	for _, row := range rows {
		if row.EndedAt == 0 {
			open = append(open, row)
		}
	}
	if err := s.end(t, now, open...); err != nil {
		return err
	}
	for _, row := range rows {
		if err := t.DeleteSession(t.ctx, row.TokenHash); err != nil {
			return err
		}
	}
	return nil
}
