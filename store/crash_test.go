package store

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// F01 and F02: a writing process is killed at a random moment. What it had acknowledged is there; with a torn log, what
// is there is a prefix of the commits; sums agree either way.
func TestKilledWhileWriting(t *testing.T) {
	d := dir(t.TempDir())
	acknowledged := 0
	for i := range *kills {
		lines := killWriter(t, d, time.Duration(10+rand.IntN(150))*time.Millisecond)
		acknowledged += len(lines)
		tear(t, d)
		s := openIn(t, string(d))
		there := map[string]bool{}
		for _, origin := range column(t, s, "SELECT origin FROM actions") {
			there[origin] = true
		}
		for _, entry := range lines {
			if !there["entry:"+entry] {
				t.Fatalf("kill %d: entry %s was acknowledged and is gone", i, entry)
			}
		}
		whole(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills, %d acknowledged writes", *kills, acknowledged)
	if acknowledged == 0 {
		t.Error("nothing was written: nothing was tested")
	}
}

// killWriter runs the writing child for a while, kills it, and gives the entries that it acknowledged.
func killWriter(t *testing.T, d dir, after time.Duration) (entries []string) {
	t.Helper()
	process := child("write", string(d))
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	var kill *time.Timer
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if _, err := strconv.ParseInt(lines.Text(), 10, 64); err != nil {
			t.Fatalf("the child said %q", lines.Text())
		}
		if kill == nil {
			kill = time.AfterFunc(after, func() { process.Process.Kill() })
		}
		entries = append(entries, lines.Text())
	}
	process.Wait()
	return entries
}

// tear opens copies of the database whose log was cut, zeroed or scribbled over at the end.
func tear(t *testing.T, d dir) {
	t.Helper()
	data, err := os.ReadFile(d.database())
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(d.database() + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	copied := checkpointed(t, d)
	for i := range *tears {
		if copied >= len(log) {
			break
		}
		torn := bytes.Clone(log)
		at := copied + rand.IntN(len(torn)-copied)
		how := []string{"cut", "zeroed", "scribbled"}[i%3]
		switch how {
		case "cut":
			torn = torn[:at]
		case "zeroed":
			clear(torn[at:])
		case "scribbled":
			for k := at; k < len(torn); k++ {
				torn[k] = byte(rand.Uint32())
			}
		}
		t.Run(fmt.Sprintf("%s at %d of %d", how, at, len(log)), func(t *testing.T) {
			other := dir(t.TempDir())
			for name, content := range map[string][]byte{other.database(): data, other.database() + "-wal": torn} {
				if err := os.WriteFile(name, content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			whole(t, openIn(t, string(other)))
		})
	}
}

// checkpointed is how much of the log a checkpoint may have copied into the database: SQLite syncs the log before it
// does so, and no power cut can tear what was synced. The log's index says it in frames, at the places that the file
// format gives.
func checkpointed(t *testing.T, d dir) int {
	t.Helper()
	index, err := os.ReadFile(d.database() + "-shm")
	if err != nil {
		t.Fatal(err)
	}
	const header, frame = 32, 24 + 4096
	done, begun := binary.NativeEndian.Uint32(index[96:]), binary.NativeEndian.Uint32(index[128:])
	return header + int(max(done, begun))*frame
}

// whole checks that the database is a prefix of what the child wrote: no hole, no half of a job, no damage.
func whole(t *testing.T, s *Store) {
	t.Helper()
	var finding string
	if err := s.readDB.QueryRow("PRAGMA integrity_check").Scan(&finding); err != nil || finding != "ok" {
		t.Errorf("integrity: %s, %v", finding, err)
	}
	actions := number(t, s.readDB, "SELECT count(*) FROM actions")
	for what, query := range map[string]string{
		"newest action":    "SELECT coalesce(max(action_id), 0) FROM actions",
		"changes":          "SELECT count(*) FROM changes",
		"newest change":    "SELECT coalesce(max(seq), 0) FROM changes",
		"bans":             "SELECT coalesce(sum(bans), 0) FROM action_counts WHERE guild_id = 1",
		"bans of all":      "SELECT coalesce(sum(bans), 0) FROM action_counts WHERE guild_id = 0",
		"target's month":   "SELECT coalesce(sum(month), 0) FROM target_window",
		"changes' actions": "SELECT count(*) FROM changes JOIN actions ON ref = action_id AND seq = action_id",
	} {
		if n := number(t, s.readDB, query); n != actions {
			t.Errorf("%s: %d, want %d", what, n, actions)
		}
	}
	if _, err := s.RecordAudit(t.Context(), auditEntry(1)); err != nil {
		t.Errorf("writing goes on: %v", err)
	}
}

// column gives the texts that a query answers.
func column(t *testing.T, s *Store, query string) (texts []string) {
	t.Helper()
	rows, err := s.readDB.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return texts
}
