// Package store is the one file in which guildwatch remembers: the only importer of SQLite. Everything that happens is
// written by one goroutine in group commits (writer.go), read through a pool of read-only connections, and handed out
// as changes in the order of their commit (changes.go). DESIGN.md tells the number behind each decision.
package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/moderation/rule/scam"
	"guildwatch/internal/secret"
	"guildwatch/internal/snowflake"
	"guildwatch/migrations"
	"guildwatch/store/internal/db"
)

// Options says where a store lives and what it may use.
type Options struct {
	Dir       string           // the data directory; made when it is not there
	Clock     func() time.Time // time.Now when nil
	Logger    *slog.Logger     // slog.Default() when nil
	ReadConns int              // read-only connections; at least 4 when 0
	Key       secret.Key       // seals secrets; without one they can neither be kept nor opened
}

// Store is an open database. It is safe for concurrent use and implements moderation.Ledger.
type Store struct {
	dir   dir
	clock func() time.Time
	log   *slog.Logger
	key   secret.Key

	lock     *lock
	writeDB  *sql.DB
	readDB   *sql.DB
	readers  readers
	reads    *db.Queries // prepared statements on the read-only pool
	readStmt *statements
	writer   *writer
	changes  *ring
	closing  sync.Once
	closed   atomic.Bool

	caches   caches
	profiles *Cache[profileKey, Profile]
	appeals  *Cache[appealsKey, int64]
	raidsOn  *Cache[raidKey, int64]
	unseen   *Cache[unseenKey, map[snowflake.UserID][]Notification]
	rights   *Cache[rightsKey, rights]
	rules    *Cache[rulesKey, *rule.Set]
	scams    atomic.Pointer[scam.Domains] // nil: those that come with guildwatch
	watch    rightsWatch
	names    *Names
	sessions *sessions
	steady   steady
	denials  denials
	imports  sync.Map     // importKey: somebody is at it
	queries  atomic.Int64 // that read snapshots
}

var _ moderation.Ledger = (*Store)(nil)

// Open opens the database in a directory, making both when they are not there and bringing an older schema up to date.
// Whatever it refuses (a directory in use, a newer or damaged database, a disk that cannot be written) it leaves
// untouched; the error is a *fault.Error that names the file and what to do. The store must be closed.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{dir: dir(o.Dir), clock: o.Clock, log: o.Logger, key: o.Key}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	if err := s.open(ctx, o.ReadConns); err != nil {
		return nil, errors.Join(s.dir.explain(err), s.release())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, readConns int) (err error) {
	if err = s.dir.make(); err != nil {
		return err
	}
	if s.lock, err = lockFile(s.dir.lockPath()); err != nil {
		return err
	}
	if err = s.dir.prepare(ctx, s.log, migrations.Files); err != nil {
		return err
	}
	if s.writeDB, err = openWriter(s.dir.database()); err != nil {
		return err
	}
	if s.readDB, err = openReaders(s.dir.database(), max(readConns, 4, runtime.NumCPU())); err != nil {
		return err
	}
	s.readStmt = newStatements(s.readDB)
	s.reads = db.New(s.readStmt)
	last, err := s.reads.LastChange(ctx)
	if err != nil {
		return err
	}
	s.changes = newRing(last)
	if s.writer, err = newWriter(ctx, s); err != nil {
		return err
	}
	s.profiles, s.names, s.rights, s.rules = newProfiles(s), newNames(s), newRights(s), newRules(s)
	s.appeals = newOpenAppeals(s)
	s.raidsOn = newRaidsOn(s)
	s.unseen = newUnseen(s)
	s.steady, s.sessions = newSteady(s.clock), newSessions(s)
	s.onCommit(s.caches.heard)
	s.onCommit(s.watch.heard)
	s.resealSecrets(ctx)
	return nil
}

// Close waits for what is queued to be committed, then closes the file. Calls that come later fail.
func (s *Store) Close() (err error) {
	s.closing.Do(func() {
		s.closed.Store(true)
		err = s.release()
	})
	return err
}

func (s *Store) release() error {
	var errs []error
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	if s.readStmt != nil {
		errs = append(errs, s.readStmt.Close())
	}
	// The writer goes last: as the last connection it checkpoints the WAL into the database and deletes it.
	for _, handle := range []*sql.DB{s.readDB, s.writeDB} {
		if handle != nil {
			errs = append(errs, handle.Close())
		}
	}
	if s.changes != nil {
		s.changes.close()
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	return errors.Join(errs...)
}

// Problem says why nothing can be written at the moment: a *fault.Error, or nil when all is well.
func (s *Store) Problem() error { return s.writer.breaker.problem() }

// Writes says how many jobs were written in how many commits since the start, and how many wait now.
func (s *Store) Writes() (jobs, commits int64, waiting int) {
	return s.writer.done.Load(), s.writer.commits.Load(), len(s.writer.queue)
}

func (s *Store) now() int64 { return s.clock().UnixMilli() }
