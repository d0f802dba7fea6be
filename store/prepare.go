package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/pressly/goose/v3"

	"guildwatch/internal/fault"
	"guildwatch/migrations"
)

// checkTime bounds the look at an existing database when starting: the whole of a file up to some 50 MB, the first tables of a
// larger one. Ready within 300 ms is worth more than finding at the start what SQLite would report at the first read.
const checkTime = 100 * time.Millisecond

// prepare leaves a whole database of the newest schema in the directory, or an error and everything as it was.
func (d dir) prepare(ctx context.Context, log *slog.Logger) error {
	if err := discard(d.unfinished()); err != nil {
		return err
	}
	there, err := d.exists()
	if err != nil {
		return err
	}
	if !there {
		return d.create(ctx)
	}
	version, err := d.inspect(ctx)
	if err != nil {
		return err
	}
	newest, err := newestVersion()
	if err != nil || version == newest {
		return err
	}
	if version > newest {
		return fault.New(fault.Conflict, "The database %s was written by a newer guildwatch (schema %d, this one knows %d). "+
			"Start the newer version again, or restore a backup from before the update.", d.database(), version, newest)
	}
	return d.update(ctx, log, version, newest)
}

// create makes a new database under another name and moves it into place.
func (d dir) create(ctx context.Context) error {
	if err := touch(d.unfinished()); err != nil {
		return err
	}
	if err := migrateFile(ctx, d.unfinished(), "synchronous(full)"); err != nil {
		return errors.Join(err, discard(d.unfinished()))
	}
	return d.adopt()
}

// update copies the database beside itself, then migrates it. The copy stays: it is the way back.
func (d dir) update(ctx context.Context, log *slog.Logger, version, newest int64) error {
	backup := d.before(version)
	if err := discard(backup); err != nil {
		return err
	}
	if err := touch(backup); err != nil {
		return err
	}
	handle, err := openWriter(d.database())
	if err != nil {
		return err
	}
	// VACUUM INTO needs no write lock and fills an empty file.
	_, err = handle.ExecContext(ctx, "VACUUM INTO ?", backup)
	if err = errors.Join(err, handle.Close()); err != nil {
		return errors.Join(err, discard(backup))
	}
	log.Info("updating the database", "from", version, "to", newest, "copy", backup)
	return migrateFile(ctx, d.database())
}

func migrateFile(ctx context.Context, path string, pragmas ...string) error {
	handle, err := openWriter(path, pragmas...)
	if err != nil {
		return err
	}
	return errors.Join(migrateHandle(ctx, handle), handle.Close())
}

func migrateHandle(ctx context.Context, handle *sql.DB) error {
	return migrate(ctx, handle, migrations.Files)
}

// migrate brings the schema up to the newest of files, each in a transaction of its own: a process that dies on the way leaves the
// old or the new schema, never a mixture.
func migrate(ctx context.Context, handle *sql.DB, files fs.FS) error {
	provider, err := goose.NewProvider(goose.DialectSQLite3, handle, files)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// newestVersion is the schema that this program knows.
func newestVersion() (int64, error) {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return 0, err
	}
	var newest int64
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return 0, err
		}
		newest = max(newest, version)
	}
	return newest, nil
}

// inspect reads the schema version of an existing database and looks for damage, changing nothing.
func (d dir) inspect(ctx context.Context) (version int64, err error) {
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
		return 0, fault.New(fault.Conflict, "%s is a database of another program. Choose another data directory with --data.", file)
	}
	err = handle.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	if err != nil {
		return 0, err
	}
	return version, quickCheck(ctx, handle, file)
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
