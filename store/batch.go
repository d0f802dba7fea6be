package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	sqlite3 "modernc.org/sqlite/lib"

	"guildwatch/internal/moderation"
)

// errRolledBack is what the innocent jobs of a batch get when SQLite has rolled the whole transaction back.
var errRolledBack = errors.New("store: the transaction was rolled back")

// batch is the state of one commit.
type batch struct {
	*writer
	jobs    []*job
	errs    []error // by job; errWithdrawn for those that were given up before
	changes []moderation.Change
	touched Commit
	after   []func()
	undo    []func()
}

var errWithdrawn = errors.New("store: withdrawn")

// commit runs the jobs in one transaction and answers each.
func (w *writer) commit(jobs []*job) {
	b := &batch{writer: w, jobs: jobs, errs: make([]error, len(jobs))}
	if err := b.run(); err != nil {
		// It fails where SQLite has rolled back by itself, which is as good.
		_ = b.exec("ROLLBACK")
		backwards(b.undo)
		err = w.fail(err)
		for i := range b.errs {
			if b.errs[i] == nil || errors.Is(b.errs[i], errRolledBack) {
				b.errs[i] = err
			}
		}
	} else {
		w.breaker.worked()
		b.tell()
	}
	for i, j := range jobs {
		if !errors.Is(b.errs[i], errWithdrawn) {
			j.done <- b.errs[i]
		}
	}
}

// run leaves every job committed or its own error in errs; or it returns the error that all of them share.
func (b *batch) run() error {
	if err := b.breaker.refuse(); err != nil {
		return b.refuse(err)
	}
	if err := b.begin(); err != nil {
		return b.refuse(err)
	}
	for i, j := range b.jobs {
		if !j.taken.CompareAndSwap(false, true) {
			b.errs[i] = errWithdrawn
			continue
		}
		if err := b.one(i, j); err != nil {
			for k, later := range b.jobs[i+1:] {
				if !later.taken.CompareAndSwap(false, true) {
					b.errs[i+1+k] = errWithdrawn
				}
			}
			return err
		}
	}
	return b.exec("COMMIT")
}

// refuse takes every job without running it.
func (b *batch) refuse(err error) error {
	for i, j := range b.jobs {
		if !j.taken.CompareAndSwap(false, true) {
			b.errs[i] = errWithdrawn
		}
	}
	return err
}

// one runs a job behind a savepoint. A failing job leaves its error and nothing else; the error returned says that the whole
// transaction is lost.
func (b *batch) one(i int, j *job) error {
	if err := b.exec("SAVEPOINT job"); err != nil {
		return err
	}
	t := &tx{Queries: b.queries, ctx: context.Background(), writer: b.writer}
	failed := safely(b, func() error { return j.run(t) })
	if failed == nil {
		b.undo = append(b.undo, t.undo...)
		if err := b.exec("RELEASE job"); err != nil {
			return fmt.Errorf("%w: %w", errRolledBack, err)
		}
		b.changes = append(b.changes, t.changes...)
		b.touched.merge(t.touched)
		b.after = append(b.after, t.after...)
		return nil
	}
	backwards(t.undo)
	// After an automatic rollback (disk full, I/O error) there is no such savepoint: the jobs before are lost too, and a statement
	// that came now would commit alone.
	if err := b.exec("ROLLBACK TO job"); err != nil {
		return failed
	}
	if broken(failed) {
		return failed
	}
	b.errs[i] = failed
	return b.exec("RELEASE job")
}

// tell spreads what was committed: first to the caches, then to those who wait for changes; the callers are woken last.
func (b *batch) tell() {
	for _, done := range b.after {
		done()
	}
	b.touched.Seq = b.writer.changes.newest()
	if n := len(b.changes); n > 0 {
		b.touched.Seq = b.changes[n-1].Seq
	}
	for _, told := range b.told {
		if err := safely(b, func() error { told(b.touched); return nil }); err != nil {
			b.log.Error("a cache failed to hear of a commit", "error", err)
		}
	}
	b.writer.changes.append(b.changes)
}

// begin starts the transaction, waiting as long as it takes for another process to let go of the file.
func (b *batch) begin() error {
	for warned := false; ; warned = true {
		err := b.exec("BEGIN IMMEDIATE")
		if code(err) != sqlite3.SQLITE_BUSY {
			return err
		}
		if !warned {
			b.log.Warn("another program is writing the database: waiting for it")
			b.breaker.note(unavailable(err, 0))
		}
		select {
		case <-b.stopping:
			return err
		default:
		}
	}
}

// exec runs a statement that steers the transaction.
func (w *writer) exec(statement string) error {
	_, err := w.stmts.ExecContext(context.Background(), statement)
	return err
}

// fail opens the breaker when an error concerns the disk and not the job, and gives the error for the callers.
func (w *writer) fail(err error) error {
	if w.breaker.isOpen(err) {
		return err
	}
	retry := w.breaker.failed(err)
	w.log.Error("nothing could be written", "error", err, "next_try", retry)
	return unavailable(err, retry)
}

// broken says whether an error is the disk's, so that the next job would meet it too.
func broken(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CORRUPT,
		sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL:
		return true
	}
	return false
}

// safely turns a panic into an error, with its stack in the log.
func safely(b *batch, run func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			b.log.Error("a write panicked", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("store: panic: %v", p)
		}
	}()
	return run()
}

func backwards(undo []func()) {
	for i := len(undo) - 1; i >= 0; i-- {
		undo[i]()
	}
}
