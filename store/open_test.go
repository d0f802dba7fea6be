package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"guildwatch/internal/fault"
)

// F03: what the address asks for is what every connection has.
func TestPragmasOfEveryConnection(t *testing.T) {
	s := openIn(t, t.TempDir())
	check := func(conn *sql.Conn, want map[string]string) {
		t.Helper()
		for pragma, value := range want {
			var got string
			if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != value {
				t.Errorf("%s is %s (%v), want %s", pragma, got, err, value)
			}
		}
	}
	check(s.writer.conn, map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1",
		"busy_timeout":       "1000",
		"wal_autocheckpoint": "12288", "query_only": "0"})
	readers := s.readDB.Stats().MaxOpenConnections
	if readers < 4 {
		t.Errorf("%d readers", readers)
	}
	for range readers {
		conn, err := s.readDB.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		check(conn, map[string]string{"journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "5000",
			"query_only": "1"})
		if _, err := conn.ExecContext(t.Context(), "DELETE FROM instance"); err == nil {
			t.Error("a reader can write")
		}
		if _, err := conn.ExecContext(t.Context(), `SELECT "no_such_column" FROM instance`); err == nil {
			t.Error("a misspelt column is taken for a string")
		}
	}
}

func TestFilesBelongToTheirOwnerAlone(t *testing.T) {
	d := dir(filepath.Join(t.TempDir(), "deep", "data"))
	s := openIn(t, string(d))
	if err := s.SetValue(t.Context(), "x", "y"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{"": 0o700, "lock": 0o600, "guildwatch.db": 0o600,
		"guildwatch.db-wal": 0o600, "guildwatch.db-shm": 0o600} {
		info, err := os.Stat(filepath.Join(string(d), name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q: %v, %v; want %v", name, info.Mode(), err, want)
		}
	}
}

// F05 and the missing table of F07: a damaged database is refused by name, with the remedy, and not touched.
func TestDamagedDatabasesAreRefused(t *testing.T) {
	for what, spoil := range map[string]func(t *testing.T, d dir, data []byte) []byte{
		"empty":     func(*testing.T, dir, []byte) []byte { return nil },
		"random":    func(_ *testing.T, _ dir, data []byte) []byte { rand.Read(data); return data },
		"zeros":     func(_ *testing.T, _ dir, data []byte) []byte { clear(data); return data },
		"truncated": func(_ *testing.T, _ dir, data []byte) []byte { return data[:len(data)/2] },
		"flipped page 2": func(_ *testing.T, _ dir, data []byte) []byte {
			for i := 4096; i < 8192; i++ {
				data[i] ^= 0xff
			}
			return data
		},
		"missing table": func(t *testing.T, d dir, _ []byte) []byte {
			raw := rawHandle(t, d.database())
			if _, err := raw.Exec("DROP TABLE violations"); err != nil {
				t.Fatal(err)
			}
			raw.Close()
			data, err := os.ReadFile(d.database())
			if err != nil {
				t.Fatal(err)
			}
			return data
		},
	} {
		t.Run(what, func(t *testing.T) {
			d := filled(t, 50)
			data, err := os.ReadFile(d.database())
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(d.database(), spoil(t, d, data), 0o600); err != nil {
				t.Fatal(err)
			}
			before := contents(t, d)
			_, err = open(string(d))
			if fault.Of(err) != fault.Unavailable || !strings.Contains(err.Error(), d.database()) ||
				!strings.Contains(err.Error(), "backup") {
				t.Errorf("opening it: %v", err)
			}
			same(t, before, contents(t, d))
		})
	}
}

func TestADatabaseOfAnotherProgramIsRefused(t *testing.T) {
	d := dir(t.TempDir())
	if err := touch(d.database()); err != nil {
		t.Fatal(err)
	}
	raw := rawHandle(t, d.database())
	if _, err := raw.Exec("CREATE TABLE theirs (x)"); err != nil {
		t.Fatal(err)
	}
	raw.Close()
	before := contents(t, d)
	if _, err := open(string(d)); fault.Of(err) != fault.Conflict || !strings.Contains(err.Error(), "another program") {
		t.Errorf("opening it: %v", err)
	}
	same(t, before, contents(t, d))
}

// F09: the second process on a directory is refused and told the first one's id; after the first, it may.
func TestTwoProcessesOnOneDirectory(t *testing.T) {
	d := dir(t.TempDir())
	s := openIn(t, string(d))
	output, err := child("open", string(d)).CombinedOutput()
	if err == nil || !strings.Contains(string(output), "in use by process "+strconv.Itoa(os.Getpid())) {
		t.Errorf("the second process: %v, %s", err, output)
	}
	if err := s.SetValue(context.Background(), "x", "y"); err != nil {
		t.Errorf("the first process: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if output, err := child("open", string(d)).CombinedOutput(); err != nil {
		t.Errorf("the next process: %v, %s", err, output)
	}
}

// A first start that was cut short leaves nothing that the next one stumbles over.
func TestAnInterruptedFirstStartIsForgotten(t *testing.T) {
	d := dir(t.TempDir())
	for _, suffix := range []string{"", "-wal", "-journal"} {
		if err := os.WriteFile(d.unfinished()+suffix, []byte("half of a database"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	openIn(t, string(d))
	for name := range contents(t, d) {
		if strings.Contains(name, "new") {
			t.Errorf("%s is still there", name)
		}
	}
}

func TestEveryRefusalIsAFault(t *testing.T) {
	d := dir("/data")
	for _, err := range []error{os.ErrPermission, fmt.Errorf("odd"),
		&os.PathError{Op: "open", Path: "/data", Err: os.ErrPermission}} {
		if got := d.explain(err); fault.Of(got) == fault.Internal {
			t.Errorf("%v became %v", err, got)
		}
	}
	if d.explain(nil) != nil {
		t.Error("no error became one")
	}
}
