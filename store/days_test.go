package store_test

import (
	"database/sql"
	"strings"
)

// daysAgree says whether every day is the sum of its buckets.
func daysAgree(t fatal, raw *sql.DB) {
	for _, table := range []struct{ days, buckets, keys, counts string }{
		{"activity_days", "activity", "", "messages, edits, deletes, commands, joins, leaves"},
		{"violation_days", "violation_counts", "source, ", "low, medium, high, critical"},
		{"action_days", "action_counts", "source, ",
			"n, notes, deletes, warns, timeouts, untimeouts, kicks, bans, unbans"},
		{"rule_days", "rule_counts", "rule, ", "counted, shadow, false_positives"},
		{"response_days", "response_times", "", "count, sum_us"},
	} {
		sums := "sum(" + strings.ReplaceAll(table.counts, ", ", "), sum(") + ")"
		sameRows(t, raw, table.days,
			"SELECT guild_id, day, "+table.keys+table.counts+" FROM "+table.days,
			"SELECT guild_id, bucket - bucket % 86400000 AS day, "+table.keys+sums+" FROM "+table.buckets+
				" GROUP BY "+table.keys+"guild_id, day")
	}
	places := func(table, start string) string {
		return "SELECT r.guild_id, " + start + ", j.key, sum(j.value) FROM " + table +
			" r, json_each(r.buckets) j GROUP BY 1, 2, 3"
	}
	sameRows(t, raw, "buckets of response_days", places("response_days", "r.day"),
		places("response_times", "r.bucket - r.bucket % 86400000"))
}
