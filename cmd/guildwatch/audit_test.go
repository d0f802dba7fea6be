package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"guildwatch/store"
	"guildwatch/store/storetest"
)

// logged opens a store whose audit log has rows.
func logged(t *testing.T, dir string, rows int) *store.Store {
	t.Helper()
	s, err := storetest.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if err := s.StartSession(t.Context(), fmt.Sprint("hash-", i), store.Session{User: 81384788765712384}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// headIn finds the head in what the command printed.
func headIn(t *testing.T, out string) string {
	t.Helper()
	_, after, found := strings.Cut(out, "Its head is ")
	head, _, whole := strings.Cut(after, "\n")
	if !found || !whole {
		t.Fatalf("no head in %s", out)
	}
	return head
}

func TestAuditVerifyProvesALogBesideARunningGuildwatch(t *testing.T) {
	dir := t.TempDir()
	s := logged(t, dir, 5)
	code, out, errs := shell(t, "audit", "verify", "--data", dir)
	if code != 0 || !strings.Contains(out, "is whole: 5 rows") || errs != "" {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	head := headIn(t, out)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := shell(t, "audit", "verify", "--data", dir, "--expect", head); code != 0 ||
		!strings.Contains(out, "Row 5 still has the hash") || headIn(t, out) != head {
		t.Errorf("stopped: exit %d: %s", code, out)
	}
	other := strings.Replace(head, "5:", "4:", 1)
	if code, _, errs := shell(t, "audit", "verify", "--data", dir, "--expect", other); code != 1 ||
		!strings.Contains(errs, "Row 4 has not the hash that was noted") {
		t.Errorf("another head: exit %d: %s", code, errs)
	}
	storetest.Tamper(t, dir, "DROP TRIGGER audit_never_changes", "UPDATE audit SET action = 'nothing' WHERE number = 3")
	if code, out, errs := shell(t, "audit", "verify", "--data", dir); code != 1 || out != "" ||
		!strings.Contains(errs, "Row 3 does not follow") || !strings.Contains(errs, "The 2 rows before") {
		t.Errorf("tampered with: exit %d: %s%s", code, out, errs)
	}
}

func TestAuditVerifySaysWhyItCannotLook(t *testing.T) {
	dir := t.TempDir()
	if code, _, errs := shell(t, "audit", "verify", "--data", dir); code != 3 || !strings.Contains(errs, "no database in "+dir) {
		t.Errorf("no database: exit %d: %s", code, errs)
	}
	if err := os.WriteFile(filepath.Join(dir, "guildwatch.db"), []byte("This is no database."), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := shell(t, "audit", "verify", "--data", dir); code != 3 || !strings.Contains(errs, "damaged") {
		t.Errorf("no SQLite file: exit %d: %s", code, errs)
	}
	if code, _, errs := shell(t, "audit", "verify", "--expect", "5:abc"); code != 2 || !strings.Contains(errs, "is no head") {
		t.Errorf("no head: exit %d: %s", code, errs)
	}
	empty := t.TempDir()
	if err := logged(t, empty, 0).Close(); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := shell(t, "audit", "verify", "--data", empty); code != 0 || !strings.Contains(out, "no rows yet") {
		t.Errorf("an empty log: exit %d: %s", code, out)
	}
}

// guildwatch starts on a log that was tampered with, says so in its log and on /health, and works.
func TestATamperedAuditLogIsToldAndStopsNothing(t *testing.T) {
	s := newStage(t)
	var log syncedLog
	s.log = &log
	if err := logged(t, s.config.Data, 3).Close(); err != nil {
		t.Fatal(err)
	}
	s.open()
	s.until("the whole log is told", func() bool { return strings.Contains(log.String(), "the audit log is whole") })
	s.close()
	storetest.Tamper(t, s.config.Data, "DROP TRIGGER audit_never_shrinks", "DELETE FROM audit WHERE number = 2")
	s.open()
	defer s.close()
	s.until("the health page tells of it", func() bool { return strings.Contains(s.get("/health"), "Row 2 is missing") })
	if health := s.get("/health"); !strings.Contains(health, `"status":"degraded"`) {
		t.Errorf("health: %s", health)
	}
	if !strings.Contains(log.String(), "level=ERROR") || !strings.Contains(log.String(), "row=2") {
		t.Errorf("the log does not say so")
	}
	s.connected()
}

// syncedLog is a log that may be read while it is written.
type syncedLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *syncedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *syncedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
