package store

import (
	"database/sql"
	"net/url"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver
)

// writePragmas are set on the writing connection, readPragmas on every reading one. They stand in the address because a
// PRAGMA executed on a pool reaches one connection of it. The writer waits one second for another process's lock, then
// looks whether it shall stop, and waits again. Each connection has a page cache of its own: half a megabyte for each of
// four readers, where SQLite's own 2 MB filled up in the course of an hour, took 14 MB more and made no page faster. What
// they leave out the system's cache has. What the writer deletes it overwrites, or whoever reads the file would find
// what was erased.
var (
	writePragmas = []string{"busy_timeout(1000)", "journal_mode(wal)", "synchronous(full)", "foreign_keys(1)",
		"secure_delete(1)", checkpointAtLatest}
	readPragmas = []string{"busy_timeout(5000)", "query_only(1)", "foreign_keys(1)", "cache_size(-512)"}
)

// address is the driver's name for a database file.
func address(path string, pragmas []string, settings ...string) string {
	// A relative path has no place in a file: address.
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	values := url.Values{"_pragma": pragmas, "_dqs": {"0"}}
	for i := 0; i < len(settings); i += 2 {
		values.Set(settings[i], settings[i+1])
	}
	place := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: values.Encode()}
	return place.String()
}

// openWriter makes a handle of one connection: with several, commits ended in "database is locked" after 5 s of
// waiting.
func openWriter(path string) (*sql.DB, error) {
	return openHandle(address(path, writePragmas, "mode", "rw", "_txlock", "immediate"), 1)
}

// openReaders makes a pool of read-only connections.
func openReaders(path string, conns int) (*sql.DB, error) {
	return openHandle(address(path, readPragmas, "mode", "ro"), conns)
}

// openUntouched makes a handle that cannot change the file nor anything beside it.
func openUntouched(path string, hasWAL bool) (*sql.DB, error) {
	settings := []string{"mode", "ro"}
	if !hasWAL {
		settings = append(settings, "immutable", "1")
	}
	return openHandle(address(path, readPragmas, settings...), 1)
}

func openHandle(address string, conns int) (*sql.DB, error) {
	handle, err := sql.Open("sqlite", address)
	if err != nil {
		return nil, err
	}
	handle.SetMaxOpenConns(conns)
	handle.SetMaxIdleConns(conns)
	return handle, nil
}
