package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"

	"guildwatch/internal/fault"
	"guildwatch/store/internal/db"
)

// verifyPage is how many rows are looked at in one read transaction: some 5 ms, so that the log of the database is not
// kept from being folded in.
const verifyPage = 1000

// auditSince is the version of the schema that brought the audit log.
const auditSince = 3

// AuditProof is what a look at the whole audit log has found.
type AuditProof struct {
	Rows int64  // in order, up to the end or to the first bad one
	Head []byte // the hash of the last of them; note Rows and Head elsewhere, and ask for them later
	Bad  int64  // the number of the first row that is not what was written, or is not there; 0: none
	Why  string // what is wrong, as a sentence; empty: all is well
}

// Whole says whether the log is what was written.
func (p AuditProof) Whole() bool { return p.Why == "" }

// AuditMark is a row's number and hash, as noted elsewhere when it was the last one. The zero mark was never noted.
type AuditMark struct {
	Number int64
	Hash   []byte
}

// VerifyAudit follows the chain of the audit log from the first row to the last. Rows that are appended meanwhile are
// looked at too.
//
// It finds what was changed, moved, put in or taken out, unless whoever did it has computed every later hash anew and
// the end with them. Against that helps a mark that is kept elsewhere: see VerifyAuditIn.
func (s *Store) VerifyAudit(ctx context.Context) (AuditProof, error) {
	proof, err := verifyAudit(ctx, s.readDB, AuditMark{})
	return proof, unreadable(err)
}

// VerifyAuditIn is VerifyAudit for the database in a data directory, whether a guildwatch is running on it or not;
// nothing is changed. With a mark the log must also still have the row that was noted. An error is a *fault.Error that
// says why the log could not be read.
func VerifyAuditIn(ctx context.Context, directory string, noted AuditMark) (AuditProof, error) {
	d := dir(directory)
	if there, err := d.exists(); err != nil {
		return AuditProof{}, d.explain(err)
	} else if !there {
		return AuditProof{}, fault.New(fault.NotFound, "There is no database in %s.", directory)
	}
	for {
		// Nobody writes a database without a WAL. To read it as the file it is leaves nothing beside it, where SQLite's
		// own way leaves two files that may belong to another user than guildwatch. A guildwatch that was started
		// meanwhile makes that look worthless.
		before, quiet := d.atRest()
		proof, err := d.verifyAudit(ctx, quiet, noted)
		if now, still := d.atRest(); quiet && !(still && now == before) {
			continue
		}
		return proof, d.explain(err)
	}
}

// atRest says whether no WAL lies beside the database, and tells one state of the file from another.
func (d dir) atRest() (state string, quiet bool) {
	_, err := os.Stat(d.database() + "-wal")
	info, failed := os.Stat(d.database())
	if failed != nil || !errors.Is(err, fs.ErrNotExist) {
		return "", false
	}
	return fmt.Sprint(info.Size(), info.ModTime()), true
}

func (d dir) verifyAudit(ctx context.Context, quiet bool, noted AuditMark) (proof AuditProof, err error) {
	open := func() (*sql.DB, error) { return openReaders(d.database(), 1) }
	if quiet {
		open = func() (*sql.DB, error) { return openUntouched(d.database(), false) }
	}
	handle, err := open()
	if err != nil {
		return AuditProof{}, err
	}
	defer func() { err = errors.Join(err, handle.Close()) }()
	var version int64
	err = handle.QueryRowContext(ctx,
		"SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	if err == nil && version < auditSince {
		err = fault.New(fault.Conflict, "The database %s was last used by a guildwatch without an audit log. "+
			"Start guildwatch once: it brings the database up to date.", d.database())
	}
	if err != nil {
		return AuditProof{}, err
	}
	return verifyAudit(ctx, handle, noted)
}

// verifyAudit walks the chain, page by page; each page sees the rows and the end as they were at one moment.
func verifyAudit(ctx context.Context, handle *sql.DB, noted AuditMark) (AuditProof, error) {
	walk := auditWalk{after: math.MinInt64}
	for {
		done, err := walk.page(ctx, handle, noted)
		if done || err != nil {
			return walk.proof, err
		}
	}
}

// auditWalk is how far the chain was followed.
type auditWalk struct {
	proof AuditProof
	after int64 // the number of the last row looked at; before all numbers at first
}

func (w *auditWalk) page(ctx context.Context, handle *sql.DB, noted AuditMark) (done bool, err error) {
	read, err := handle.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return false, err
	}
	defer read.Rollback() //nolint:errcheck // nothing was written
	queries := db.New(read)
	head, err := queries.GetAuditHead(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return w.bad(w.proof.Rows+1, "The note of where the log ends is missing."), nil
	}
	if err != nil {
		return false, err
	}
	rows, err := queries.ListAuditChain(ctx, db.ListAuditChainParams{AfterNumber: w.after, Max: verifyPage})
	if err != nil {
		return false, err
	}
	for i := range rows {
		if w.row(&rows[i], head, noted) {
			return true, nil
		}
	}
	if len(rows) == verifyPage {
		return false, nil
	}
	return true, w.end(ctx, read, head, noted)
}

// row follows the chain by one row, and says whether it ends there.
func (w *auditWalk) row(row *db.Audit, head db.GetAuditHeadRow, noted AuditMark) (broken bool) {
	p := &w.proof
	next := p.Rows + 1
	switch {
	case row.Number != next:
		return w.bad(next, missing(next, row.Number-1))
	case row.Number > head.Number:
		return w.bad(next, fmt.Sprintf("Row %d comes after the noted end of the log, row %d: it was put in, or rows "+
			"were, and not by guildwatch.", next, head.Number))
	case !bytes.Equal(row.Hash, auditHash(row, p.Head)):
		return w.bad(next, fmt.Sprintf("Row %d does not follow from the row before it: it was changed, moved or "+
			"put in.", next))
	case row.Number == noted.Number && !bytes.Equal(row.Hash, noted.Hash):
		return w.bad(next, fmt.Sprintf("Row %d has not the hash that was noted: it or a row before it was replaced, "+
			"and all hashes after it were computed anew.", next))
	}
	p.Rows, p.Head, w.after = row.Number, row.Hash, row.Number
	return false
}

// end compares the last row with what was noted of it.
func (w *auditWalk) end(ctx context.Context, read *sql.Tx, head db.GetAuditHeadRow, noted AuditMark) error {
	p := &w.proof
	switch {
	case p.Rows < head.Number:
		w.bad(p.Rows+1, missing(p.Rows+1, head.Number))
	case !bytes.Equal(p.Head, head.Hash):
		w.bad(max(1, p.Rows), fmt.Sprintf("The noted end of the log has another hash than row %d, the last one.",
			p.Rows))
	case p.Rows < noted.Number:
		w.bad(p.Rows+1, missing(p.Rows+1, noted.Number))
	}
	if !p.Whole() {
		return nil
	}
	var guards int
	err := read.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' "+
		"AND name IN ('audit_never_changes', 'audit_never_shrinks', 'audit_never_replaced', 'audit_people_never_change')").
		Scan(&guards)
	if err == nil && guards < 4 {
		p.Why = "Every row is what was written, but the triggers that keep rows from being changed and deleted are " +
			"gone: somebody has taken them out of the database."
	}
	return err
}

func (w *auditWalk) bad(number int64, why string) bool {
	w.proof.Bad, w.proof.Why = number, why
	return true
}

func missing(from, to int64) string {
	switch {
	case to < from: // a number below 1 was put before the first
		return "A row stands before the first one: it was put in."
	case from == to:
		return fmt.Sprintf("Row %d is missing.", from)
	}
	return fmt.Sprintf("Rows %d to %d are missing.", from, to)
}
