package store

import (
	"bytes"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// logged is how many rows the log has before anybody tampers with it.
const logged = 25

// tamper is one way to change the log behind guildwatch's back; it answers the number of the row that must be named.
type tamper func(r *rapid.T, raw *sql.DB) (bad int64)

var tampers = map[string]tamper{
	"change a field": func(r *rapid.T, raw *sql.DB) int64 {
		n := pickRow(r, logged)
		column := rapid.SampledFrom([]string{"guild_id", "at", "actor_ref", "target_ref", "actor_role", "action", "target",
			"before", "after", "request", "hash"}).Draw(r, "column")
		change(r, raw, "UPDATE audit SET "+column+" = CASE typeof("+column+") WHEN 'integer' THEN "+column+" + 1 "+
			"WHEN 'blob' THEN zeroblob(32) ELSE "+column+" || 'x' END WHERE number = ?", n)
		return n
	},
	"move a letter to the next field": func(r *rapid.T, raw *sql.DB) int64 {
		n := pickRow(r, logged)
		change(r, raw, "UPDATE audit SET target = substr(action, -1) || target, "+
			"action = substr(action, 1, length(action) - 1) WHERE number = ?", n)
		return n
	},
	"replace a row": func(r *rapid.T, raw *sql.DB) int64 {
		n := pickRow(r, logged)
		change(r, raw, "REPLACE INTO audit SELECT number, guild_id, at, actor_ref, actor_role, action, target, target_ref, "+
			"before, 'forged', request, hash FROM audit WHERE number = ?", n)
		return n
	},
	"delete a row in the middle": func(r *rapid.T, raw *sql.DB) int64 {
		n := pickRow(r, logged-1)
		change(r, raw, "DELETE FROM audit WHERE number = ?", n)
		return n
	},
	"cut the tail off": func(r *rapid.T, raw *sql.DB) int64 {
		n := pickRow(r, logged)
		change(r, raw, "DELETE FROM audit WHERE number >= ?", n)
		return n
	},
	"exchange two rows": func(r *rapid.T, raw *sql.DB) int64 {
		a := pickRow(r, logged-1)
		b := rapid.Int64Range(a+1, logged).Draw(r, "other row")
		change(r, raw, "UPDATE audit SET number = -1 WHERE number = ?", a)
		change(r, raw, "UPDATE audit SET number = ? WHERE number = ?", a, b)
		change(r, raw, "UPDATE audit SET number = ? WHERE number = -1", b)
		return a
	},
	"put a well-made row in": func(r *rapid.T, raw *sql.DB) int64 {
		n := pickRow(r, logged)
		change(r, raw, "UPDATE audit SET number = -number WHERE number > ?", n)
		change(r, raw, "UPDATE audit SET number = 1 - number WHERE number < 0")
		forge(r, raw, n+1)
		return min(n+2, logged+1) // the row itself is well made: what came after it does not follow
	},
	"append a well-made row": func(r *rapid.T, raw *sql.DB) int64 {
		forge(r, raw, logged+1)
		return logged + 1
	},
	"put a row before the first": func(r *rapid.T, raw *sql.DB) int64 {
		change(r, raw, "INSERT INTO audit SELECT ?, guild_id, at, actor_ref, actor_role, action, target, target_ref, before, "+
			"after, request, hash FROM audit WHERE number = 1", rapid.Int64Range(-9, 0).Draw(r, "number"))
		return 1
	},
	"change a row and compute its hash anew": func(r *rapid.T, raw *sql.DB) int64 {
		n := pickRow(r, logged)
		change(r, raw, "UPDATE audit SET after = 'forged' WHERE number = ?", n)
		rehash(r, raw, n, n)
		return min(n+1, logged)
	},
	"raise the noted end": func(r *rapid.T, raw *sql.DB) int64 {
		change(r, raw, "UPDATE audit_head SET number = number + 1")
		return logged + 1
	},
	"lower the noted end": func(r *rapid.T, raw *sql.DB) int64 {
		n := pickRow(r, logged-1)
		change(r, raw, "UPDATE audit_head SET number = ?, hash = (SELECT hash FROM audit WHERE number = ?)", n, n)
		return n + 1
	},
	"change the noted end's hash": func(r *rapid.T, raw *sql.DB) int64 {
		change(r, raw, "UPDATE audit_head SET hash = zeroblob(32)")
		return logged
	},
	"delete the noted end": func(r *rapid.T, raw *sql.DB) int64 {
		change(r, raw, "DELETE FROM audit_head")
		return 1
	},
}

// F46: with the triggers out of the way, every kind of tampering is found, and the first bad row is named.
func TestVerifyNamesTheFirstBadRow(t *testing.T) {
	whole := loggedFile(t)
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(tampers))).Draw(r, "tamper")
		raw := unguarded(t, dir, whole)
		want := tampers[name](r, raw)
		proof, err := VerifyAuditIn(t.Context(), dir, AuditMark{})
		if err != nil || proof.Whole() || proof.Bad != want || proof.Rows != want-1 && want != logged {
			r.Fatalf("%s: want row %d named, got %+v, %v", name, want, proof, err)
		}
		if err := raw.Close(); err != nil {
			r.Fatal(err)
		}
	})
}

// Whoever may write the file can compute every later hash anew, and the end. Then only a mark that was kept elsewhere
// shows it.
func TestAMarkKeptElsewhereShowsALogWrittenAnew(t *testing.T) {
	whole := loggedFile(t)
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		raw := unguarded(t, dir, whole)
		marked := pickRow(r, logged)
		mark := AuditMark{Number: marked}
		if err := raw.QueryRow("SELECT hash FROM audit WHERE number = ?", marked).Scan(&mark.Hash); err != nil {
			r.Fatal(err)
		}
		guard(r, raw)
		if proof, err := VerifyAuditIn(t.Context(), dir, mark); err != nil || !proof.Whole() {
			r.Fatalf("untouched: %+v, %v", proof, err)
		}
		change(r, raw, "DROP TRIGGER audit_never_changes; DROP TRIGGER audit_never_shrinks")
		from := rapid.Int64Range(1, marked).Draw(r, "row")
		if rapid.Bool().Draw(r, "cut") {
			change(r, raw, "DELETE FROM audit WHERE number >= ?", from)
			change(r, raw, "UPDATE audit_head SET number = ?, hash = coalesce((SELECT hash FROM audit WHERE number = ?), x'')",
				from-1, from-1)
			marked = from
		} else {
			change(r, raw, "UPDATE audit SET after = 'forged' WHERE number = ?", from)
			rehash(r, raw, from, logged)
			change(r, raw, "UPDATE audit_head SET hash = (SELECT hash FROM audit WHERE number = ?)", logged)
		}
		guard(r, raw)
		if proof, err := VerifyAuditIn(t.Context(), dir, AuditMark{}); err != nil || !proof.Whole() {
			r.Fatalf("without the mark it is whole by itself: %+v, %v", proof, err)
		}
		proof, err := VerifyAuditIn(t.Context(), dir, mark)
		if err != nil || proof.Bad != marked || proof.Whole() {
			r.Fatalf("want row %d named, got %+v, %v", marked, proof, err)
		}
		if err := raw.Close(); err != nil {
			r.Fatal(err)
		}
	})
}

func TestVerifyMissesTheTriggers(t *testing.T) {
	dir := t.TempDir()
	raw := unguarded(t, dir, loggedFile(t))
	proof, err := VerifyAuditIn(t.Context(), dir, AuditMark{})
	if err != nil || proof.Bad != 0 || proof.Whole() || !strings.Contains(proof.Why, "triggers") {
		t.Errorf("without triggers: %+v, %v", proof, err)
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
}

// The walk takes pages; each of them continues the chain of the one before, while others append.
func TestVerifyFollowsALongLogWhileItGrows(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir)
	const rows = 2*verifyPage + 7
	if err := s.write(t.Context(), func(t *tx) error {
		for i := range rows {
			if err := t.audit(deed{guild: 42, actor: access.Person(7, false), action: fmt.Sprint(i)}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			if err := s.write(t.Context(), func(t *tx) error {
				return t.audit(deed{guild: 42, actor: access.Person(7, false), action: "meanwhile"})
			}); err != nil {
				stopped <- err
				return
			}
		}
	}()
	for range 5 {
		if proof := s.proveAudit(t); proof.Rows < rows {
			t.Errorf("only %d rows were looked at", proof.Rows)
		}
		if proof, err := VerifyAuditIn(t.Context(), dir, AuditMark{}); err != nil || !proof.Whole() || proof.Rows < rows {
			t.Errorf("from beside: %+v, %v", proof, err)
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
}

// Looking changes nothing: no file appears beside the database, and none goes.
func TestVerifyLeavesTheDirectoryAsItWas(t *testing.T) {
	dir := t.TempDir()
	data := loggedFile(t)
	if err := os.WriteFile(filepath.Join(dir, "guildwatch.db"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	look := func() (AuditProof, error) { return VerifyAuditIn(t.Context(), dir, AuditMark{}) }
	if proof, err := look(); err != nil || !proof.Whole() || proof.Rows != logged {
		t.Fatalf("a stopped guildwatch's log: %+v, %v", proof, err)
	}
	if after, err := os.ReadFile(filepath.Join(dir, "guildwatch.db")); err != nil || !bytes.Equal(after, data) {
		t.Error("the database has changed", err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) != 1 {
		t.Errorf("beside the database lie %v", left)
	}
	for name, dir := range map[string]string{"no database": t.TempDir(), "no directory": filepath.Join(dir, "none")} {
		if _, err := VerifyAuditIn(t.Context(), dir, AuditMark{}); fault.Of(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// loggedFile is a closed database whose audit log has logged rows in three guilds.
func loggedFile(t testing.TB) []byte {
	t.Helper()
	dir := t.TempDir()
	s, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := range logged {
		s.note(t, deed{guild: snowflake.GuildID(i % 3), actor: access.Person(snowflake.UserID(7+i%2), false),
			role: access.Admin, action: fmt.Sprint("act.", i), target: fmt.Sprint("thing:", i), person: 9,
			before: map[string]int{"n": i}, after: map[string]int{"n": i + 1}, request: fmt.Sprint("r", i)})
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "guildwatch.db"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// unguarded puts a database into dir and opens it as another program would, without the triggers.
func unguarded(t testing.TB, dir string, data []byte) *sql.DB {
	t.Helper()
	path := filepath.Join(dir, "guildwatch.db")
	if err := discard(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", address(path, []string{"synchronous(off)"}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec("DROP TRIGGER audit_never_changes; DROP TRIGGER audit_never_shrinks; " +
		"DROP TRIGGER audit_never_replaced; DROP TRIGGER audit_people_never_change"); err != nil {
		t.Fatal(err)
	}
	return raw
}

// guard puts the triggers back, as whoever wants to go unnoticed would.
func guard(r *rapid.T, raw *sql.DB) {
	for name, event := range map[string]string{"audit_never_changes": "UPDATE ON audit",
		"audit_never_shrinks": "DELETE ON audit", "audit_never_replaced": "INSERT ON audit",
		"audit_people_never_change": "UPDATE ON audit_people"} {
		change(r, raw, "CREATE TRIGGER IF NOT EXISTS "+name+" BEFORE "+event+" BEGIN SELECT raise(ABORT, 'no'); END")
	}
}

func pickRow(r *rapid.T, last int64) int64 { return rapid.Int64Range(1, last).Draw(r, "row") }

func change(r *rapid.T, raw *sql.DB, statement string, args ...any) {
	if _, err := raw.Exec(statement, args...); err != nil {
		r.Fatal(statement, err)
	}
}

// forge inserts a row whose hash follows from the row before it.
func forge(r *rapid.T, raw *sql.DB, n int64) {
	change(r, raw, "INSERT INTO audit VALUES (?, 1, 1, 0, 'owner', 'act.forged', '', 0, '', '', '', x'')", n)
	rehash(r, raw, n, n)
}

// rehash computes the hashes of rows anew.
func rehash(r *rapid.T, raw *sql.DB, from, to int64) {
	queries := db.New(raw)
	rows, err := queries.ListAuditChain(r.Context(), db.ListAuditChainParams{AfterNumber: from - 2, Max: to - from + 2})
	if err != nil {
		r.Fatal(err)
	}
	var previous []byte
	for _, row := range rows {
		if row.Number >= from && row.Number <= to {
			row.Hash = auditHash(&row, previous)
			change(r, raw, "UPDATE audit SET hash = ? WHERE number = ?", slices.Clone(row.Hash), row.Number)
		}
		previous = row.Hash
	}
}
