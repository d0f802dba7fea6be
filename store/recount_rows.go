package store

import (
	"strconv"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// countedRows is what a guild's rows add up to, by table.
type countedRows struct {
	since  int64 // older rows may have been deleted
	tables map[string]counts
}

// The rows are read one by one, as many as there may be: a list of all of them would not fit into memory.
const (
	countedViolations = `SELECT at, source, severity, state, rule, user_id, response_ms FROM violations WHERE guild_id = ?`
	countedActions    = `SELECT at, source, kind, target_id FROM actions
WHERE guild_id = ? AND outcome IN ('done', 'undone')`
	countedRuns = `SELECT at FROM command_runs WHERE guild_id = ?`

	// Every guild after one of which anything is counted, whether the bot is or was there or not.
	countedGuilds = `WITH RECURSIVE
  active (id) AS (SELECT min(guild_id) FROM activity WHERE guild_id > ?1
    UNION ALL SELECT (SELECT min(guild_id) FROM activity WHERE guild_id > id) FROM active WHERE id IS NOT NULL),
  acted (id) AS (SELECT min(guild_id) FROM action_counts WHERE guild_id > ?1
    UNION ALL SELECT (SELECT min(guild_id) FROM action_counts WHERE guild_id > id) FROM acted WHERE id IS NOT NULL)
SELECT id FROM active WHERE id IS NOT NULL UNION SELECT id FROM acted WHERE id IS NOT NULL
UNION SELECT guild_id FROM violation_numbers UNION SELECT guild_id FROM guilds`
)

// countRows counts a guild's rows; those of Everywhere are the commands that were used outside of all guilds.
func (s *Snapshot) countRows(guild snowflake.GuildID, edges map[int64]int64) *countedRows {
	rows := &countedRows{since: s.rowsFrom(guild), tables: map[string]counts{}}
	for _, table := range []string{"violation_counts", "rule_counts", "response_times", "offender_window",
		"action_counts", "target_window", "activity"} {
		rows.tables[table] = counts{}
	}
	s.each(countedRuns, guild, func(scan func(...any) error) error {
		var at int64
		err := scan(&at)
		rows.add("activity", bucketOf(at), "", 0, 0, 0, 1, 0, 0)
		return err
	})
	if guild == Everywhere {
		return rows
	}
	s.each(countedViolations, guild, func(scan func(...any) error) error {
		var at, user, took int64
		var source, severity, state, rule string
		err := scan(&at, &source, &severity, &state, &rule, &user, &took)
		var of db.AddRuleCountParams
		*stateColumn(&of, moderation.ViolationState(state)) = 1
		rows.add("rule_counts", bucketOf(at), rule, of.Counted, of.Shadow, of.FalsePositives)
		if state != string(moderation.StateCounted) {
			return err
		}
		var by db.AddViolationCountParams
		*severityColumn(&by, moderation.Severity(severity)) = 1
		rows.add("violation_counts", bucketOf(at), source, by.Low, by.Medium, by.High, by.Critical)
		if took >= 0 {
			var l moderation.Latency
			l.Add(time.Duration(took) * time.Millisecond)
			rows.add("response_times", bucketOf(at), "", append([]int64{l.Count, l.Sum.Microseconds()}, l.Buckets[:]...)...)
		}
		rows.window("offender_window", user, at, edges)
		return err
	})
	s.each(countedActions, guild, func(scan func(...any) error) error {
		var at, target int64
		var source, kind string
		err := scan(&at, &source, &kind, &target)
		var by db.AddActionCountParams
		*kindColumn(&by, moderation.ActionKind(kind)) = 1
		rows.add("action_counts", bucketOf(at), source, by.Notes, by.Deletes, by.Warns, by.Timeouts, by.Untimeouts,
			by.Kicks, by.Bans, by.Unbans)
		rows.window("target_window", target, at, edges)
		return err
	})
	return rows
}

func (r *countedRows) add(table string, start int64, name string, n ...int64) {
	r.tables[table].add(countKey{start, name}, n)
}

// window counts somebody in the windows of 7 and 30 days that still reach back to a time.
func (r *countedRows) window(table string, user, at int64, edges map[int64]int64) {
	if user != 0 && edges != nil && at >= edges[monthDays] {
		r.add(table, 0, strconv.FormatInt(user, 10), bit(at >= edges[weekDays]), 1)
	}
}

// rowsFrom is the first bucket whose rows are all there.
func (s *Snapshot) rowsFrom(guild snowflake.GuildID) int64 {
	return msOf(s.Retention(guild).From)
}

// counts reads a guild's rows of a table of counters.
func (s *Snapshot) counts(table *countTable, guild snowflake.GuildID) counts {
	list := counts{}
	s.each(table.read, guild, func(scan func(...any) error) error {
		var key countKey
		n := make([]int64, table.columns)
		into := []any{&key.start, &key.name}
		for i := range n {
			into = append(into, &n[i])
		}
		err := scan(into...)
		list[key] = n
		return err
	})
	return list
}

// each reads every row that a query finds in a guild.
func (s *Snapshot) each(query string, guild snowflake.GuildID, row func(scan func(...any) error) error) {
	if s.err != nil {
		return
	}
	rows, err := s.db.QueryContext(s.ctx, query, int64(guild))
	if !s.ok("rows to count", err) {
		return
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			s.ok("rows to count", err)
			return
		}
	}
	s.ok("rows to count", rows.Err())
}
