package store_test

import (
	"cmp"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// Whatever became of the violations of days that are over, and whoever changed them, the members who broke rules on them are
// those of the rows, with the sums of days and without.
func TestSummedOffendersAreThoseOfTheRows(t *testing.T) {
	const days, daily = 5, 300
	start := noon.Add(-12*time.Hour - days*24*time.Hour)
	dir := t.TempDir()
	if err := store.Import(t.Context(), store.Options{Dir: dir}, func(im *store.Importer) error {
		im.Guild(moderation.Guild{ID: 1, Name: "One", Members: 90, JoinedAt: start}, "UTC")
		im.Guild(moderation.Guild{ID: 2, Name: "Two", Members: 90, JoinedAt: start}, "UTC")
		for i := range 2 * days * daily {
			im.Violation(moderation.Violation{Guild: snowflake.GuildID(1 + i%2), Source: moderation.SourceAutoMod,
				At: start.Add(24 * time.Hour / (2 * daily) * time.Duration(i)), Severity: moderation.SeverityLow, Rule: "automod:7",
				User: snowflake.UserID(1_000_000*(i*i%40) + i%3)})
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	s, err := storetest.Open(dir, atNoon)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	raw, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "guildwatch.db")+"?_pragma=busy_timeout(5000)") // a hand in the file
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	sums := func() string { return strings.Join(rowsOf(t, raw, "SELECT count(*) FROM offender_days"), "") }
	message := snowflake.MessageID(100)
	rapid.Check(t, func(r *rapid.T) {
		if rapid.Bool().Draw(r, "summed") {
			if err := s.SumOffenders(t.Context(), noon); err != nil {
				r.Fatal(err)
			}
			if sums() != fmt.Sprint(2*days, "|") {
				r.Fatal("sums are kept of so many days: ", sums())
			}
		}
		number := rapid.IntRange(1, days*daily).Draw(r, "number")
		change := rapid.SampledFrom([]string{
			"", "late", "UPDATE violations SET user_id = 0", "UPDATE violations SET user_id = 5000001",
			"UPDATE violations SET state = 'false_positive'", "UPDATE violations SET state = 'counted'",
			"DELETE FROM violations", "UPDATE violations SET at = at - 86400000",
		}).Draw(r, "change")
		if change == "late" {
			message++
			c := broken(1, message, moderation.Response{})
			c.Violation.At = start.Add(time.Duration(number) * time.Minute)
			openCase(t, s, c)
		} else if change != "" {
			if _, err := raw.Exec(fmt.Sprint(change, " WHERE guild_id = 1 AND number = ", number)); err != nil {
				r.Fatal(err)
			}
		}
		from := start.Add(time.Duration(rapid.IntRange(-1, days*24*60).Draw(r, "from")) * time.Minute)
		span := store.Span{From: from, Until: from.Add(time.Duration(rapid.IntRange(1, days*24*60).Draw(r, "minutes")) * time.Minute)}
		var got store.Offenders
		if err := s.Read(t.Context(), func(now *store.Snapshot) { got = now.OffendersIn(1, span, 1000) }); err != nil {
			r.Fatal(err)
		}
		wants := rowsOf(t, raw, fmt.Sprintf(`SELECT user_id, count(*), max(at) FROM violations WHERE guild_id = 1 AND user_id <> 0
			AND state = 'counted' AND at >= %d AND at < %d GROUP BY 1`, span.From.UnixMilli(), span.Until.UnixMilli()))
		var rows []string
		var members [3]int64
		for _, one := range got.Top {
			rows = append(rows, fmt.Sprint(int64(one.User), "|", one.Violations, "|", one.Last.UnixMilli(), "|"))
			members[min(one.Violations, 3)-1]++
		}
		slices.Sort(rows) // as rowsOf does
		if strings.Join(rows, "\n") != strings.Join(wants, "\n") || members != [3]int64{got.One, got.Two, got.More} {
			r.Fatalf("%v\n%v\nwant\n%v", got, rows, wants)
		}
		if !slices.IsSortedFunc(got.Top, func(a, b store.Offender) int {
			return cmp.Or(cmp.Compare(b.Violations, a.Violations), cmp.Compare(a.User, b.User))
		}) {
			r.Fatalf("not the most first: %v", got.Top)
		}
	})
}
