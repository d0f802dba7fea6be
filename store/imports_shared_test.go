package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// takeIn takes deeds over, as a file of their own.
func takeIn(t interface{ Fatal(...any) }, s *store.Store, grant access.Grant[access.UpdateSettings], deeds []store.Deed) store.TakenOver {
	number, err := s.DraftImport(bg, grant, "table", "a.csv", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	done, err := s.TakeOver(bg, grant, number, nil, deeds, 1)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func importOf(t interface{ Fatal(...any) }, s *store.Store, number int64) (row store.TakenOver) {
	if err := s.Read(bg, func(now *store.Snapshot) { row, _, _ = now.Import(1, number) }); err != nil {
		t.Fatal(err)
	}
	return row
}

// Whatever files are taken over and taken back in whatever order, there is what those that are left have between them,
// and each row belongs to one of them.
func TestImportsShareTheirRows(t *testing.T) {
	const people, cases = 3, 12
	s := storetest.New(t, storetest.Clock(func() time.Time { return noon }))
	seeGuild(t, s)
	grant := granted[access.UpdateSettings](t, 1, 99)
	round := snowflake.UserID(0)
	rapid.Check(t, func(t *rapid.T) {
		if round++; round > 30 { // each has some twenty commits, which wait for the disk
			return
		}
		deed := func(n int) store.Deed {
			kind := []moderation.ActionKind{moderation.ActionWarn, moderation.ActionKick}[n%2]
			return store.Deed{Key: fmt.Sprint(round, ":", n), Kind: kind, User: round*100 + snowflake.UserID(n%people),
				At: noon.Add(-time.Duration(n+1) * time.Hour), Reason: fmt.Sprint(n)}
		}
		left := map[int64][]int{}
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			if numbers := keysOf(left); len(numbers) > 0 && rapid.Bool().Draw(t, "back") {
				number := rapid.SampledFrom(numbers).Draw(t, "which")
				if err := s.UndoImport(bg, grant, number); err != nil {
					t.Fatal(err)
				}
				delete(left, number)
				if was := importOf(t, s, number); was.State != store.ImportUndone || was.Skipped != 1 {
					t.Fatalf("%+v", was)
				}
			} else {
				in := rapid.SliceOfNDistinct(rapid.IntRange(0, cases-1), 1, cases, rapid.ID).Draw(t, "file")
				deeds := make([]store.Deed, len(in))
				for i, n := range in {
					deeds[i] = deed(n)
				}
				left[takeIn(t, s, grant, deeds).Number] = in
			}
			want := map[string]bool{}
			var owned int64
			for number, in := range left {
				for _, n := range in {
					want[fmt.Sprint(n)] = true
				}
				row := importOf(t, s, number)
				if owned += row.Rows; row.Rows+row.Known != int64(len(in)) {
					t.Fatalf("of %d in the file: %+v", len(in), row)
				}
			}
			got, warnings := map[string]bool{}, 0
			for i := range people {
				var card store.MemberCard
				if err := s.Read(bg, func(now *store.Snapshot) { card = now.MemberCard(1, round*100+snowflake.UserID(i)) }); err != nil {
					t.Fatal(err)
				}
				for _, a := range card.Actions {
					got[a.Reason] = true
				}
				for _, w := range card.Warnings {
					if warnings++; !want[w.Reason] {
						t.Fatalf("a warning %q is left", w.Reason)
					}
				}
			}
			if fmt.Sprint(keysOf(got)) != fmt.Sprint(keysOf(want)) || owned != int64(len(want)) {
				t.Fatalf("there are %v, want %v; %d belong to files", keysOf(got), keysOf(want), owned)
			}
			if odd := len(slices.DeleteFunc(keysOf(want), func(n string) bool { return (n[len(n)-1]-'0')%2 == 1 })); warnings != odd {
				t.Fatalf("%d warnings, want %d", warnings, odd)
			}
		}
	})
}

func keysOf[K int64 | string, V any](m map[K]V) (keys []K) {
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// A file is worked on by one person at a time, and one that breaks off counts, in the end, as if it had not.
func TestAnImportThatBreaksOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var looks atomic.Int64
	var s *store.Store
	var meanwhile []error
	grant := granted[access.UpdateSettings](t, 1, 99)
	s = storetest.New(t, storetest.Clock(func() time.Time {
		if looks.Add(-1) == 0 {
			cancel()
			meanwhile = append(meanwhile, s.UndoImport(bg, grant, 1))
			_, err := s.TakeOver(bg, grant, 1, nil, nil, 0)
			meanwhile = append(meanwhile, err)
		}
		return noon
	}))
	seeGuild(t, s)
	deeds := make([]store.Deed, 800)
	for i := range deeds {
		deeds[i] = store.Deed{Key: fmt.Sprint(i % 790), Kind: moderation.ActionKick, User: 21, At: noon.Add(-time.Hour)}
	}
	number, err := s.DraftImport(t.Context(), grant, "table", "a.csv", []byte("x"))
	noError(t, err)
	looks.Store(2)
	if _, err := s.TakeOver(ctx, grant, number, nil, deeds, 7); err == nil || s.ImportHeld(1, number) {
		t.Fatalf("it did not break off: %v", err)
	}
	for _, err := range meanwhile {
		if fault.Of(err) != fault.Conflict {
			t.Errorf("somebody else meanwhile: %v", err)
		}
	}
	half := importOf(t, s, number)
	if half.State != store.ImportRunning || half.Rows == 0 || half.Rows >= 790 || len(meanwhile) != 2 {
		t.Errorf("half of it: %+v", half)
	}
	done, err := s.TakeOver(t.Context(), grant, number, nil, deeds, 7)
	if err != nil || done.Rows != 790 || done.Known != 10 || done.Skipped != 7 {
		t.Errorf("whole: %+v, %v", done, err)
	}
}

// Half of a file need not become a whole one: it is taken back as it is.
func TestAnImportThatBrokeOffIsTakenBack(t *testing.T) {
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
	number, err := s.DraftImport(t.Context(), grant, "table", "a.csv", []byte("x"))
	noError(t, err)
	looks.Store(2)
	deeds := make([]store.Deed, 800)
	for i := range deeds {
		deeds[i] = store.Deed{Key: fmt.Sprint(i), Kind: moderation.ActionWarn, User: 21, At: noon.Add(-time.Hour)}
	}
	if _, err := s.TakeOver(ctx, grant, number, nil, deeds, 0); err == nil || importOf(t, s, number).Rows == 0 {
		t.Fatalf("it did not break off half way: %v", err)
	}
	noError(t, s.UndoImport(t.Context(), grant, number))
	card := card(t, s, 21)
	if state := importOf(t, s, number).State; len(card.Actions)+len(card.Warnings) != 0 || state != store.ImportUndone {
		t.Errorf("%s, and left are %+v", state, card)
	}
}

// What retention has deleted is nobody's, though its number is given to something else.
func TestSharesGoWithTheirRows(t *testing.T) {
	now := noon
	s := storetest.New(t, storetest.Clock(func() time.Time { return now }))
	seeGuild(t, s)
	grant := granted[access.UpdateSettings](t, 1, 99)
	old := []store.Deed{{Key: "old", Kind: moderation.ActionNote, User: 21, At: noon.AddDate(-1, 0, 0)}}
	first, second := takeIn(t, s, grant, old), takeIn(t, s, grant, old)
	noError(t, s.SetRetention(t.Context(), grant, store.Retention{Text: 7, Rows: 90}))
	if n, err := s.DropOldRows(t.Context(), now); err != nil || n != 1 {
		t.Fatalf("%d: %v", n, err)
	}
	third := takeIn(t, s, grant, []store.Deed{{Key: "new", Kind: moderation.ActionNote, User: 21, At: noon}})
	noError(t, s.UndoImport(t.Context(), grant, third.Number))
	noError(t, s.UndoImport(t.Context(), grant, first.Number))
	if left := card(t, s, 21).Actions; len(left) != 0 {
		t.Errorf("it came with the third file alone and is still there: %+v", left)
	}
	if row := importOf(t, s, second.Number); row.Rows != 0 || row.Known != 1 {
		t.Errorf("%+v", row)
	}
}
