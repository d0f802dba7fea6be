package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	sqlite3 "modernc.org/sqlite/lib"

	"guildwatch/internal/moderation"
)

// batch is the state of one commit.
type batch struct {
	*writer
	jobs    []*job
	errs    []error // by job
	lines   []moderation.Change
	touched Commit
	after   []func()
	undo    []func()
}

// commit runs the jobs in one transaction and answers each.
func (w *writer) commit(jobs []*job) {
	b := &batch{writer: w}
	if refusal := w.breaker.refuse(); refusal != nil {
		b.take(jobs)
		b.answer(refusal)
		return
	}
	err := b.begin()
	// Only now: whoever gave up while another program held the file is in no batch.
	b.take(jobs)
	if err == nil {
		err = b.run()
	}
	if err == nil {
		w.breaker.worked()
		w.commits.Add(1)
		w.checkpoints.wrote(len(b.jobs))
		b.tell()
		b.answer(nil)
		return
	}
	// ROLLBACK fails where SQLite has rolled back by itself, which is as good.
	_ = b.exec("ROLLBACK")
	backwards(b.undo)
	b.told.Store(b.begun.Load())
	pause := w.breaker.failed(err)
	w.log.Error("nothing could be written", "error", err, "jobs", len(b.jobs), "next_try", pause)
	b.answer(unavailable(err, pause))
}

// take makes the batch of those jobs that nobody has withdrawn.
func (b *batch) take(jobs []*job) {
	b.jobs = make([]*job, 0, len(jobs))
	for _, j := range jobs {
		if j.taken.CompareAndSwap(false, true) {
			b.jobs = append(b.jobs, j)
		}
	}
	b.errs = make([]error, len(b.jobs))
}

// answer wakes every caller, with the job's own error or else with the one that all share.
func (b *batch) answer(shared error) {
	b.done.Add(int64(len(b.jobs)))
	for i, j := range b.jobs {
		if b.errs[i] == nil {
			b.errs[i] = shared
		}
		j.done <- b.errs[i]
	}
}

// begin starts the transaction, waiting as long as it takes for another program to let go of the file.
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

// run leaves every job committed or its own error in errs, or returns the error for which the whole transaction is
// lost.
func (b *batch) run() error {
	for i, j := range b.jobs {
		failed, lost := b.one(j)
		if lost != nil {
			return lost
		}
		b.errs[i] = failed
	}
	b.begun.Add(1)
	return b.exec("COMMIT")
}

// one runs a job behind a savepoint: one that fails leaves nothing behind and harms no other.
func (b *batch) one(j *job) (failed, lost error) {
	if err := b.exec("SAVEPOINT job"); err != nil {
		return nil, err
	}
	t := &tx{Queries: b.queries, ctx: context.Background(), writer: b.writer}
	failed = b.safely(func() error { return j.run(t) })
	b.undo = append(b.undo, t.undo...)
	if failed == nil {
		b.lines = append(b.lines, t.changes...)
		b.touched.merge(t.touched)
		b.after = append(b.after, t.after...)
		return nil, b.exec("RELEASE job")
	}
	if broken(failed) {
		return nil, failed
	}
	// After an automatic rollback there is no such savepoint any more. Then the jobs before are lost too, and going on
	// would be worse: each further statement would commit alone.
	if err := b.exec("ROLLBACK TO job"); err != nil {
		return nil, errors.Join(failed, err)
	}
	b.undo = b.undo[:len(b.undo)-len(t.undo)]
	backwards(t.undo)
	return failed, b.exec("RELEASE job")
}

// tell spreads what was committed: to the writer's own memory and the caches, then to those who wait for changes.
func (b *batch) tell() {
	for _, then := range b.after {
		then()
	}
	b.touched.Seq = b.changes.newest()
	if n := len(b.lines); n > 0 {
		b.touched.Seq = b.lines[n-1].Seq
	}
	for _, told := range b.tells {
		if err := b.safely(func() error { told(b.touched); return nil }); err != nil {
			b.log.Error("a cache could not hear of a commit", "error", err)
		}
	}
	b.told.Store(b.begun.Load())
	b.changes.append(b.lines)
}

// exec runs a statement that steers the transaction.
func (w *writer) exec(statement string) error {
	_, err := w.stmts.ExecContext(context.Background(), statement)
	return err
}

// safely turns a panic into an error, with its stack in the log.
func (w *writer) safely(run func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			w.log.Error("a write panicked", "panic", p, "stack", string(debug.Stack()))
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

// broken says whether an error is the disk's, so that the next job would meet it too.
func broken(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM,
		sqlite3.SQLITE_CORRUPT,
		sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL:
		return true
	}
	return false
}
