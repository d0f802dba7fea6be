package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"os"
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

// The ledger against the model: sums agree with rows and with the model, a replay of any event changes nothing in any
// table, and changes come in seq order without a hole, whatever the order of events.
func TestLedgerAgreesWithTheModel(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "run")
		if err != nil {
			t.Fatal(err)
		}
		m := newModel()
		s, err := storetest.Open(dir, func(o *store.Options) { o.Clock = func() time.Time { return m.now } })
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		raw, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "guildwatch.db")+"?mode=ro")
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		run := &ledgerRun{T: r, m: m, s: s, raw: raw, tables: map[string]*sql.Stmt{}}
		r.Repeat(map[string]func(*rapid.T){
			"event": run.event, "flush": run.flush, "replay": run.replay, "sweep": run.sweep, "list": run.list,
			"": run.check,
		})
		run.everything()
	})
}

type ledgerRun struct {
	*rapid.T
	m   *model
	s   *store.Store
	raw *sql.DB
	ids int64

	tables map[string]*sql.Stmt // that read all of a table
}

// origin moves the clock on and gives an event its place; times differ, because order is all that tells a replay.
func (l *ledgerRun) origin(r *rapid.T) moderation.Origin {
	l.m.now = l.m.now.Add(time.Duration(rapid.OneOf(rapid.Int64Range(1, 3000),
		rapid.Int64Range(1, 2*24*3600*1000)).Draw(r, "ms")) * time.Millisecond)
	l.ids++
	return moderation.Origin{Guild: snowflake.GuildID(rapid.IntRange(1, 3).Draw(r, "guild")), At: l.m.now}
}

func user(r *rapid.T) moderation.User {
	id := rapid.Int64Range(1, 4).Draw(r, "user")
	return moderation.User{ID: snowflake.UserID(id),
		Name: fmt.Sprint("user", id, rapid.SampledFrom([]string{"", "renamed"}).Draw(r, "name"))}
}

func (l *ledgerRun) event(r *rapid.T) {
	o := l.origin(r)
	u := user(r)
	var e moderation.Event
	switch rapid.IntRange(0, 7).Draw(r, "kind") {
	case 0:
		e = moderation.GuildSeen{Origin: o, Profile: moderation.Guild{ID: o.Guild, Name: "guild"}}
	case 1:
		e = moderation.GuildLost{Origin: o, Outage: rapid.Bool().Draw(r, "outage")}
	case 2:
		e = moderation.MemberJoined{Origin: o, Member: moderation.Member{User: u, JoinedAt: o.At}}
	case 3:
		e = moderation.MemberLeft{Origin: o, User: u}
	case 4:
		roles := []snowflake.RoleID{snowflake.RoleID(rapid.IntRange(1, 3).Draw(r, "role"))}
		e = moderation.MemberChanged{Origin: o, Member: moderation.Member{User: u, Roles: roles}}
	case 5:
		e = moderation.CommandRun{Origin: o, Interaction: snowflake.InteractionID(l.ids), Command: "stats", User: u,
			OK: true}
	case 6:
		e = moderation.AuditEntry{Origin: o, Entry: snowflake.EntryID(l.ids), Action: moderation.Action{
			Kind: rapid.SampledFrom(moderation.ActionKinds()).Draw(r, "action"), Source: moderation.SourceAudit,
			Target: u.ID, Actor: 9,
		}}
	default:
		message := snowflake.MessageID(rapid.SampledFrom([]int64{0, l.ids}).Draw(r, "message"))
		if message == 0 {
			// Hits without a message belong together within 2 s: keep them apart.
			l.m.now = l.m.now.Add(2 * time.Second)
			o.At = l.m.now
		}
		e = moderation.AutoModExecution{Origin: o, Rule: snowflake.RuleID(rapid.IntRange(1, 2).Draw(r, "rule")),
			Trigger: moderation.TriggerSpam, User: u.ID, Message: message, Did: moderation.ActionDelete}
		l.m.say(moderation.ChangeViolation, o.Guild, "AutoMod rule: Spam")
	}
	l.m.apply(e)
	l.m.past = append(l.m.past, e)
	if err := send(context.Background(), l.s, e); err != nil {
		l.Fatal(err)
	}
}

func (l *ledgerRun) flush(r *rapid.T) {
	tally := moderation.NewTally()
	for range rapid.IntRange(1, 5).Draw(r, "messages") {
		o := l.origin(r)
		tally.Counts[moderation.Spot{Guild: o.Guild,
			Bucket: moderation.BucketOf(o.At).UnixMilli()}] = moderation.Counts{Messages: 2, Edits: 1}
		tally.Active[moderation.Presence{Guild: o.Guild, User: user(r).ID}] = o.At.UnixMilli()
		var n moderation.Latency
		n.Add(40 * time.Millisecond)
		tally.Latency[moderation.BucketOf(o.At).UnixMilli()] = n
	}
	l.m.flush(tally)
	at := moderation.Position{Shard: 0, Session: "session", Seq: l.ids, SavedAt: l.m.now}
	if err := l.s.Flush(context.Background(), tally, at); err != nil {
		l.Fatal(err)
	}
	if got, err := l.s.Position(context.Background(), 0); err != nil || got.Seq != l.ids {
		l.Fatalf("position %+v, %v; want seq %d", got, err, l.ids)
	}
}

func (l *ledgerRun) list(r *rapid.T) {
	o := l.origin(r)
	u := user(r)
	l.m.member(o.Guild, u.ID).left = false
	if err := l.s.SeeMembers(context.Background(), o.Guild, []moderation.Member{{User: u}}); err != nil {
		l.Fatal(err)
	}
}

func (l *ledgerRun) replay(r *rapid.T) {
	if len(l.m.past) == 0 {
		r.Skip("nothing to replay")
	}
	e := rapid.SampledFrom(l.m.past).Draw(r, "event")
	before := l.dump()
	if err := send(context.Background(), l.s, e); err != nil {
		l.Fatal(err)
	}
	if after := l.dump(); after != before {
		l.Fatalf("replaying %T %+v changed\n%s\nto\n%s", e, e, before, after)
	}
}

func (l *ledgerRun) sweep(r *rapid.T) {
	l.m.now = l.m.now.Add(time.Duration(rapid.Int64Range(0, 8*24*3600).Draw(r, "seconds")) * time.Second)
	if err := l.s.SweepWindows(context.Background(), l.m.now); err != nil {
		l.Fatal(err)
	}
	l.same("target_window", l.rows(`SELECT guild_id, user_id, week, month FROM target_window`),
		l.rows(fmt.Sprintf(`SELECT guild_id, target_id, sum(at >= %d), count(*) FROM actions
			WHERE at >= %d AND target_id <> 0 GROUP BY 1, 2`,
			moderation.BucketOf(l.m.now.Add(-7*24*time.Hour)).UnixMilli(),
			moderation.BucketOf(l.m.now.Add(-30*24*time.Hour)).UnixMilli())))
}

// check compares what is cheap after every step.
func (l *ledgerRun) check(*rapid.T) {
	l.same("active_buckets", l.rows(`SELECT bucket, users FROM active_buckets WHERE users <> 0`),
		sorted(l.m.activeUsers(), func(bucket, n int64) string { return fmt.Sprint(bucket, "|", n, "|") }))
	if got := l.s.LastSeq(); got != int64(len(l.m.changes)) {
		l.Fatalf("last seq %d, want %d", got, len(l.m.changes))
	}
}

// everything compares every table.
func (l *ledgerRun) everything() {
	l.same("activity",
		l.rows(`SELECT guild_id, bucket, messages, edits, deletes, commands, joins, leaves FROM activity`),
		sorted(l.m.activity, func(at moderation.Spot, n modelActivity) string {
			return fmt.Sprint(int64(at.Guild), "|", at.Bucket, "|", n.messages, "|", n.edits, "|", n.deletes, "|",
				n.commands, "|", n.joins, "|", n.leaves, "|")
		}))
	l.same("latency", l.rows(`SELECT bucket, count, sum_us FROM latency`),
		sorted(l.m.latency, func(bucket int64, n moderation.Latency) string {
			return fmt.Sprint(bucket, "|", n.Count, "|", n.Sum.Microseconds(), "|")
		}))
	l.same("member_month", l.rows(`SELECT guild_id || ' ' || month || ' ' || user_id FROM member_month`),
		sorted(l.m.months, func(line string, _ bool) string { return line + "|" }))
	l.same("active_months", l.rows(`SELECT guild_id, month, users FROM active_months`),
		l.rows(`SELECT guild_id, month, count(*) FROM member_month GROUP BY 1, 2`))
	l.same("user_activity", l.rows(`SELECT user_id, bucket FROM user_activity`),
		l.rows(`SELECT user_id, max(last_active_at) FROM members WHERE left_at = 0 AND last_active_at > 0 GROUP BY 1`))
	const bucket = "at - at % 900000"
	for whose, filter := range map[string]string{"guild_id": "guild_id <> 0", "0": "guild_id = 0"} {
		l.same("violation_counts",
			l.rows(`SELECT guild_id, bucket, source, low, medium, high, critical FROM violation_counts WHERE `+filter),
			l.rows(`SELECT `+whose+`, `+bucket+`, source,
				sum(severity = 'low'), sum(severity = 'medium'), sum(severity = 'high'),
				sum(severity = 'critical') FROM violations GROUP BY 1, 2, 3`))
		l.same("action_counts", l.rows(`SELECT guild_id, bucket, source, notes, deletes, warns, timeouts, untimeouts, kicks, bans, unbans
			FROM action_counts WHERE `+filter),
			l.rows(`SELECT `+whose+`, `+bucket+`, source,
				sum(kind = 'note'), sum(kind = 'delete'), sum(kind = 'warn'), sum(kind = 'timeout'), sum(kind = 'untimeout'),
				sum(kind = 'kick'), sum(kind = 'ban'), sum(kind = 'unban') FROM actions GROUP BY 1, 2, 3`))
	}
	l.same("violation numbers", l.rows(`SELECT guild_id, max(number), count(*) FROM violations GROUP BY 1`),
		l.rows(`SELECT guild_id, last, last FROM violation_numbers`))
	daysAgree(l, l.raw)
	nothingToMend(l, l.s)
	l.changes()
}

// changes reads the feed both from the start and from the ring, a few at a time.
func (l *ledgerRun) changes() {
	got := []string{}
	for after := int64(0); after < l.s.LastSeq(); {
		list, err := l.s.NextChanges(context.Background(), after, 3)
		if err != nil {
			l.Fatal(err)
		}
		for _, c := range list {
			if c.Seq != after+1 {
				l.Fatalf("change %d after %d", c.Seq, after)
			}
			after = c.Seq
			text := c.Label
			switch c.Kind {
			case moderation.ChangeJoin, moderation.ChangeLeave:
				text = c.User.String()
			case moderation.ChangeAction:
				text = string(c.Action)
			}
			got = append(got, fmt.Sprintf("%s %d %s", c.Kind, c.Guild, text))
		}
	}
	if !slices.Equal(got, l.m.changes) {
		l.Fatalf("changes\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(l.m.changes, "\n"))
	}
}

func (l *ledgerRun) same(what string, got, want []string) {
	if !slices.Equal(got, want) {
		l.Fatalf("%s\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (l *ledgerRun) rows(query string) []string { return rowsOf(l, l.raw, query) }

// dump is every row of every table.
func (l *ledgerRun) dump() string {
	if len(l.tables) == 0 {
		for _, table := range l.rows(`SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite_%'`) {
			table = strings.TrimSuffix(table, "|")
			columns := "*"
			if table == "guilds" {
				// A guild replayed in the millisecond of its newest event brings its member count, without the joins
				// since.
				columns = "guild_id, name, joined_at, left_at, outage_since, updated_at"
			}
			statement, err := l.raw.Prepare("SELECT " + columns + " FROM " + table)
			if err != nil {
				l.Fatal(err)
			}
			l.tables[table] = statement
		}
	}
	var all []string
	for _, table := range slices.Sorted(maps.Keys(l.tables)) {
		rows, err := l.tables[table].Query()
		all = append(append(all, table), readAll(l, rows, err)...)
	}
	return strings.Join(all, "\n")
}

// rowsOf gives the rows of a query as sorted lines.
func rowsOf(t interface{ Fatal(...any) }, raw *sql.DB, query string) []string {
	rows, err := raw.Query(query)
	return readAll(t, rows, err)
}

func readAll(t interface{ Fatal(...any) }, rows *sql.Rows, err error) []string {
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		line := ""
		for _, value := range values {
			line += fmt.Sprint(*value.(*any), "|")
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}
