package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"time"

	"github.com/pressly/goose/v3"

	"guildwatch/internal/fault"
)

// checkTime bounds the look at an existing database when starting: the whole of a file up to some 50 MB, the first
// tables of a larger one. Ready within 300 ms is worth more than finding at the start what SQLite would report at the
// first read.
const checkTime = 100 * time.Millisecond

// inspect reads the schema version of an existing database and looks for damage, changing nothing.
func (d dir) inspect(ctx context.Context, files fs.FS) (version int64, err error) {
	file := d.database()
	info, err := os.Stat(file)
	if err != nil {
		return 0, err
	}
	if info.Size() == 0 {
		return 0, damaged(file, "the file is empty")
	}
	wal, err := os.Stat(file + "-wal")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	handle, err := openUntouched(file, err == nil && wal.Size() > 0)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, handle.Close()) }()
	var known int
	err = handle.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version'").Scan(&known)
	if err != nil {
		return 0, err
	}
	if known == 0 {
		return 0, fault.New(fault.Conflict,
			"%s is a database of another program. Choose another data directory with --data.", file)
	}
	err = handle.QueryRowContext(ctx,
		"SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	if err != nil {
		return 0, err
	}
	if err := quickCheck(ctx, handle, file); err != nil {
		return 0, err
	}
	return version, missingTable(ctx, handle, files, version, file)
}

var createTable = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)

// missingTable looks for each table that a migration up to a version has made.
func missingTable(ctx context.Context, handle *sql.DB, files fs.FS, version int64, file string) error {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		if made, err := goose.NumericComponent(name); err != nil || made > version {
			continue
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		for _, table := range createTable.FindAllSubmatch(text, -1) {
			var there bool
			query := "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?"
			if err := handle.QueryRowContext(ctx, query, string(table[1])).Scan(&there); err != nil {
				return err
			}
			if !there {
				return damaged(file, "there is no table "+string(table[1]))
			}
		}
	}
	return nil
}

// quickCheck looks for damage as long as checkTime allows.
func quickCheck(ctx context.Context, handle *sql.DB, file string) error {
	limited, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	var finding string
	err := handle.QueryRowContext(limited, "PRAGMA quick_check(1)").Scan(&finding)
	switch {
	case limited.Err() != nil && ctx.Err() == nil:
		return nil
	case err != nil:
		return err
	case finding != "ok":
		return damaged(file, finding)
	}
	return nil
}
