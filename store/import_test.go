package store_test

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// The same history told to the ledger event by event and to an import leaves the same tables.
func TestImportWritesWhatTheLedgerWouldHaveWritten(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	clock := func(o *store.Options) { o.Clock = func() time.Time { return now } }
	events := pastEvents(now, 700)
	ledgerDir, importDir := t.TempDir(), t.TempDir()

	ledger, err := storetest.Open(ledgerDir, clock)
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range events {
		if err := tell(ledger, event); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(ledger.SweepWindows(t.Context(), now), ledger.Close()); err != nil {
		t.Fatal(err)
	}
	options := store.Options{Dir: importDir}
	clock(&options)
	if err := store.Import(t.Context(), options,
		func(im *store.Importer) error { tellImport(im, events); return nil }); err != nil {
		t.Fatal(err)
	}

	a, b := openRaw(t, ledgerDir), openRaw(t, importDir)
	for table, columns := range map[string]string{
		"guilds":            "guild_id, name, joined_at, left_at, time_zone",
		"guild_stays":       "*",
		"users":             "user_id, name, bot",
		"members":           "guild_id, user_id, nick, roles, joined_at, left_at, last_active_at, last_join, last_leave",
		"member_month":      "*",
		"member_roles":      "*",
		"active_months":     "*",
		"user_activity":     "*",
		"active_buckets":    "bucket, nullif(users, 0)",
		"activity":          "*",
		"violation_counts":  "*",
		"action_counts":     "*",
		"latency":           "*",
		"violations":        "*",
		"violation_numbers": "*",
		"actions":           "*",
		"target_window":     "*",
		"window_edges":      "*",
		"native_rules":      "*",
		"command_runs":      "*",
		"gaps":              "guild_id, from_at, to_at, reason, dropped",
	} {
		query := "SELECT " + columns + " FROM " + table
		if table == "active_buckets" {
			query += " WHERE users <> 0"
		}
		want, got := rowsOf(t, a, query), rowsOf(t, b, query)
		if len(want) == 0 {
			t.Errorf("%s is empty: nothing is compared", table)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d rows imported, %d recorded\n%s", table, len(got), len(want), firstDifference(got, want))
		}
	}
	const newest = "SELECT guild_id, at, kind, source, severity, action, outcome, user_id, actor_id, label, detail FROM changes " +
		"WHERE kind <> 'guild' AND at >= (SELECT max(at) - 86400000 FROM changes)"
	if want, got := rowsOf(t, a, newest), rowsOf(t, b, newest); len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("the newest lines: %d imported, %d recorded\n%s", len(got), len(want), firstDifference(got, want))
	}
	daysAgree(t, b)
	if got := rowsOf(t, b, "PRAGMA integrity_check"); !slices.Equal(got, []string{"ok|"}) {
		t.Error(got)
	}
}

// pastEvents is a history of two guilds up to a time; a tally stands for messages, in an event of its own.
func pastEvents(end time.Time, n int) (events []any) {
	r := rand.New(rand.NewPCG(7, 7))
	start := end.Add(-40 * 24 * time.Hour)
	for g := snowflake.GuildID(1); g <= 2; g++ {
		o := moderation.Origin{Guild: g, At: start}
		events = append(events, moderation.GuildSeen{Origin: o,
			Profile: moderation.Guild{ID: g, Name: "guild", JoinedAt: start}},
			moderation.NativeRuleSeen{Origin: o, Rule: 5, Name: "No shouting", Trigger: moderation.TriggerKeyword,
				Enabled: true})
	}
	for i := range n {
		o := moderation.Origin{Guild: snowflake.GuildID(1 + r.IntN(2)),
			At: start.Add(end.Sub(start) / time.Duration(n) * time.Duration(i))}
		id := int64(i + 1)
		user := moderation.User{ID: snowflake.UserID(1 + r.IntN(9)), Name: "somebody"}
		switch i % 7 {
		case 0:
			events = append(events, moderation.MemberJoined{Origin: o,
				Member: moderation.Member{User: user, JoinedAt: o.At, Roles: []snowflake.RoleID{2, 1}}})
		case 1:
			events = append(events, moderation.CommandRun{Origin: o, Interaction: snowflake.InteractionID(id),
				Command: "stats", User: user, OK: i%2 == 0, Took: time.Second})
		case 2:
			kinds := moderation.ActionKinds()
			events = append(events, moderation.AuditEntry{Origin: o, Entry: snowflake.EntryID(id),
				Action: moderation.Action{
					Kind: kinds[r.IntN(len(kinds))], Source: moderation.SourceAudit, Target: user.ID, Actor: 3,
					Reason: "why not", Outcome: moderation.OutcomeDone,
				}})
		case 3:
			events = append(events, moderation.AutoModExecution{Origin: o, Rule: 5, Trigger: moderation.TriggerKeyword,
				User: user.ID, Channel: 8,
				Message: snowflake.MessageID(id), Keyword: "loud", Content: "LOUD", Did: moderation.ActionDelete})
		case 4:
			events = append(events, moderation.MemberLeft{Origin: o, User: user})
		case 5:
			tally := moderation.NewTally()
			tally.Counts[moderation.Spot{Guild: o.Guild,
				Bucket: moderation.BucketOf(o.At).UnixMilli()}] = moderation.Counts{Messages: 9, Edits: 2, Deletes: 1}
			tally.Active[moderation.Presence{Guild: o.Guild, User: user.ID}] = o.At.UnixMilli()
			tally.Users[user.ID] = user
			var latency moderation.Latency
			latency.Add(80 * time.Millisecond)
			tally.Latency[moderation.BucketOf(o.At).UnixMilli()] = latency
			events = append(events, tally)
		case 6:
			events = append(events, moderation.Gap{Guild: o.Guild, From: o.At.Add(-time.Minute), To: o.At,
				Reason: "a restart", Dropped: 4})
		}
	}
	return events
}

func tell(s *store.Store, event any) error {
	ctx := context.Background()
	switch e := event.(type) {
	case *moderation.Tally:
		return s.Flush(ctx, e, moderation.Position{})
	case moderation.Gap:
		return s.RecordGap(ctx, e)
	default:
		return send(ctx, s, e.(moderation.Event))
	}
}

func tellImport(im *store.Importer, events []any) {
	for _, event := range events {
		switch e := event.(type) {
		case *moderation.Tally:
			for spot, n := range e.Counts {
				im.Messages(spot.Guild, time.UnixMilli(spot.Bucket), n)
			}
			for who, at := range e.Active {
				im.Active(who.Guild, who.User, time.UnixMilli(at))
			}
			for _, user := range e.Users {
				im.User(user)
			}
			for bucket, n := range e.Latency {
				im.Latency(time.UnixMilli(bucket), n)
			}
		case moderation.Gap:
			im.Gap(e)
		case moderation.GuildSeen:
			im.Guild(e.Profile, "UTC")
		case moderation.NativeRuleSeen:
			im.Rule(e)
		case moderation.MemberJoined:
			im.Join(e)
		case moderation.MemberLeft:
			im.Leave(e)
		case moderation.CommandRun:
			im.Command(e)
		case moderation.AuditEntry:
			im.Action(e)
		case moderation.AutoModExecution:
			im.Violation(moderation.Violation{
				Guild: e.Guild, At: e.At, Source: moderation.SourceAutoMod, Severity: e.Trigger.Severity(),
				Rule: "automod:5", RuleName: "No shouting", User: e.User, Channel: e.Channel, Message: e.Message,
				Keyword: e.Keyword, Content: e.Content,
			}, moderation.Action{Kind: e.Did, Source: moderation.SourceAutoMod, Target: e.User, Channel: e.Channel,
				Reason:  "No shouting",
				Outcome: moderation.OutcomeDone})
		}
	}
}

// What was imported is a store like any other: numbers and changes go on where the history ends.
func TestAnImportedStoreGoesOn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	now := time.Now()
	events := pastEvents(now, 700)
	if err := store.Import(t.Context(), store.Options{Dir: dir},
		func(im *store.Importer) error { tellImport(im, events); return nil }); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "guildwatch.db")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	nothingToMend(t, s)
	last := s.LastSeq()
	if last < 200 || last > 2*200 {
		t.Errorf("%d lines of the feed were imported", last)
	}
	o := moderation.Origin{Guild: 1, At: now}
	e := moderation.AutoModExecution{Origin: o, Rule: 5, Trigger: moderation.TriggerKeyword, User: 4, Message: 99_999,
		Did: moderation.ActionDelete}
	if fresh, err := s.RecordExecution(t.Context(), e); err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	changes, err := s.NextChanges(t.Context(), last, 10)
	if err != nil || len(changes) != 2 || changes[0].Kind != moderation.ChangeViolation || changes[0].Ref < 40 ||
		changes[0].Label != "No shouting" {
		t.Errorf("after the import: %+v, %v", changes, err)
	}
	old, err := s.ChangesAfter(t.Context(), 1, 0, 1000)
	if err != nil || !slices.IsSortedFunc(old, func(a, b moderation.Change) int { return a.At.Compare(b.At) }) {
		t.Errorf("imported lines are not in the order of their time (%v)", err)
	}
	if err := store.Import(t.Context(), store.Options{Dir: dir}, nil); fault.Of(err) != fault.Conflict {
		t.Errorf("importing into a store in use: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := store.Import(t.Context(), store.Options{Dir: dir}, nil); fault.Of(err) != fault.Conflict ||
		!strings.Contains(err.Error(), "exists already") {
		t.Errorf("importing over a store: %v", err)
	}
}

func TestAFailedImportLeavesNothing(t *testing.T) {
	wrong := errors.New("wrong")
	for what, fill := range map[string]func(*store.Importer) error{
		"its source fails": func(im *store.Importer) error { im.Guild(moderation.Guild{ID: 1}, "UTC"); return wrong },
		"a row is there twice": func(im *store.Importer) error {
			for range 2 {
				im.Action(moderation.AuditEntry{Origin: moderation.Origin{Guild: 1, At: time.Now()}, Entry: 5})
			}
			return nil
		},
	} {
		dir := t.TempDir()
		if err := store.Import(t.Context(), store.Options{Dir: dir}, fill); err == nil {
			t.Errorf("%s, and the import succeeds", what)
		}
		files, err := os.ReadDir(dir)
		if err != nil || len(files) != 1 || files[0].Name() != "lock" {
			t.Errorf("%s: %v is left (%v)", what, files, err)
		}
	}
}

func openRaw(t *testing.T, dir string) *sql.DB {
	t.Helper()
	handle, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "guildwatch.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { handle.Close() })
	return handle
}

func firstDifference(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return got[i] + "\n" + want[i]
		}
	}
	return ""
}
