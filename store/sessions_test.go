package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
)

// A session lasts while it is used, to the last millisecond of twelve hours, and seven days at most.
func TestASessionLastsWhileItIsUsed(t *testing.T) {
	clock := &worldClock{wall: firstDay}
	s := clock.open(t.TempDir())
	defer s.Close()
	found := func(token string) bool {
		_, ok, err := s.FindSession(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	for _, token := range []string{"used", "unused", "watched"} {
		if err := s.StartSession(t.Context(), token, Session{User: 7}); err != nil {
			t.Fatal(err)
		}
	}
	const most = SessionIdle - time.Millisecond
	for passed := most; passed < SessionLife; passed += most {
		clock.pass(most)
		if !found("used") {
			t.Fatalf("ended after %s although it was used", passed)
		}
		if _, ok, err := s.FindSession(Glance(t.Context()), "watched"); ok != (passed == most) || err != nil {
			t.Fatalf("watched by an open page alone for %s: %v, %v", passed, ok, err)
		}
		if err := s.SweepIdentity(t.Context(), clock.now()); err != nil {
			t.Fatal(err)
		}
	}
	if found("unused") {
		t.Error("found although nobody used it")
	}
	clock.pass(SessionLife % most)
	if found("used") {
		t.Error("found after seven days")
	}
}

// However many requests are under way, none finds a session after whoever ended it knows.
func TestNobodyFindsASessionThatWasEnded(t *testing.T) {
	s := openIn(t, t.TempDir())
	me := access.Person(7, false)
	for i := range 20 {
		token := fmt.Sprint("token-", i)
		if err := s.StartSession(t.Context(), token, Session{ID: int64(i + 1), User: 7}); err != nil {
			t.Fatal(err)
		}
		var ended atomic.Bool
		var late atomic.Int64
		var finders sync.WaitGroup
		for range 8 {
			finders.Go(func() {
				for range 200 {
					over := ended.Load()
					_, ok, err := s.FindSession(t.Context(), token)
					if err != nil {
						t.Error(err)
					}
					if ok && over {
						late.Add(1)
					}
				}
			})
		}
		if err := s.EndSession(t.Context(), me, int64(i+1)); err != nil {
			t.Fatal(err)
		}
		ended.Store(true)
		finders.Wait()
		if _, ok, _ := s.FindSession(t.Context(), token); ok || late.Load() > 0 {
			t.Fatalf("found %d times after it was ended", late.Load())
		}
		if err := s.StartSession(t.Context(), token, Session{User: 7}); fault.Of(err) != fault.Conflict {
			t.Fatalf("a late request began it anew: %v", err)
		}
	}
}

// Warm, a session is found without a query, whatever else is written.
func TestFindingASessionAsksNothing(t *testing.T) {
	s := openIn(t, t.TempDir())
	if err := s.StartSession(t.Context(), "token", Session{User: 7, Device: strings.Repeat("ä", 300)}); err != nil {
		t.Fatal(err)
	}
	first, ok, err := s.FindSession(t.Context(), "token")
	if err != nil || !ok || len(first.Device) != longestNote || !strings.HasSuffix(first.Device, "ä") {
		t.Fatalf("%+v, %v, %v", first, ok, err)
	}
	before := s.Reads()
	for range 100 {
		if _, ok, err := s.FindSession(t.Context(), "token"); err != nil || !ok {
			t.Fatal(ok, err)
		}
	}
	if n := s.Reads() - before; n != 0 {
		t.Errorf("%d queries", n)
	}
	// Made-up tokens are asked for, and leave nothing behind.
	for i := range 100 {
		if _, ok, err := s.FindSession(t.Context(), fmt.Sprint("guess-", i)); ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	if n := s.sessions.cache.entries(); n != 1 {
		t.Errorf("%d sessions are kept in memory", n)
	}
}

// A further session than 50 ends the one that was used least lately.
func TestSessionsOfOnePersonAreBounded(t *testing.T) {
	clock := &worldClock{wall: firstDay}
	s := clock.open(t.TempDir())
	defer s.Close()
	for i := range mostSessions + 3 {
		clock.pass(time.Second)
		if err := s.StartSession(t.Context(), fmt.Sprint("token-", i), Session{ID: int64(i + 1), User: 7}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := s.Sessions(t.Context(), access.Person(7, false))
	if err != nil || len(list) != mostSessions || list[mostSessions-1].ID != 4 {
		t.Errorf("%d sessions, the last of them %+v, %v", len(list), list[len(list)-1], err)
	}
}

// A database that cannot be read is an error, never a visitor who is signed out; a session in memory goes on.
func TestASessionStoreThatIsDown(t *testing.T) {
	s := openIn(t, t.TempDir())
	for _, token := range []string{"warm", "cold"} {
		if err := s.StartSession(t.Context(), token, Session{User: 7}); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok, err := s.FindSession(t.Context(), "warm"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := s.readDB.Close(); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := s.FindSession(t.Context(), "warm"); !ok || err != nil {
		t.Errorf("in memory: %v, %v", ok, err)
	}
	if _, ok, err := s.FindSession(t.Context(), "cold"); ok || err == nil || errors.Is(err, errNoSession) {
		t.Errorf("not in memory: %v, %v", ok, err)
	}
}

// unsynced lets a test's commits not wait for the disk: it looks at what is kept, not at what survives a power cut.
func unsynced(t testing.TB) {
	t.Helper()
	was := writePragmas
	writePragmas = append(slices.Clone(was), "synchronous(off)")
	t.Cleanup(func() { writePragmas = was })
}
