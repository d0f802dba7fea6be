package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// nothingToMend says whether every counter is what its rows add up to.
func nothingToMend(t fatal, s *store.Store) {
	if found, err := s.Recount(context.Background(), false); err != nil || len(found) != 0 {
		t.Fatal("recount: ", found, err)
	}
}

// damages are ways to spoil each table of counters, by guild (0: the sum of all), table, and what is spoiled in it.
var damages = map[string]string{
	"1 violation_counts": `UPDATE violation_counts SET low = low + 3 WHERE guild_id = 1 AND bucket = (
		SELECT max(bucket) FROM violation_counts WHERE guild_id = 1)`,
	"0 violation_counts": `DELETE FROM violation_counts WHERE guild_id = 0 AND source = 'rule'`,
	"1 violation_days":   `UPDATE violation_days SET high = high - 1 WHERE guild_id = 1`,
	"1 action_counts":    `DELETE FROM action_counts WHERE guild_id = 1 AND source = 'audit'`,
	"0 action_counts":    `UPDATE action_counts SET bans = bans + 1 WHERE guild_id = 0`,
	"1 action_days":      `DELETE FROM action_days WHERE guild_id = 1`,
	"1 rule_counts":      `UPDATE rule_counts SET shadow = shadow + 1, counted = counted - 1 WHERE guild_id = 1`,
	"1 rule_days": `INSERT INTO rule_days (guild_id, day, rule, counted) VALUES (1, 86400000, 'rule:9', 4)
		ON CONFLICT DO UPDATE SET counted = 4`,
	"1 response_times":  `UPDATE response_times SET buckets = '[7,7,7,7,7,7,7,7,7,7]' WHERE guild_id = 1`,
	"0 response_days":   `DELETE FROM response_days WHERE guild_id = 0`,
	"1 activity":        `UPDATE activity SET commands = commands + 2 WHERE guild_id = 1`,
	"0 activity":        `UPDATE activity SET commands = 0 WHERE guild_id = 0`,
	"0 activity_days":   `UPDATE activity_days SET messages = 0 WHERE guild_id = 0`,
	"1 offender_days":   `INSERT INTO offender_days (guild_id, day, people) VALUES (1, 86400000, x'1502')`,
	"1 offender_window": `DELETE FROM offender_window WHERE guild_id = 1`,
	"1 target_window":   `INSERT INTO target_window (guild_id, user_id, week, month) VALUES (1, 77, 1, 2)`,

	"1 day_sheets answer":    `UPDATE day_sheets SET cells = '' WHERE guild_id = 1 AND sheet = 'answer'`,
	"1 day_sheets illegible": `UPDATE day_sheets SET cells = cells || ' 9' WHERE guild_id = 1 AND sheet = 'source'`,
	"1 day_sheets moderator": `UPDATE day_sheets SET cells = '7:1 ' || cells || ' 853:2'
		WHERE guild_id = 1 AND sheet = 'moderator'`,
	"1 day_sheets other":  `INSERT INTO day_sheets VALUES (1, 'other', 86400000, 'rule:9', '3:1')`,
	"1 day_sheets rule":   `DELETE FROM day_sheets WHERE guild_id = 1 AND sheet = 'rule'`,
	"1 day_sheets source": `UPDATE day_sheets SET day = day - 86400000 WHERE guild_id = 1 AND sheet = 'source'`,

	"1 moderated_members changed": `UPDATE moderated_members SET since = since + 1 WHERE guild_id = 1 AND user_id = 21`,
	"1 moderated_members gone":    `DELETE FROM moderated_members WHERE guild_id = 1 AND user_id = 21`,
	"1 moderated_members more":    `INSERT INTO moderated_members VALUES (1, 77, 5) ON CONFLICT DO UPDATE SET since = 5`,

	"0 active_months":         `UPDATE active_months SET users = users - 1 WHERE guild_id = 0`,
	"1 active_months changed": `UPDATE active_months SET moderated = moderated + 1 WHERE guild_id = 1`,
	"1 active_months gone":    `DELETE FROM active_months WHERE guild_id = 1`,
}

// counted is a store with something in every table of counters.
func counted(t *testing.T) (s *store.Store, raw *sql.DB) {
	t.Helper()
	dir := t.TempDir()
	s, err := storetest.Open(dir, atNoon)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if raw, err = sql.Open("sqlite", "file:"+filepath.Join(dir, "guildwatch.db")+"?_pragma=busy_timeout(5000)"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close() })
	seeGuild(t, s)
	for i := range 12 {
		c := broken(snowflake.GuildID(1+i%2), snowflake.MessageID(100+i), moderation.Response{Kind: moderation.ActionWarn})
		c.Violation.At = noon.Add(-time.Duration(i) * 5 * time.Hour)
		c.Shadow = i == 5
		opened := openCase(t, s, c)
		settle(t, s, moderation.Result{Done: true}, takeDue(t, s, 10)...)
		if i == 8 {
			grant := granted[access.ActOnMembers](t, 1, 99)
			if _, err := s.Undo(t.Context(), grant, opened.Actions[0], moderation.SourceDashboard); err != nil {
				t.Fatal(err)
			}
		}
		origin := moderation.Origin{Guild: c.Violation.Guild, At: c.Violation.At}
		if _, err := s.RecordAudit(t.Context(), moderation.AuditEntry{Origin: origin, Entry: snowflake.EntryID(1000 + i),
			Action: moderation.Action{Kind: moderation.ActionKick, Target: 30, Actor: 99}}); err != nil {
			t.Fatal(err)
		}
		if i == 7 {
			origin.Guild = 0
		}
		if _, err := s.RecordCommand(t.Context(), moderation.CommandRun{Origin: origin,
			Interaction: snowflake.InteractionID(500 + i), Command: "guildwatch", User: moderation.User{ID: 9}}); err != nil {
			t.Fatal(err)
		}
	}
	tally := moderation.NewTally()
	tally.Counts[moderation.Spot{Guild: 1, Bucket: moderation.BucketOf(noon).UnixMilli()}] = moderation.Counts{Messages: 9}
	for _, user := range []snowflake.UserID{21, 99} {
		tally.Active[moderation.Presence{Guild: 1, User: user}] = noon.UnixMilli()
	}
	if err := s.Flush(t.Context(), tally, moderation.Position{}); err != nil {
		t.Fatal(err)
	}
	nothingToMend(t, s)
	return s, raw
}

// Whatever is spoiled is named, with its guild and nothing beside it, and put right.
func TestDamagedCountersAreNamedAndMended(t *testing.T) {
	s, raw := counted(t)
	before := tablesOf(t, raw)
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range damages {
			if !yield(name) {
				return
			}
		}
	})
	rapid.Check(t, func(r *rapid.T) {
		spoiled := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 4, rapid.ID).Draw(r, "spoiled")
		slices.Sort(spoiled)
		var tables []string
		for _, name := range spoiled {
			result, err := raw.ExecContext(t.Context(), damages[name])
			if err != nil {
				r.Fatal(name, err)
			}
			if n, err := result.RowsAffected(); n == 0 || err != nil {
				r.Fatal(name, " spoils nothing: ", err)
			}
			whole := strings.Fields(name)
			tables = append(tables, whole[0]+" "+whole[1])
		}
		tables = slices.Compact(tables)
		for _, mend := range []bool{false, true} {
			found, err := s.Recount(context.Background(), mend)
			if err != nil {
				r.Fatal(err)
			}
			var got []string
			for _, d := range found {
				if d.Rows == 0 {
					r.Fatal("no rows differ in ", d.Table)
				}
				got = append(got, fmt.Sprint(int64(d.Guild), " ", d.Table))
			}
			slices.Sort(got)
			if !slices.Equal(got, tables) {
				r.Fatalf("found %q, want %q", got, tables)
			}
		}
		nothingToMend(r, s)
		if after := tablesOf(r, raw); after != before {
			r.Fatalf("mended to\n%s\nfrom\n%s", after, before)
		}
	})
}

// What moderators answered stays counted when the violation is deleted as too old, though nothing tells any more which rule
// it broke.
func TestAnAnswerOutlivesItsViolation(t *testing.T) {
	now := noon
	s := storetest.New(t, storetest.Clock(func() time.Time { return now }))
	seeGuild(t, s)
	opened := openCase(t, s, broken(1, 100, moderation.Response{}))
	now = noon.Add(80 * 24 * time.Hour)
	if _, err := s.Order(t.Context(), granted[access.ActOnMembers](t, 1, 99), moderation.Order{Kind: moderation.ActionWarn,
		Target: 21, Violation: opened.Violation, Source: moderation.SourceDashboard}); err != nil {
		t.Fatal(err)
	}
	errands, err := s.TakeDue(t.Context(), now, 10, moderation.Busy{})
	if err != nil {
		t.Fatal(err)
	}
	settle(t, s, moderation.Result{Done: true}, errands...)
	now = noon.Add(100 * 24 * time.Hour)
	if err := s.SetRetention(t.Context(), granted[access.UpdateSettings](t, 1, 99), store.Retention{Rows: 90}); err != nil {
		t.Fatal(err)
	}
	if err := s.SweepWindows(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if n, err := s.DropOldRows(t.Context(), now); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	nothingToMend(t, s)
	if err := s.Read(t.Context(), func(at *store.Snapshot) {
		answers := at.RuleAnswers(1, store.Span{From: noon, Until: now})
		if answers["rule:1"][2][2] != 1 {
			t.Errorf("the answers are %v", answers)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

// tablesOf is all that the tables of counters count.
func tablesOf(t fatal, raw *sql.DB) string {
	var all []string
	for table, columns := range map[string]string{
		"violation_counts": "bucket, source, low, medium, high, critical", "violation_days": "day, source, low, high",
		"action_counts": "bucket, source, n, bans", "action_days": "day, source, n, bans",
		"rule_counts": "bucket, rule, counted, shadow", "rule_days": "day, rule, nullif(counted, 0), shadow",
		"response_times": "bucket, count, buckets", "response_days": "day, count, buckets",
		"activity": "bucket, messages, commands", "activity_days": "day, messages, commands",
		"offender_window": "user_id, week, month", "target_window": "user_id, week, month",
		"day_sheets": "sheet, day, subject, cells", "moderated_members": "user_id, since",
		"active_months": "month, users, moderated", "offender_days": "day, hex(people)",
	} {
		filter := ""
		switch table {
		case "day_sheets":
			filter = " WHERE cells <> ''" // as well
		case "rule_days":
			filter = " WHERE counted + shadow <> 0" // a row too many is left, and counts nothing
		}
		all = append(all, table+" "+strings.Join(rowsOf(t, raw, "SELECT guild_id, "+columns+" FROM "+table+filter), " "))
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}
