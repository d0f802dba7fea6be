package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/migrations"
	"guildwatch/store/internal/db"
)

// importPragmas give up safety for speed on a file that nobody else knows of: nothing is undone, nothing waits for the
// disk, and the sorts that make the indexes stay in memory.
var importPragmas = []string{"journal_mode(off)", "synchronous(off)", "locking_mode(exclusive)", "cache_size(-65536)",
	"temp_store(memory)"}

// Import makes a new database from a history that fill tells. The directory must hold none. Until Import returns nil
// the database does not exist: it is written beside, made durable, then given its name, so an import that was cut short
// leaves nothing.
func Import(ctx context.Context, o Options, fill func(*Importer) error) (err error) {
	d, clock := dir(o.Dir), o.Clock
	if clock == nil {
		clock = time.Now
	}
	defer func() { err = d.explain(err) }()
	if err := d.make(); err != nil {
		return err
	}
	lock, err := lockFile(d.lockPath())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.release()) }()
	if there, err := d.exists(); err != nil {
		return err
	} else if there {
		return fault.New(fault.Conflict, "%s exists already. An import makes a new database: choose another directory.",
			d.database())
	}
	if err := discard(d.unfinished()); err != nil {
		return err
	}
	if err := d.fill(ctx, clock().UnixMilli(), fill); err != nil {
		return errors.Join(err, discard(d.unfinished()))
	}
	return d.adopt()
}

// fill writes the unfinished database and makes it durable.
func (d dir) fill(ctx context.Context, now int64, fill func(*Importer) error) error {
	file := d.unfinished()
	if err := touch(file); err != nil {
		return err
	}
	handle, err := openHandle(address(file, importPragmas, "mode", "rw"), 1)
	if err != nil {
		return err
	}
	if err := errors.Join(importInto(ctx, handle, now, fill), handle.Close()); err != nil {
		return err
	}
	// Opened as the program opens it, one write and the checkpoint of closing put the whole file on the disk.
	handle, err = openWriter(file)
	if err != nil {
		return err
	}
	stamp := db.PutValueParams{Name: "imported", Value: time.UnixMilli(now).UTC().Format(time.RFC3339)}
	err = db.New(handle).PutValue(ctx, stamp)
	return errors.Join(err, handle.Close())
}

func importInto(ctx context.Context, handle *sql.DB, now int64, fill func(*Importer) error) error {
	if err := migrate(ctx, handle, migrations.Files); err != nil {
		return err
	}
	conn, err := handle.Conn(ctx)
	if err != nil {
		return err
	}
	statements := newStatements(conn)
	restore, err := dropIndexes(ctx, statements)
	if err == nil {
		_, err = statements.ExecContext(ctx, "BEGIN")
	}
	if err == nil {
		im := newImporter(ctx, db.New(statements), now)
		if err = fill(im); err == nil {
			im.finish()
		}
		err = errors.Join(err, im.drain())
	}
	if err == nil {
		err = restore()
	}
	// Row by row they are in dozens of pieces, each of which a search opens: 3 and 30 s at ten million violations.
	for _, index := range []string{"violation_facets", "violation_words"} {
		if err == nil {
			_, err = statements.ExecContext(ctx, fmt.Sprintf("INSERT INTO %[1]s (%[1]s) VALUES ('optimize')", index))
		}
	}
	if err == nil {
		_, err = statements.ExecContext(ctx, "COMMIT")
	}
	return errors.Join(err, statements.Close(), conn.Close())
}

// dropIndexes drops every index that restore makes again: sorted once at the end, they cost a third of what they cost
// row by row.
func dropIndexes(ctx context.Context, on *statements) (restore func() error, err error) {
	rows, err := on.QueryContext(ctx, "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
	if err != nil {
		return nil, err
	}
	var indexes []struct{ name, sql string }
	for rows.Next() {
		var index struct{ name, sql string }
		if err := rows.Scan(&index.name, &index.sql); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		indexes = append(indexes, index)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	run := func(statement string) error {
		_, err := on.on.(*sql.Conn).ExecContext(ctx, statement)
		return err
	}
	for _, index := range indexes {
		if err := run("DROP INDEX " + index.name); err != nil {
			return nil, err
		}
	}
	return func() error {
		for _, index := range indexes {
			if err := run(index.sql); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// sortedKeys lists a map's keys in the order of their table's key, so that its pages are filled one after the other.
func sortedKeys[K comparable, V any](m map[K]V, order func(a, b K) int) []K {
	keys := make([]K, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, order)
	return keys
}

func byGuildAndBucket(a, b guildBucket) int {
	return cmp.Or(cmp.Compare(a.guild, b.guild), cmp.Compare(a.bucket, b.bucket), cmp.Compare(a.source, b.source))
}
