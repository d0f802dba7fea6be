package store

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// What takes time runs scaled down; the figures in parentheses are the full size.
var (
	kills = flag.Int("kills", 3, "how often the writing process is killed (200)")
	tears = flag.Int("tears", 6, "how many torn logs are opened after each kill (25)")
)

// childEnv names what a child process of a test shall do.
const childEnv = "GUILDWATCH_STORE_CHILD"

var children = map[string]func(dir string) error{"write": childWrites, "open": childOpens, "migrate": childMigrates}

func TestMain(m *testing.M) {
	if task, place, ok := strings.Cut(os.Getenv(childEnv), ":"); ok {
		if err := children[task](place); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child makes a process of this test binary that does a task in a directory.
func child(task, dir string) *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), childEnv+"="+task+":"+dir)
	return command
}

func childOpens(dir string) error {
	s, err := open(dir)
	if err != nil {
		return err
	}
	return s.Close()
}

// childWrites records actions from four goroutines until it is killed, and prints the entry of each that was
// acknowledged.
func childWrites(dir string) error {
	s, err := open(dir)
	if err != nil {
		return err
	}
	start := snowflake.EntryID(time.Now().UnixNano())
	failed := make(chan error, 4)
	for worker := range snowflake.EntryID(4) {
		go func() {
			for i := snowflake.EntryID(0); ; i++ {
				entry := start + worker + 4*i
				if _, err := s.RecordAudit(context.Background(), auditEntry(entry)); err != nil {
					failed <- err
					return
				}
				// One write(2) a line: what was printed was acknowledged before.
				os.Stdout.WriteString(entry.String() + "\n")
			}
		}()
	}
	return <-failed
}

func auditEntry(entry snowflake.EntryID) moderation.AuditEntry {
	return moderation.AuditEntry{
		Origin: moderation.Origin{Guild: 1, At: time.Now()}, Entry: entry,
		Action: moderation.Action{Kind: moderation.ActionBan, Source: moderation.SourceAudit, Target: 7, Actor: 9,
			Outcome: moderation.OutcomeDone},
	}
}

func open(dir string) (*Store, error) {
	return Open(context.Background(), Options{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
}

// openIn opens a store for a test and closes it at its end.
func openIn(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// rawHandle opens a database as another program would.
func rawHandle(t testing.TB, path string) *sql.DB {
	t.Helper()
	handle, err := sql.Open("sqlite", address(path, []string{"busy_timeout(0)"}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { handle.Close() })
	return handle
}

// number gives the one number that a query answers.
func number(t testing.TB, on *sql.DB, query string, args ...any) (n int64) {
	t.Helper()
	if err := on.QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatal(query, err)
	}
	return n
}
