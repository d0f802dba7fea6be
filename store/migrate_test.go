package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/migrations"
)

// release is the schema of a later release: everything of today, and one file more.
func release(statements string) fs.FS {
	later := fstest.MapFS{"9999_later.sql": &fstest.MapFile{Data: []byte("-- +goose Up\n" + statements)}}
	for _, name := range today() {
		data, err := fs.ReadFile(migrations.Files, name)
		if err != nil {
			panic(err)
		}
		later[name] = &fstest.MapFile{Data: data}
	}
	return later
}

// today lists the migrations of this release, oldest first.
func today() []string {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil || len(names) == 0 {
		panic("no migrations")
	}
	return names
}

// versionNow is the schema of this release.
func versionNow() int64 {
	names := today()
	version, err := strconv.ParseInt(names[len(names)-1][:4], 10, 64)
	if err != nil {
		panic(err)
	}
	return version
}

// slowly copies the change rows into forty tables: long enough to be killed in the middle.
func slowly() string {
	var text strings.Builder
	for i := range 40 {
		fmt.Fprintf(&text, "CREATE TABLE copy_%d AS SELECT * FROM changes;\n", i)
	}
	return text.String()
}

var quiet = slog.New(slog.DiscardHandler)

func childMigrates(place string) error {
	return dir(place).prepare(context.Background(), quiet, release(slowly()))
}

// filled makes a database with n actions in a new directory.
func filled(t testing.TB, n int64) dir {
	t.Helper()
	d := dir(t.TempDir())
	s, err := open(string(d))
	if err != nil {
		t.Fatal(err)
	}
	err = s.write(context.Background(), func(t *tx) error {
		for i := range n {
			e := auditEntry(1)
			if _, err := t.act(e.Guild, e.At, &e.Action, 0, "entry:"+time.Duration(i).String()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return d
}

// contents is the hash of every file in a directory, the lock apart.
func contents(t testing.TB, d dir) map[string][32]byte {
	t.Helper()
	sums := map[string][32]byte{}
	entries, err := os.ReadDir(string(d))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range entries {
		if file.Name() == "lock" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(string(d), file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		sums[file.Name()] = sha256.Sum256(data)
	}
	return sums
}

func TestUpdateKeepsACopy(t *testing.T) {
	d := filled(t, 3)
	if err := d.prepare(context.Background(), quiet,
		release("CREATE TABLE later (x INTEGER NOT NULL) STRICT;")); err != nil {
		t.Fatal(err)
	}
	now, old := rawHandle(t, d.database()), rawHandle(t, d.before(versionNow()))
	const tables, actions = "SELECT count(*) FROM sqlite_schema WHERE name = 'later'", "SELECT count(*) FROM actions"
	if number(t, now, tables) != 1 || number(t, now, actions) != 3 {
		t.Error("the database was not updated")
	}
	if number(t, old, tables) != 0 || number(t, old, actions) != 3 {
		t.Error("the copy is not the old database")
	}
	if info, err := os.Stat(d.before(versionNow())); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy's mode: %v, %v", info.Mode(), err)
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	d := filled(t, 3)
	if err := d.prepare(context.Background(), quiet,
		release("CREATE TABLE later (x INTEGER NOT NULL) STRICT;")); err != nil {
		t.Fatal(err)
	}
	before := contents(t, d)
	_, err := open(string(d))
	if fault.Of(err) != fault.Conflict || !strings.Contains(err.Error(), "newer guildwatch") {
		t.Errorf("opening a newer database: %v", err)
	}
	same(t, before, contents(t, d))
}

func TestAFailingMigrationLeavesTheOldSchema(t *testing.T) {
	d := filled(t, 3)
	err := d.prepare(context.Background(), quiet,
		release("CREATE TABLE later (x INTEGER NOT NULL) STRICT;\nINSERT INTO nowhere VALUES (1);"))
	if err == nil {
		t.Fatal("a failing migration was taken for done")
	}
	raw := rawHandle(t, d.database())
	if number(t, raw, "SELECT count(*) FROM sqlite_schema WHERE name = 'later'") != 0 {
		t.Error("half of the migration stayed")
	}
	raw.Close()
	if s := openIn(t, string(d)); s.LastSeq() != 3 {
		t.Errorf("last seq %d after a failed migration", s.LastSeq())
	}
}

// F50: the oldest schema that anybody may have is brought up to date, with its rows.
func TestTheFirstSchemaIsUpgraded(t *testing.T) {
	d := dir(t.TempDir())
	data, err := fs.ReadFile(migrations.Files, today()[0])
	if err != nil {
		t.Fatal(err)
	}
	first := fstest.MapFS{today()[0]: &fstest.MapFile{Data: data}}
	if err := d.prepare(context.Background(), quiet, first); err != nil {
		t.Fatal(err)
	}
	raw := rawHandle(t, d.database())
	if _, err := raw.Exec(`INSERT INTO guilds (guild_id, name, icon, owner_id, member_count, permissions, joined_at, updated_at)
		VALUES (42, 'guild', '', 7, 3, 0, 1, 1)`); err != nil {
		t.Fatal(err)
	}
	raw.Close()
	s := openIn(t, string(d))
	profile, known, err := s.Profile(context.Background(), 42)
	if err != nil || !known || profile.Name != "guild" || profile.Owner != 7 {
		t.Errorf("the guild after the upgrade: %+v, %v, %v", profile, known, err)
	}
}

// F08: a process that is killed while it migrates leaves the old schema or the new one, and the copy.
func TestKilledWhileMigrating(t *testing.T) {
	for i := range *kills {
		d := filled(t, 2000)
		process := child("migrate", string(d))
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Duration(i*280/(*kills)+20) * time.Millisecond)
		process.Process.Kill()
		process.Wait()
		raw := rawHandle(t, d.database())
		made := number(t, raw, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'copy_%'")
		version := number(t, raw, "SELECT max(version_id) FROM goose_db_version")
		t.Logf("kill %d: version %d, %d tables", i, version, made)
		if !(made == 0 && version == versionNow()) && !(made == 40 && version == 9999) {
			t.Errorf("version %d with %d of 40 tables", version, made)
		}
		if number(t, raw, "SELECT count(*) FROM actions") != 2000 {
			t.Error("rows are missing")
		}
		raw.Close()
		if err := d.prepare(context.Background(), quiet, release(slowly())); err != nil {
			t.Errorf("migrating after the kill: %v", err)
		}
	}
}

func same(t *testing.T, before, after map[string][32]byte) {
	t.Helper()
	for name := range after {
		if _, ok := before[name]; !ok {
			t.Errorf("%s was made", name)
		}
	}
	for name, sum := range before {
		if after[name] != sum {
			t.Errorf("%s was touched", name)
		}
	}
}
