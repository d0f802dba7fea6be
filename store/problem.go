package store

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"guildwatch/internal/fault"
)

// code is SQLite's primary result code of an error, 0 for an error from elsewhere.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// explain turns an error met while opening into one for the operator. Errors that are a fault already stay as they are.
func (d dir) explain(err error) error {
	var known *fault.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	file := d.database()
	switch code(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return damaged(file, err)
	case sqlite3.SQLITE_FULL:
		return fault.Wrap(err, fault.Unavailable, "The disk of %s is full. Free some space, then start again.", d)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_AUTH:
		return fault.Wrap(err, fault.Unavailable,
			"%s cannot be written. Give this user the right to write the file and its directory, and mount the disk "+
				"writable.", file)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fault.Wrap(err, fault.Unavailable, "Another program is writing %s. Stop it, then start again.", file)
	}
	path := (*fs.PathError)(nil)
	switch {
	case errors.As(err, &path) && path.Path == file:
		return fault.Wrap(err, fault.Unavailable,
			"%s cannot be written: %s. Give this user the right to write the file, and mount the disk writable.", file,
			path.Err)
	case errors.As(err, &path):
		return fault.Wrap(err, fault.Unavailable,
			"The data directory %s cannot be used: %s. Make it a directory that this user may write, or choose another "+
				"with --data.",
			d, path.Err)
	}
	return fault.Wrap(err, fault.Unavailable, "The database %s cannot be opened: %s.", file, err)
}

// damaged is the error for a file that is no whole database.
func damaged(file string, why any) error {
	return fault.Wrap(fmt.Errorf("%v", why), fault.Unavailable,
		"The database %s is damaged and was left untouched. Put your newest backup in its place, or move it away to "+
			"start empty.", file)
}

// unavailable turns an error of the writer into one for whoever wanted to write.
func unavailable(err error, retry time.Duration) error {
	text := "The database cannot be written at the moment. What happens meanwhile is shown as a gap."
	switch code(err) {
	case sqlite3.SQLITE_FULL:
		text = "The disk is full, so nothing can be recorded. Free some space; recording goes on by itself."
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		text = "Another program is writing the database. Recording goes on when it has finished."
	case sqlite3.SQLITE_READONLY:
		text = "The database has become read-only, so nothing can be recorded. Make its disk writable again."
	}
	return &fault.Error{Kind: fault.Unavailable, Public: text, RetryAfter: retry, Err: err}
}

// readRetry is when another try to read makes sense: what keeps a reader off a file lasts for seconds or for good.
const readRetry = 5 * time.Second

// unreadable turns an error of a reader into one for whoever wanted to look. What the file has no part in stays as it
// is: a query that is wrong is our mistake.
func unreadable(err error) error {
	switch code(err) {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN,
		sqlite3.SQLITE_BUSY,
		sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY,
		sqlite3.SQLITE_FULL:
		return &fault.Error{Kind: fault.Unavailable,
			Public:     "The database cannot be read at the moment. Please try again.",
			RetryAfter: readRetry, Err: err}
	}
	return err
}
