package store_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

const (
	toErase = snowflake.UserID(249_200_000_000_000_021)
	toStay  = snowflake.UserID(249_200_000_000_000_022)
)

func eraseMember(t *testing.T, s *store.Store, user snowflake.UserID) error {
	t.Helper()
	_, err := s.EraseMember(t.Context(), granted[access.EraseMember](t, 1, 99), user)
	return err
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The history of exports does not say any more that one was about them; one that waits does not become one of everybody.
func TestAnErasedMemberIsInNoExportsHistory(t *testing.T) {
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name       string
		filter     store.ExportFilter
		begun      bool
		wants      store.ExportFilter
		wantsState store.ExportState
	}{
		{"about them", store.ExportFilter{User: toErase, Text: "gift", From: day}, true, store.ExportFilter{From: day}, store.ExportRunning},
		{"about them, waiting", store.ExportFilter{User: toErase, Text: "gift", State: "counted"}, false,
			store.ExportFilter{State: "counted"}, store.ExportFailed},
		{"by their id", store.ExportFilter{Text: "said " + toErase.String()}, true, store.ExportFilter{}, store.ExportRunning},
		{"about another", store.ExportFilter{User: toStay, Text: "gift"}, false, store.ExportFilter{User: toStay, Text: "gift"}, store.ExportQueued},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := storetest.New(t)
			seeGuild(t, s)
			made, err := s.AskExport(t.Context(), granted[access.Export](t, 1, 99),
				store.ExportOrder{What: "violations", Format: "csv", Filter: test.filter})
			noError(t, err)
			if test.begun {
				_, err = s.BeginExport(t.Context(), made)
				noError(t, err)
			}
			noError(t, eraseMember(t, s, toErase))
			var after store.Export
			noError(t, s.Read(t.Context(), func(now *store.Snapshot) { after, _ = now.Export(1, made.ID) }))
			if after.Filter != test.wants || after.State != test.wantsState || (after.Problem != "") != (after.State == store.ExportFailed) {
				t.Errorf("it is %+v", after)
			}
		})
	}
}

// Nor what was searched for, where it says what they are called, or were when that broke a rule, in whatever case.
func TestAnErasedMemberIsInNoSearch(t *testing.T) {
	now := noon
	s := storetest.New(t, storetest.Clock(func() time.Time { return now }))
	seeGuild(t, s)
	for user, nick := range map[snowflake.UserID]string{toErase: "Zoë", toStay: "Stays Here"} {
		noError(t, s.SeeMembers(t.Context(), 1, []moderation.Member{{User: moderation.User{ID: user, Name: "name." + user.String(),
			Global: map[snowflake.UserID]string{toErase: "K2"}[user]}, Nick: nick, JoinedAt: noon}}))
	}
	c := broken(1, 0, moderation.Response{})
	c.Violation.User, c.Violation.Content, c.Surface = toErase, "Old Wolf\nZoë", moderation.SurfaceName
	openCase(t, s, c)
	searches := map[string]bool{"said to ZOË": true, "zoë": true, "old WOLF's": true, "old wol": false, "stays here": false,
		"k2": true, "\u212a2": true, "mark23": false, "on K2!": true, "gift": false, "NAME." + toErase.String()[:5]: false}
	made := map[string]store.Export{}
	for text := range searches {
		now = now.Add(time.Minute)
		order := store.ExportOrder{What: "violations", Format: "csv", Filter: store.ExportFilter{Text: text, State: "counted"}}
		e, err := s.AskExport(t.Context(), granted[access.Export](t, 1, 99), order)
		noError(t, err)
		_, err = s.EndExport(t.Context(), e, store.ExportResult{State: store.ExportFailed}, false)
		noError(t, err)
		made[text] = e
	}
	waits, err := s.AskExport(t.Context(), granted[access.Export](t, 1, 99), store.ExportOrder{What: "warnings", Format: "csv",
		Filter: store.ExportFilter{Text: "zoë"}})
	noError(t, err)
	noError(t, eraseMember(t, s, toErase))
	noError(t, s.Read(t.Context(), func(now *store.Snapshot) {
		for text, gone := range searches {
			after, _ := now.Export(1, made[text].ID)
			if (after.Filter.Text == "") != gone || after.Filter.State != "counted" || after.State != store.ExportFailed {
				t.Errorf("%q is %+v", text, after)
			}
		}
		if after, _ := now.Export(1, waits.ID); after.State != store.ExportFailed || after.Filter.Text != "" || after.Problem == "" {
			t.Errorf("one that waited is %+v", after)
		}
	}))
}

// A file that waits to be taken over would bring them back.
func TestAnErasedMemberIsInNoFileThatWaits(t *testing.T) {
	s := storetest.New(t)
	seeGuild(t, s)
	grant := granted[access.UpdateSettings](t, 1, 99)
	draft := func(name, data string) int64 {
		number, err := s.DraftImport(t.Context(), grant, "table", name, []byte(data))
		noError(t, err)
		return number
	}
	draft("a.csv", "user,reason\r\n"+toErase.String()+",spam")
	stays := draft("b.csv", "user,reason\r\n"+toStay.String()+",spam")
	done := draft(toErase.String()+".csv", "user,reason\r\n"+toStay.String()+",spam")
	_, err := s.TakeOver(t.Context(), grant, done, nil, []store.Deed{{Key: "a", Kind: moderation.ActionKick, User: toStay, At: noon}}, 0)
	noError(t, err)
	noError(t, eraseMember(t, s, toErase))
	var list []store.TakenOver
	noError(t, s.Read(t.Context(), func(now *store.Snapshot) { list = now.Imports(1, 10) }))
	if len(list) != 2 || list[0].Number != done || list[0].Name != "" || list[1].Number != stays || list[1].Name != "b.csv" {
		t.Errorf("the files are %+v", list)
	}
}

// While such a file is taken over, part after part, they cannot be erased, nor after that broke off until it went on.
func TestNobodyIsErasedWhileAFileNamesThem(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var looks atomic.Int64
	s := storetest.New(t, storetest.Clock(func() time.Time {
		if looks.Add(-1) == 0 {
			cancel()
		}
		return noon
	}))
	seeGuild(t, s)
	grant := granted[access.UpdateSettings](t, 1, 99)
	number, err := s.DraftImport(t.Context(), grant, "table", "a.csv", []byte(toErase.String()))
	noError(t, err)
	looks.Store(4)
	deeds := make([]store.Deed, 2000)
	for i := range deeds {
		deeds[i] = store.Deed{Key: fmt.Sprint(i), Kind: moderation.ActionKick, User: toErase, At: noon}
	}
	if _, err := s.TakeOver(ctx, grant, number, nil, deeds, 0); err == nil {
		t.Fatal("it did not break off")
	}
	if err := eraseMember(t, s, toErase); fault.Of(err) != fault.Conflict {
		t.Errorf("half taken over: %v", err)
	}
	noError(t, eraseMember(t, s, toStay))
	_, err = s.TakeOver(t.Context(), grant, number, nil, deeds, 0)
	noError(t, err)
	noError(t, eraseMember(t, s, toErase))
}

// closedFile closes a store, which copies the log into the database, and gives the bytes of that.
func closedFile(t *testing.T, s *store.Store, dir string) []byte {
	t.Helper()
	noError(t, s.Close())
	written, err := os.ReadFile(filepath.Join(dir, "guildwatch.db"))
	noError(t, err)
	return written
}

// What was erased, or kept long enough, is not in the bytes of the database either.
func TestWhatWasErasedIsOverwritten(t *testing.T) {
	now := noon
	dir := t.TempDir()
	reopened := func() *store.Store {
		s, err := storetest.Open(dir, storetest.Clock(func() time.Time { return now }))
		noError(t, err)
		return s
	}
	s := reopened()
	seeGuild(t, s)
	canary := func(of string) string { return "canary-" + of + strings.Repeat(" tweet", 20) }
	manage := granted[access.ManageViolations](t, 1, 99)
	for i := range 400 {
		c := broken(1, snowflake.MessageID(1000+i), moderation.Response{})
		c.Violation.User, c.Violation.Content = toStay, "canary-old"
		if i%7 == 0 {
			c.Violation.User, c.Violation.Content = toErase, canary("content")
		}
		number := openCase(t, s, c).Violation
		text := "this stays"
		if i%7 == 0 {
			text = canary("note")
		}
		noError(t, s.NoteViolation(t.Context(), manage, number, text))
	}
	if written := closedFile(t, s, dir); !bytes.Contains(written, []byte("canary-note")) || !bytes.Contains(written, []byte("canary-content")) {
		t.Fatal("it is not in the database to begin with")
	}
	s = reopened()
	noError(t, eraseMember(t, s, toErase))
	now = now.Add(store.KeepExports)
	_, err := s.Prune(t.Context(), now)
	noError(t, err)
	written := closedFile(t, s, dir)
	for _, gone := range []string{"canary-note", "canary-content", "canary-old", toErase.String(),
		string(binary.BigEndian.AppendUint64(nil, uint64(toErase)))} {
		if n := bytes.Count(written, []byte(gone)); n > 0 {
			t.Errorf("%q is in it %d times", gone, n)
		}
	}
	if !bytes.Contains(written, []byte("this stays")) {
		t.Error("the others' notes are gone")
	}
}
