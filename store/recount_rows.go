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
	sheets sheetSums

	unanswered map[int64]bool    // days of answers to violations that were deleted
	moderated  counts            // moderated_members as they are
	explained  map[countKey]bool // who of them was moderated at just that time
}

// The rows are read one by one, as many as there may be: a list of all of them would not fit into memory.
const (
	countedViolations = `SELECT at, source, severity, state, rule, user_id, response_ms FROM violations WHERE guild_id = ?`
	countedActions    = `SELECT a.at, a.source, a.kind, a.target_id, a.actor_id, a.violation,
  coalesce(v.number, 0), coalesce(v.rule, ''), coalesce(v.severity, '')
FROM actions a LEFT JOIN violations v
  ON v.guild_id = a.guild_id AND v.number = a.violation AND a.violation <> 0 AND a.actor_id <> 0
WHERE a.guild_id = ? AND a.outcome IN ('done', 'undone')`
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
	rows := &countedRows{since: s.rowsFrom(guild), tables: map[string]counts{}, sheets: newSheetSums(),
		unanswered: map[int64]bool{}, moderated: s.counts(&countModerated, guild), explained: map[countKey]bool{}}
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
		v := db.Violation{GuildID: int64(guild)}
		err := scan(&v.At, &v.Source, &v.Severity, &v.State, &v.Rule, &v.UserID, &v.ResponseMs)
		rows.violation(&v, edges)
		return err
	})
	s.each(countedActions, guild, func(scan func(...any) error) error {
		a, answers := db.Action{GuildID: int64(guild)}, db.Violation{}
		err := scan(&a.At, &a.Source, &a.Kind, &a.TargetID, &a.ActorID, &a.Violation,
			&answers.Number, &answers.Rule, &answers.Severity)
		rows.action(&a, &answers, edges)
		return err
	})
	return rows
}

func (r *countedRows) violation(row *db.Violation, edges map[int64]int64) {
	v, state, bucket := violationOf(row), moderation.ViolationState(row.State), bucketOf(row.At)
	var of db.AddRuleCountParams
	*stateColumn(&of, state) = 1
	r.add("rule_counts", bucket, v.Rule, of.Counted, of.Shadow, of.FalsePositives)
	r.sheets.violation(&v, state)
	if state != moderation.StateCounted {
		return
	}
	var by db.AddViolationCountParams
	*severityColumn(&by, v.Severity) = 1
	r.add("violation_counts", bucket, row.Source, by.Low, by.Medium, by.High, by.Critical)
	if row.ResponseMs >= 0 {
		var l moderation.Latency
		l.Add(time.Duration(row.ResponseMs) * time.Millisecond)
		r.add("response_times", bucket, "", append([]int64{l.Count, l.Sum.Microseconds()}, l.Buckets[:]...)...)
	}
	r.window("offender_window", row.UserID, row.At, edges)
}

func (r *countedRows) action(row *db.Action, answers *db.Violation, edges map[int64]int64) {
	guild, a := snowflake.GuildID(row.GuildID), actionOf(row)
	var by db.AddActionCountParams
	*kindColumn(&by, a.Kind) = 1
	r.add("action_counts", bucketOf(row.At), row.Source, by.Notes, by.Deletes, by.Warns, by.Timeouts, by.Untimeouts,
		by.Kicks, by.Bans, by.Unbans)
	r.window("target_window", row.TargetID, row.At, edges)
	r.sheets.action(guild, row.At, &a)
	if row.Violation != 0 && row.ActorID != 0 {
		r.answered(guild, row.At, &a, answers)
	}
	key := countKey{0, snowflake.String(a.Target)}
	if n := r.moderated[key]; n != nil && n[0] == row.At && moderates(a.Kind) {
		r.explained[key] = true
	}
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
