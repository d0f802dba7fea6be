package store_test

import (
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// kept is how much there is of what goes with time.
type kept struct{ violations, texts, exports, drafts int }

// F39: what is kept for so long goes by the clock of the sweep. One that was set back deletes nothing more, and one that
// is ahead for a while nothing but what was due within that while, however often it is looked at.
func TestAClockThatIsSetAndWhatIsKept(t *testing.T) {
	for _, one := range []struct {
		what string
		by   time.Duration
		gone kept // beyond what goes at noon
	}{
		{"an hour back", -time.Hour, kept{}},
		{"a month back", -30 * 24 * time.Hour, kept{}},
		{"an hour ahead", time.Hour, kept{}},
		{"a day ahead", 24 * time.Hour, kept{violations: 2, texts: 2, exports: 2, drafts: 1}},
	} {
		t.Run(one.what, func(t *testing.T) {
			now := noon
			s := storetest.New(t, storetest.Clock(func() time.Time { return now }))
			seeGuild(t, s)
			if err := s.SetRetention(t.Context(), granted[access.UpdateSettings](t, 1, 99), store.Retention{Text: 7, Rows: 90}); err != nil {
				t.Fatal(err)
			}
			// Two of each on every day, at six and at eighteen, around the day on which they go.
			message := snowflake.MessageID(100)
			each := func(from, until int, add func()) {
				for now = noon.AddDate(0, 0, -from).Add(-6 * time.Hour); now.Before(noon.AddDate(0, 0, -until)); now = now.Add(12 * time.Hour) {
					message++
					add()
				}
			}
			violate := func() {
				c := broken(1, message, moderation.Response{})
				c.Violation.At = now
				openCase(t, s, c)
			}
			each(93, 87, violate)
			each(33, 27, func() {
				made, err := s.AskExport(t.Context(), granted[access.Export](t, 1, 99), store.ExportOrder{What: "violations", Format: "csv"})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := s.EndExport(t.Context(), made, store.ExportResult{State: store.ExportDone}, false); err != nil {
					t.Fatal(err)
				}
			})
			each(10, 4, violate)
			now = noon.Add(-6 * time.Hour)
			if _, err := s.DraftImport(t.Context(), granted[access.UpdateSettings](t, 1, 99), "bans", "bans.txt", []byte("21")); err != nil {
				t.Fatal(err)
			}
			sweep := func(at time.Time) (left kept) {
				t.Helper()
				now = at
				if _, err := s.Prune(t.Context(), at); err != nil {
					t.Fatal(err)
				}
				if _, err := s.DropOldRows(t.Context(), at); err != nil {
					t.Fatal(err)
				}
				if err := s.ExpireExports(t.Context(), at); err != nil {
					t.Fatal(err)
				}
				if err := s.Read(t.Context(), func(at *store.Snapshot) {
					for _, v := range at.Violations(1, store.ViolationFilter{}, 100) {
						left.violations++
						if v.Content != "" {
							left.texts++
						}
					}
					for _, e := range at.Exports(1, 100) {
						if e.State == store.ExportDone {
							left.exports++
						}
					}
					left.drafts = len(at.Imports(1, 10))
				}); err != nil {
					t.Fatal(err)
				}
				return left
			}
			right := sweep(noon)
			if want := (kept{violations: 20, texts: 6, exports: 6, drafts: 1}); right != want {
				t.Fatalf("at noon there are %+v, want %+v", right, want)
			}
			want := kept{right.violations - one.gone.violations, right.texts - one.gone.texts, right.exports - one.gone.exports,
				right.drafts - one.gone.drafts}
			for _, at := range []time.Time{noon.Add(one.by), noon, noon.Add(one.by)} {
				if left := sweep(at); left != want {
					t.Errorf("at %s there are %+v, want %+v", at, left, want)
				}
			}
		})
	}
}
