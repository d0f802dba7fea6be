package store

import (
	"fmt"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
)

// Whoever signs in and out without end leaves 60 rows an hour, is signed in every time, and hides nobody else.
func TestASignInFloodIsBounded(t *testing.T) {
	clock := &worldClock{wall: firstDay}
	s := clock.open(t.TempDir())
	defer s.Close()
	token := 0
	// signIn signs somebody in by a link and out again: three rows, one in the guild's log and two in the instance's.
	signIn := func(user snowflake.UserID) {
		t.Helper()
		token++
		hash, me := fmt.Sprint("token ", token), access.Person(user, false)
		grant := granted[access.ViewDashboard](t, user, 42)
		if err := s.AskLink(t.Context(), grant, hash, clock.now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.SpendLink(t.Context(), hash); err != nil {
			t.Fatal(err)
		}
		if err := s.StartSession(t.Context(), hash, Session{User: user}); err != nil {
			t.Fatal(err)
		}
		session, found, err := s.FindSession(t.Context(), hash)
		if err != nil || !found {
			t.Fatalf("after signing in: %v, %v", found, err)
		}
		if token%2 == 1 {
			err = s.EndSession(t.Context(), me, session.ID)
		} else {
			_, err = s.EndSessions(t.Context(), me, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	rows := func(user snowflake.UserID) int {
		filter := AuditFilter{Actor: user}
		return len(s.auditOf(t, 0, filter, 1000)) + len(s.auditOf(t, 42, filter, 1000))
	}
	const flood = 100
	for range flood {
		signIn(7)
	}
	if n := rows(7); n != signInsAnHour {
		t.Errorf("%d sign-ins leave %d rows in an hour, want %d", flood, n, signInsAnHour)
	}
	signIn(8)
	if n := rows(8); n != 3 {
		t.Errorf("somebody else leaves %d rows, want 3", n)
	}
	clock.pass(time.Hour)
	signIn(7)
	if n := rows(7); n != signInsAnHour+3 {
		t.Errorf("an hour later there are %d rows, want 3 more", n)
	}
	first := s.auditOf(t, 42, AuditFilter{Actor: 7}, 1)[0]
	if want := fmt.Sprintf(`{"unlogged":%d}`, 3*flood-signInsAnHour); first.Action != "link.spent" || first.After != want {
		t.Errorf("the first row after the flood is %+v, want %s", first, want)
	}
	if last := s.auditOf(t, 0, AuditFilter{Actor: 7}, 1)[0]; last.Action != "sessions.ended" || last.After != `{"ended":1}` {
		t.Errorf("the last row is %+v", last)
	}
	s.proveAudit(t)
}

// What is remembered of who signed in is bounded, and whose rows went missing is forgotten last.
func TestWhoSignedInIsForgottenInTime(t *testing.T) {
	hours := map[snowflake.UserID]signInHour{}
	for user := range snowflake.UserID(cacheLimit) {
		hours[user] = signInHour{began: firstDay, rows: 1}
	}
	hours[3] = signInHour{began: firstDay, rows: signInsAnHour, unlogged: 5}
	hours[4] = signInHour{began: firstDay.Add(time.Minute), rows: 1}
	if forgetSignIns(hours, firstDay.Add(time.Hour)); len(hours) != 2 || hours[3].unlogged != 5 || hours[4].rows != 1 {
		t.Errorf("%d are kept", len(hours))
	}
	for user := range snowflake.UserID(cacheLimit) {
		hours[user] = signInHour{began: firstDay, rows: 1}
	}
	if forgetSignIns(hours, firstDay); len(hours) != 0 {
		t.Errorf("%d are kept of a full hour", len(hours))
	}
}
