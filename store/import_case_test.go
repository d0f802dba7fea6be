package store_test

import (
	"database/sql"
	"slices"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// Cases told to an import are counted like those that were opened and settled, and go on from there.
func TestImportedCasesAreCounted(t *testing.T) {
	dir := t.TempDir()
	warned := moderation.Action{Kind: moderation.ActionWarn, Reason: "No shouting"}
	deleted := moderation.Action{Kind: moderation.ActionDelete, Reason: "No shouting"}
	clock := func(o *store.Options) { o.Clock = func() time.Time { return noon.Add(time.Hour) } }
	options := store.Options{Dir: dir}
	clock(&options)
	if err := store.Import(t.Context(), options, func(im *store.Importer) error {
		im.Guild(moderation.Guild{ID: 1, JoinedAt: noon}, "UTC")
		shouting := wordRule("loud")
		shouting.Number = 1
		im.OwnRule(1, shouting, noon)
		for i := range snowflake.MessageID(12) {
			c := broken(1, 100+i, moderation.Response{Ladder: true, Delete: true})
			past := store.Past{Took: 80 * time.Millisecond, Done: []moderation.Action{deleted, warned}}
			switch i % 4 {
			case 1:
				c.Shadow, past = true, store.Past{}
			case 2:
				past.Wrong = 7
			case 3:
				c.Violation.At = noon.Add(20 * time.Minute)
			}
			im.Case(c, past)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	raw := openRaw(t, dir)
	sumsAgree(t, raw)
	s, err := store.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	nothingToMend(t, s)
	if c := card(t, s, 21); c.Level != 6 || len(c.Warnings) != 9 || c.Violations != (store.RuleCounts{Counted: 6, Shadow: 3, FalsePositives: 3}) {
		t.Errorf("level %d, %d warnings, violations %+v", c.Level, len(c.Warnings), c.Violations)
	}
	if row := ruleRow(t, s, 1); row.Week.Counted != 6 || row.Mode != rule.Enforce || len(breaks(t, s, "loud")) != 1 {
		t.Errorf("the rule is %+v", row)
	}
	if opened := openCase(t, s, broken(1, 100, moderation.Response{})); opened.Fresh {
		t.Error("an imported case is not known again")
	}
	openCase(t, s, broken(1, 200, moderation.Response{Ladder: true}))
	sumsAgree(t, raw)
}

// sumsAgree compares every counter with the rows that it counts.
func sumsAgree(t fatal, raw *sql.DB) {
	const bucket = "at - at % 900000"
	for whose, filter := range map[string]string{"guild_id": "guild_id <> 0", "0": "guild_id = 0"} {
		sameRows(t, raw, "violation_counts", `SELECT guild_id, bucket, source, low, medium, high, critical FROM violation_counts
			WHERE low + medium + high + critical <> 0 AND `+filter,
			`SELECT `+whose+`, `+bucket+`, source, sum(severity = 'low'), sum(severity = 'medium'), sum(severity = 'high'),
				sum(severity = 'critical') FROM violations WHERE state = 'counted' GROUP BY 1, 2, 3`)
		sameRows(t, raw, "action_counts", `SELECT guild_id, bucket, source, notes, deletes, warns, timeouts, untimeouts, kicks, bans, unbans
			FROM action_counts WHERE `+filter,
			`SELECT `+whose+`, `+bucket+`, source, sum(kind = 'note'), sum(kind = 'delete'), sum(kind = 'warn'), sum(kind = 'timeout'),
				sum(kind = 'untimeout'), sum(kind = 'kick'), sum(kind = 'ban'), sum(kind = 'unban')
			FROM actions WHERE outcome IN ('done', 'undone') GROUP BY 1, 2, 3`)
		sameRows(t, raw, "response_times", `SELECT guild_id, bucket, count FROM response_times WHERE count <> 0 AND `+filter,
			`SELECT `+whose+`, `+bucket+`, count(*) FROM violations WHERE response_ms >= 0 AND state = 'counted' GROUP BY 1, 2`)
	}
	sameRows(t, raw, "rule_counts", `SELECT guild_id, bucket, rule, counted, shadow, false_positives FROM rule_counts
			WHERE counted <> 0 OR shadow <> 0 OR false_positives <> 0`,
		`SELECT guild_id, `+bucket+`, rule, sum(state = 'counted'), sum(state = 'shadow'), sum(state = 'false_positive')
			FROM violations GROUP BY 1, 2, 3`)
	sameRows(t, raw, "by severity = by rule", `SELECT coalesce(sum(low + medium + high + critical), 0) FROM violation_counts WHERE guild_id <> 0`,
		`SELECT coalesce(sum(counted), 0) FROM rule_counts`)
	sameRows(t, raw, "outbox", `SELECT guild_id, action_id FROM outbox`,
		`SELECT guild_id, action_id FROM actions WHERE outcome IN ('planned', 'sent')`)
	sameRows(t, raw, "target_window", `SELECT guild_id, user_id, month FROM target_window WHERE month <> 0`,
		`SELECT guild_id, target_id, count(*) FROM actions WHERE outcome IN ('done', 'undone')
			AND at >= (SELECT at FROM window_edges WHERE days = 30) GROUP BY 1, 2`)
	for column, days := range map[string]string{"week": "7", "month": "30"} {
		sameRows(t, raw, "offender_window", `SELECT guild_id, user_id, `+column+` FROM offender_window WHERE `+column+` <> 0`,
			`SELECT guild_id, user_id, count(*) FROM violations WHERE state = 'counted' AND user_id <> 0
				AND at >= (SELECT at FROM window_edges WHERE days = `+days+`) GROUP BY 1, 2`)
	}
	daysAgree(t, raw)
	indexesAgree(t, raw)
}

type fatal interface{ Fatal(...any) }

func sameRows(t fatal, raw *sql.DB, what, got, want string) {
	if got, want := rowsOf(t, raw, got), rowsOf(t, raw, want); !slices.Equal(got, want) {
		t.Fatal(what, got, "want", want)
	}
}
