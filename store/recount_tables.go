package store

import (
	"cmp"
	"strconv"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// countTable is a table of counters: how a guild's are read, and how a row is put right.
type countTable struct {
	name    string
	columns int
	read    string // start, name, and a column for each counter
	write   func(*tx, repair) error
}

// countScale is what is counted by bucket, and by day.
type countScale struct {
	buckets, days countTable
	alone         bool // there is no sum of all guilds
	commands      bool // rows tell of commands only; everything else is as it is
}

// wanted are the counters that a table should have: from its rows as far back as there are any, before that as they
// are, and for all guilds together from those of each.
func (c *countScale) wanted(has counts, rows *countedRows, sum counts, guild snowflake.GuildID) counts {
	wants, told := counts{}, rows.tables[c.buckets.name]
	switch {
	case c.commands:
		for key, n := range has {
			wants.add(key, n)
			if key.start >= rows.since {
				wants[key][commandColumn] = 0
			}
		}
		if guild == Everywhere {
			for key, n := range sum {
				told.add(key, n)
			}
		}
		for key, n := range told {
			if key.start >= rows.since && n[commandColumn] != 0 {
				wants.add(key, []int64{0, 0, 0, n[commandColumn], 0, 0})
			}
		}
	case guild == Everywhere:
		return sum
	default:
		for key, n := range has {
			if key.start < rows.since {
				wants.add(key, n)
			}
		}
		for key, n := range told {
			if key.start >= rows.since {
				wants.add(key, n)
			}
		}
	}
	return wants
}

var countScales = []countScale{
	{
		buckets: countTable{"violation_counts", 4,
			`SELECT bucket, source, low, medium, high, critical FROM violation_counts WHERE guild_id = ?`,
			func(t *tx, r repair) error { return t.AddViolationCount(t.ctx, r.violations()) }},
		days: countTable{"violation_days", 4,
			`SELECT day, source, low, medium, high, critical FROM violation_days WHERE guild_id = ?`,
			func(t *tx, r repair) error {
				return t.AddViolationDay(t.ctx, db.AddViolationDayParams(r.violations()))
			}},
	},
	{
		buckets: countTable{"action_counts", 8, `SELECT bucket, source, notes, deletes, warns, timeouts, untimeouts, kicks,
			bans, unbans FROM action_counts WHERE guild_id = ?`,
			func(t *tx, r repair) error { return t.AddActionCount(t.ctx, r.actions()) }},
		days: countTable{"action_days", 8, `SELECT day, source, notes, deletes, warns, timeouts, untimeouts, kicks, bans,
			unbans FROM action_days WHERE guild_id = ?`,
			func(t *tx, r repair) error { return t.AddActionDay(t.ctx, db.AddActionDayParams(r.actions())) }},
	},
	{
		alone: true,
		buckets: countTable{"rule_counts", 3,
			`SELECT bucket, rule, counted, shadow, false_positives FROM rule_counts WHERE guild_id = ?`,
			func(t *tx, r repair) error { return t.AddRuleCount(t.ctx, r.rules()) }},
		days: countTable{"rule_days", 3,
			`SELECT day, rule, counted, shadow, false_positives FROM rule_days WHERE guild_id = ?`,
			func(t *tx, r repair) error { return t.AddRuleDay(t.ctx, db.AddRuleDayParams(r.rules())) }},
	},
	{
		buckets: countTable{"response_times", 2 + latencyPlaces,
			`SELECT bucket, '', count, sum_us, ` + latencyColumns + ` FROM response_times WHERE guild_id = ?`,
			func(t *tx, r repair) error { return t.PutResponseTimes(t.ctx, r.responses()) }},
		days: countTable{"response_days", 2 + latencyPlaces,
			`SELECT day, '', count, sum_us, ` + latencyColumns + ` FROM response_days WHERE guild_id = ?`,
			func(t *tx, r repair) error {
				return t.PutResponseDay(t.ctx, db.PutResponseDayParams(r.responses()))
			}},
	},
	{
		commands: true,
		buckets: countTable{"activity", 6,
			`SELECT bucket, '', messages, edits, deletes, commands, joins, leaves FROM activity WHERE guild_id = ?`,
			func(t *tx, r repair) error { return t.AddActivity(t.ctx, r.activity()) }},
		days: countTable{"activity_days", 6,
			`SELECT day, '', messages, edits, deletes, commands, joins, leaves FROM activity_days WHERE guild_id = ?`,
			func(t *tx, r repair) error {
				return t.AddActivityDay(t.ctx, db.AddActivityDayParams(r.activity()))
			}},
	},
}

// countWindows count by member. All their rows are kept: a guild keeps rows for 90 days at least.
var countWindows = []countTable{
	{"offender_window", 2, `SELECT 0, user_id, week, month FROM offender_window WHERE guild_id = ?`,
		func(t *tx, r repair) error {
			if err := t.AddOffender(t.ctx, db.AddOffenderParams{GuildID: int64(r.guild), UserID: r.user(),
				Week: r.diff[0], Month: r.diff[1]}); err != nil {
				return err
			}
			return t.DeleteIdleOffender(t.ctx,
				db.DeleteIdleOffenderParams{GuildID: int64(r.guild), UserID: r.user()})
		}},
	{"target_window", 2, `SELECT 0, user_id, week, month FROM target_window WHERE guild_id = ?`,
		func(t *tx, r repair) error {
			if err := t.AddTarget(t.ctx, db.AddTargetParams{GuildID: int64(r.guild), UserID: r.user(),
				Week: r.diff[0], Month: r.diff[1]}); err != nil {
				return err
			}
			return t.DeleteIdleTarget(t.ctx, db.DeleteIdleTargetParams{GuildID: int64(r.guild), UserID: r.user()})
		}},
}

const (
	commandColumn  = 3 // of activity
	latencyPlaces  = len(moderation.Latency{}.Buckets)
	latencyColumns = `json_extract(buckets, '$[0]'), json_extract(buckets, '$[1]'), json_extract(buckets, '$[2]'),
		json_extract(buckets, '$[3]'), json_extract(buckets, '$[4]'), json_extract(buckets, '$[5]'),
		json_extract(buckets, '$[6]'), json_extract(buckets, '$[7]'), json_extract(buckets, '$[8]'),
		json_extract(buckets, '$[9]')`
)

func (r *repair) violations() db.AddViolationCountParams {
	return db.AddViolationCountParams{GuildID: int64(r.guild), Bucket: r.key.start, Source: r.key.name, Low: r.diff[0],
		Medium: r.diff[1], High: r.diff[2], Critical: r.diff[3]}
}

func (r *repair) actions() db.AddActionCountParams {
	return db.AddActionCountParams{GuildID: int64(r.guild), Bucket: r.key.start, Source: r.key.name, Notes: r.diff[0],
		Deletes: r.diff[1], Warns: r.diff[2], Timeouts: r.diff[3], Untimeouts: r.diff[4], Kicks: r.diff[5],
		Bans: r.diff[6], Unbans: r.diff[7]}
}

func (r *repair) rules() db.AddRuleCountParams {
	return db.AddRuleCountParams{GuildID: int64(r.guild), Bucket: r.key.start, Rule: r.key.name, Counted: r.diff[0],
		Shadow: r.diff[1], FalsePositives: r.diff[2]}
}

func (r *repair) activity() db.AddActivityParams {
	return db.AddActivityParams{GuildID: int64(r.guild), Bucket: r.key.start, Messages: r.diff[0], Edits: r.diff[1],
		Deletes: r.diff[2], Commands: r.diff[3], Joins: r.diff[4], Leaves: r.diff[5]}
}

func (r *repair) responses() db.PutResponseTimesParams {
	l := moderation.Latency{Count: r.wants[0], Sum: time.Duration(r.wants[1]) * time.Microsecond}
	copy(l.Buckets[:], r.wants[2:])
	return responseRow(r.guild, r.key.start, &l)
}

func (r *repair) user() int64 {
	id, _ := strconv.ParseInt(r.key.name, 10, 64) // it was written by FormatInt
	return id
}

func byStartAndName(a, b countKey) int {
	return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.name, b.name))
}
