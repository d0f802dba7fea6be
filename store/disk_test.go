package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// limit sets how many pages the writer's database may have, 0 for no limit: SQLite reports a full disk beyond it.
func limit(t *testing.T, s *Store, pages int64) {
	t.Helper()
	if pages == 0 {
		pages = 1 << 30
	}
	if _, err := s.writer.conn.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
		t.Fatal(err)
	}
}

func large(name string) func(*tx) error {
	return func(t *tx) error {
		return t.PutValue(t.ctx, db.PutValueParams{Name: name, Value: strings.Repeat("x", 1<<20)})
	}
}

// F04: on a full disk the whole batch fails, nobody's write is half there, the breaker answers for the disk, and
// writing goes on by itself once there is room.
func TestFullDisk(t *testing.T) {
	s := openIn(t, t.TempDir())
	acknowledged := int64(0)
	record := func() error {
		_, err := s.RecordAudit(context.Background(), auditEntry(snowflake.EntryID(acknowledged+1)))
		if err == nil {
			acknowledged++
		}
		return err
	}
	if err := record(); err != nil {
		t.Fatal(err)
	}
	limit(t, s, number(t, s.readDB, "PRAGMA page_count"))
	for i, err := range together(s, put("before"), large("large"), put("after")) {
		if fault.Of(err) != fault.Unavailable || !strings.Contains(err.Error(), "disk is full") {
			t.Errorf("job %d of the failing batch: %v", i, err)
		}
	}
	if s.Problem() == nil {
		t.Error("no problem is reported")
	}
	if changes, err := s.ChangesAfter(t.Context(), 0, 0, 100); err != nil || len(changes) != 1 || s.LastSeq() != 1 {
		t.Errorf("%d changes up to %d after the rollback (%v), want 1", len(changes), s.LastSeq(), err)
	}
	_, before, _ := s.Writes()
	until := func(at time.Time) { // the pause of 100 ms may be over before a busy machine gets on
		s.writer.breaker.mu.Lock()
		defer s.writer.breaker.mu.Unlock()
		s.writer.breaker.until = at
	}
	until(time.Now().Add(time.Hour))
	refused := record()
	if fault.Of(refused) != fault.Unavailable {
		t.Errorf("while the breaker is open: %v", refused)
	}
	limit(t, s, 0)
	until(time.Now())
	for record() != nil {
		<-time.After(firstPause)
	}
	if _, after, _ := s.Writes(); s.Problem() != nil || after != before+1 {
		t.Errorf("after recovery: %v, %d commits", s.Problem(), after-before)
	}
	if n := number(t, s.readDB, "SELECT count(*) FROM actions"); n != acknowledged {
		t.Errorf("%d actions, %d acknowledged", n, acknowledged)
	}
	if got, _ := s.Value(t.Context(), "before"); got != "" {
		t.Error("a part of the failed batch was committed")
	}
}

// The breaker lets one batch in after each pause, and the pauses grow.
func TestBreakerPauses(t *testing.T) {
	var b breaker
	last := time.Duration(0)
	for range 10 {
		pause := b.failed(context.DeadlineExceeded)
		if pause < last || pause > lastPause || pause < firstPause {
			t.Errorf("pause %v after %v", pause, last)
		}
		if refusal := b.refuse(); refusal == nil && time.Now().Before(b.until) {
			t.Error("the disk may be tried during the pause")
		}
		last = pause
	}
	b.until = time.Now()
	if refusal := b.refuse(); refusal != nil || b.problem() == nil {
		t.Errorf("after the pause: %v, %v", refusal, b.problem())
	}
	b.worked()
	if b.problem() != nil || b.failed(context.DeadlineExceeded) != firstPause {
		t.Error("success does not start over")
	}
}

// F10: while another program holds the file, writes wait; one that cannot wait is told why and never runs; nothing is
// lost.
func TestAnotherProgramWrites(t *testing.T) {
	d := dir(t.TempDir())
	s := openIn(t, string(d))
	other := rawHandle(t, d.database())
	conn, err := other.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	waiting := make(chan error, 1)
	go func() { _, err := s.RecordAudit(context.Background(), auditEntry(1)); waiting <- err }()
	for s.Problem() == nil {
		<-time.After(10 * time.Millisecond)
	}
	hasty, giveUp := context.WithCancel(context.Background())
	defer giveUp()
	go func() {
		for len(s.writer.queue) == 0 { // it waits behind the other
			<-time.After(time.Millisecond)
		}
		giveUp()
	}()
	if err := s.SetValue(hasty, "hasty", "x"); fault.Of(err) != fault.Unavailable {
		t.Errorf("who cannot wait gets %v", err)
	}
	if _, err := conn.ExecContext(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if err := <-waiting; err != nil {
		t.Errorf("who waited gets %v", err)
	}
	if s.Problem() != nil {
		t.Errorf("afterwards: %v", s.Problem())
	}
	if got, _ := s.Value(t.Context(), "hasty"); got != "" {
		t.Error("a withdrawn write was executed")
	}
}
