package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
)

// note appends one row to the audit log.
func (s *Store) note(t testing.TB, d deed) {
	t.Helper()
	if err := s.write(t.Context(), func(t *tx) error { return t.audit(d) }); err != nil {
		t.Fatal(err)
	}
}

// auditOf reads a guild's audit log.
func (s *Store) auditOf(t testing.TB, guild snowflake.GuildID, filter AuditFilter, most int) (rows []AuditRow) {
	t.Helper()
	if err := s.Read(t.Context(), func(now *Snapshot) { rows = now.Audit(guild, filter, most) }); err != nil {
		t.Fatal(err)
	}
	return rows
}

// proveAudit fails unless the log is whole.
func (s *Store) proveAudit(t testing.TB) AuditProof {
	t.Helper()
	proof, err := s.VerifyAudit(t.Context())
	if err != nil || !proof.Whole() {
		t.Fatalf("the audit log is not whole: %+v, %v", proof, err)
	}
	return proof
}

func TestAnAuditRowSaysWhoDidWhatToWhom(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), Clock: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.note(t, deed{guild: 42, actor: access.Person(7, false), role: access.Owner, action: "role.assigned", person: 8,
		before: nil, after: map[string]string{"role": "admin"}, request: "r1"})
	s.note(t, deed{guild: 42, actor: access.System(), action: "rule.switched_off", target: "rule:3"})
	rows := s.auditOf(t, 42, AuditFilter{}, 10)
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	got := rows[1]
	want := AuditRow{Number: 1, Guild: 42, At: at, Actor: AuditPerson{7, got.Actor.Ref}, Role: access.Owner,
		Action: "role.assigned", Person: AuditPerson{8, got.Person.Ref}, After: `{"role":"admin"}`, Request: "r1"}
	if got != want || got.Actor.Ref == 0 || got.Person.Ref == 0 || got.Actor.Ref == got.Person.Ref {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if rows[0].Actor != (AuditPerson{}) || rows[0].Role != access.None || rows[0].Target != "rule:3" {
		t.Errorf("guildwatch's own row: %+v", rows[0])
	}
	if elsewhere := s.auditOf(t, 43, AuditFilter{}, 10); len(elsewhere) != 0 {
		t.Errorf("another guild sees %+v", elsewhere)
	}
}

// What was done and the note of it stand and fall together, and a deed that failed leaves no hole in the chain.
func TestAFailedDeedLeavesNoAuditRow(t *testing.T) {
	s := openIn(t, t.TempDir())
	s.note(t, deed{guild: 42, actor: access.Person(7, false), action: "first"})
	failure := errors.New("the deed failed")
	if err := s.write(t.Context(), func(t *tx) error {
		return errors.Join(t.audit(deed{guild: 42, actor: access.Person(9, false), action: "second"}), failure)
	}); !errors.Is(err, failure) {
		t.Fatal(err)
	}
	s.note(t, deed{guild: 42, actor: access.Person(7, false), action: "third"})
	rows := s.auditOf(t, 42, AuditFilter{}, 10)
	if len(rows) != 2 || rows[0].Action != "third" || rows[0].Number != 2 {
		t.Errorf("got %+v", rows)
	}
	s.proveAudit(t)
}

// A person's row in audit_people is all that leads from the log to them: without it the log is as whole as before.
func TestErasingAPersonBreaksNoHash(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir)
	for _, guild := range []snowflake.GuildID{42, 43} {
		s.note(t, deed{guild: guild, actor: access.Person(81384788765712384, false), action: "settings.changed"})
	}
	here, there := s.auditOf(t, 42, AuditFilter{}, 1)[0], s.auditOf(t, 43, AuditFilter{}, 1)[0]
	if here.Actor.Ref == there.Actor.Ref {
		t.Error("one reference leads from guild to guild")
	}
	raw := rawHandle(t, s.dir.database())
	before := s.proveAudit(t)
	if _, err := raw.Exec("DELETE FROM audit_people WHERE guild_id = 42"); err != nil {
		t.Fatal(err)
	}
	erased := s.auditOf(t, 42, AuditFilter{}, 1)[0]
	if erased.Actor != (AuditPerson{User: 0, Ref: here.Actor.Ref}) {
		t.Errorf("after erasing: %+v", erased.Actor)
	}
	if got := s.auditOf(t, 43, AuditFilter{}, 1)[0].Actor.User; got != 81384788765712384 {
		t.Errorf("in the other guild: %d", got)
	}
	if after := s.proveAudit(t); !slices.Equal(after.Head, before.Head) {
		t.Error("the head has changed")
	}
	if n := number(t, raw, "SELECT count(*) FROM audit WHERE action || target || before || after || request || actor_ref "+
		"LIKE '%81384788765712384%'"); n != 0 {
		t.Errorf("%d rows name the person", n)
	}
}

// Whatever the filter, the pages together give what a plain walk over all rows gives.
func TestAuditFiltersAgreeWithAPlainWalk(t *testing.T) {
	base := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	now := base
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i := range 60 {
		now = base.Add(time.Duration(i) * time.Minute)
		s.note(t, deed{guild: snowflake.GuildID(42 + i%2), actor: access.Person(snowflake.UserID(1+i%3), false),
			action: fmt.Sprint("act.", i%5)})
	}
	all := s.auditOf(t, 42, AuditFilter{}, 100)
	var actions []string
	if err := s.Read(t.Context(), func(now *Snapshot) { actions = now.AuditActions(42) }); err != nil {
		t.Fatal(err)
	}
	if want := []string{"act.0", "act.1", "act.2", "act.3", "act.4"}; !slices.Equal(actions, want) || len(all) != 30 {
		t.Fatalf("%d rows with actions %v", len(all), actions)
	}
	rapid.Check(t, func(r *rapid.T) {
		filter := AuditFilter{
			Actor:  snowflake.UserID(rapid.IntRange(0, 4).Draw(r, "actor")),
			Action: rapid.SampledFrom([]string{"", "act.0", "act.3", "none"}).Draw(r, "action"),
		}
		if rapid.Bool().Draw(r, "from") {
			filter.From = base.Add(time.Duration(rapid.IntRange(0, 60).Draw(r, "minute")) * time.Minute)
		}
		if rapid.Bool().Draw(r, "to") {
			filter.To = base.Add(time.Duration(rapid.IntRange(0, 60).Draw(r, "minute")) * time.Minute)
		}
		want := slices.DeleteFunc(slices.Clone(all), func(row AuditRow) bool {
			return filter.Actor != 0 && row.Actor.User != filter.Actor || filter.Action != "" && row.Action != filter.Action ||
				row.At.Before(filter.From) || !filter.To.IsZero() && !row.At.Before(filter.To)
		})
		size := rapid.IntRange(1, 12).Draw(r, "page")
		var got []AuditRow
		for {
			page := s.auditOf(t, 42, filter, size)
			got = append(got, page...)
			if len(page) < size {
				break
			}
			filter.Before = page[len(page)-1].Number
		}
		if !slices.Equal(got, want) {
			r.Fatalf("%+v: got %d rows, want %d", filter, len(got), len(want))
		}
	})
}

// F46: the database itself refuses to change or delete a row, whatever program asks.
func TestTheDatabaseKeepsAuditRows(t *testing.T) {
	s := openIn(t, t.TempDir())
	s.note(t, deed{guild: 42, actor: access.Person(7, false), action: "settings.changed"})
	raw := rawHandle(t, s.dir.database())
	for _, statement := range []string{"UPDATE audit SET action = 'nothing'", "DELETE FROM audit",
		"UPDATE audit SET number = 2", "INSERT INTO audit SELECT * FROM audit WHERE true ON CONFLICT DO UPDATE SET action = ''",
		"REPLACE INTO audit SELECT * FROM audit"} {
		if _, err := raw.Exec(statement); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if _, err := raw.Exec("UPDATE audit_people SET user_id = 9"); err == nil || !strings.Contains(err.Error(), "for good") {
		t.Errorf("a reference was given to somebody else: %v", err)
	}
	s.proveAudit(t)
}

// A refused change says whom it was about and what they were to become.
func TestADenialSaysWhatWasWanted(t *testing.T) {
	s := openIn(t, t.TempDir())
	for i, c := range []struct {
		subject access.Subject
		wanted  access.Role
		person  snowflake.UserID
		after   string
	}{
		{access.Member(8), access.Owner, 8, `{"wanted":"owner"}`},
		{access.Member(8), access.None, 8, ""},
		{access.HoldersOf(81384788765712384), access.Admin, 0, `{"discord_role":"81384788765712384","wanted":"admin"}`},
	} {
		if err := s.RecordDenial(t.Context(), Denial{Actor: access.Person(snowflake.UserID(100+i), false), Guild: 42,
			Right: "manage_roles", Role: access.Admin, Subject: c.subject, Wanted: c.wanted}); err != nil {
			t.Fatal(err)
		}
		row := s.auditOf(t, 42, AuditFilter{}, 1)[0]
		if row.Role != access.Admin || row.Target != "right:manage_roles" || row.Person.User != c.person || row.After != c.after {
			t.Errorf("%+v to be %s is noted as %+v", c.subject, c.wanted, row)
		}
	}
	s.proveAudit(t)
}

// A denial flood notes the first of each minute, at most 60 an hour for a guild, and says how many went unnoted.
func TestADenialFloodIsBounded(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := access.WithRequest(context.Background(), "r9")
	deny := func(user snowflake.UserID, guild snowflake.GuildID, right string) {
		t.Helper()
		if err := s.RecordDenial(ctx, Denial{Actor: access.Person(user, false), Guild: guild, Right: right, Role: access.Viewer}); err != nil {
			t.Fatal(err)
		}
	}
	const flood = 5000
	for range flood {
		deny(7, 42, "manage_roles")
	}
	now = now.Add(denialPace)
	deny(7, 42, "manage_roles")
	rows := s.auditOf(t, 42, AuditFilter{}, 100)
	if len(rows) != 2 || rows[0].After != fmt.Sprintf(`{"unnoted":%d}`, flood-1) || rows[1].After != "" ||
		rows[0].Action != "denied" || rows[0].Target != "right:manage_roles" || rows[0].Actor.User != 7 ||
		rows[0].Request != "r9" || rows[0].Role != access.Viewer || rows[0].Person != (AuditPerson{}) {
		t.Fatalf("one person, one right: %+v", rows)
	}
	for user := snowflake.UserID(1); user <= flood; user++ {
		deny(user, 42, "view_audit")
	}
	if rows := s.auditOf(t, 42, AuditFilter{}, flood); len(rows) != denialsAnHour {
		t.Errorf("%d people leave %d rows in an hour, want %d", flood, len(rows), denialsAnHour)
	}
	if kept := len(s.denials.guilds[42].noted); kept > denialsAnHour {
		t.Errorf("%d refusals are kept in memory", kept)
	}
	deny(7, 43, "view_audit")
	if rows := s.auditOf(t, 43, AuditFilter{}, 10); len(rows) != 1 {
		t.Errorf("another guild's flood hides this one's refusal: %+v", rows)
	}
	now = now.Add(time.Hour)
	deny(7, 42, "view_audit")
	last := s.auditOf(t, 42, AuditFilter{}, 1)[0]
	if want := fmt.Sprintf(`{"unnoted":%d}`, flood-(denialsAnHour-2)); last.After != want || last.At != now {
		t.Errorf("an hour later: %+v, want %s", last, want)
	}
	now = now.Add(-24 * time.Hour) // a clock that is set back silences nobody
	deny(7, 42, "view_audit")
	if got := s.auditOf(t, 42, AuditFilter{}, 1)[0].At; got != now {
		t.Errorf("after the clock was set back the last refusal is of %s", got)
	}
	s.proveAudit(t)
}
