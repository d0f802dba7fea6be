package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"

	"guildwatch/internal/fault"
)

// prepare leaves a whole database of the newest schema in the directory, or an error and everything as it was.
func (d dir) prepare(ctx context.Context, log *slog.Logger, files fs.FS) error {
	if err := discard(d.unfinished()); err != nil {
		return err
	}
	there, err := d.exists()
	if err != nil {
		return err
	}
	if !there {
		return d.create(ctx, files)
	}
	if err := d.writable(); err != nil {
		return err
	}
	version, err := d.inspect(ctx, files)
	if err != nil {
		return err
	}
	newest, err := newestVersion(files)
	if err != nil || version == newest {
		return err
	}
	if version > newest {
		return fault.New(fault.Conflict,
			"The database %s was written by a newer guildwatch (schema %d, this one knows %d). "+
				"Start the newer version again, or restore a backup from before the update.", d.database(), version, newest)
	}
	return d.update(ctx, log, files, version, newest)
}

// create makes a new database under another name and moves it into place.
func (d dir) create(ctx context.Context, files fs.FS) error {
	if err := touch(d.unfinished()); err != nil {
		return err
	}
	if err := migrateFile(ctx, d.unfinished(), files); err != nil {
		return errors.Join(err, discard(d.unfinished()))
	}
	return d.adopt()
}

// update copies the database beside itself, then migrates it. The copy stays: it is the way back.
func (d dir) update(ctx context.Context, log *slog.Logger, files fs.FS, version, newest int64) error {
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
	return migrateFile(ctx, d.database(), files)
}

func migrateFile(ctx context.Context, path string, files fs.FS) error {
	handle, err := openWriter(path)
	if err != nil {
		return err
	}
	return errors.Join(migrate(ctx, handle, files), handle.Close())
}

// migrate brings the schema up to the newest of files, each in a transaction of its own: a process that dies on the way
// leaves the old or the new schema, never a mixture.
func migrate(ctx context.Context, handle *sql.DB, files fs.FS) error {
	provider, err := goose.NewProvider(goose.DialectSQLite3, handle, files)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// newestVersion is the schema that this program knows.
func newestVersion(files fs.FS) (int64, error) {
	names, err := fs.Glob(files, "*.sql")
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
