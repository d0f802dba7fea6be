package store

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// importSums are the rollups of an import, by their keys.
type importSums struct {
	weekEdge, monthEdge int64

	buckets, days importCounts
	latencies     map[int64]*moderation.Latency
	months        map[db.InsertMemberMonthParams]struct{}
	perMonth      map[db.AddActiveMonthParams]int64 // by guild and month
	targets       map[moderation.Presence]*db.AddTargetParams
	offenders     map[moderation.Presence]*db.AddOffenderParams
	sheets        sheetSums
	wrote         int64 // when a moderator first wrote; 0: that is not told
}

// importCounts are what is counted by bucket, and by day.
type importCounts struct {
	start      func(ms int64) int64 // of the bucket or the day
	activities map[guildBucket]*db.AddActivityParams
	violations map[guildBucket]*db.AddViolationCountParams
	rules      map[ruleBucket]*db.AddRuleCountParams
	actions    map[guildBucket]*db.AddActionCountParams
	responses  map[guildBucket]*moderation.Latency
}

type ruleBucket struct {
	guild  snowflake.GuildID
	rule   string
	bucket int64
}

type guildBucket struct {
	guild  snowflake.GuildID
	bucket int64
	source moderation.Source
}

func newImportSums(now int64) importSums {
	return importSums{
		weekEdge: edgeOf(now, weekDays), monthEdge: edgeOf(now, monthDays),
		buckets: newImportCounts(bucketOf), days: newImportCounts(dayOf), latencies: map[int64]*moderation.Latency{},
		months: map[db.InsertMemberMonthParams]struct{}{}, perMonth: map[db.AddActiveMonthParams]int64{},
		targets: map[moderation.Presence]*db.AddTargetParams{}, offenders: map[moderation.Presence]*db.AddOffenderParams{},
		sheets: newSheetSums(),
	}
}

func newImportCounts(start func(int64) int64) importCounts {
	return importCounts{
		start: start, activities: map[guildBucket]*db.AddActivityParams{},
		violations: map[guildBucket]*db.AddViolationCountParams{}, rules: map[ruleBucket]*db.AddRuleCountParams{},
		actions: map[guildBucket]*db.AddActionCountParams{}, responses: map[guildBucket]*moderation.Latency{},
	}
}

// scales are the counts by bucket and by day.
func (s *importSums) scales() [2]*importCounts { return [2]*importCounts{&s.buckets, &s.days} }

// entry gives the value of a key, making it when it is not there.
func entry[K comparable, V any](m map[K]*V, key K) *V {
	value := m[key]
	if value == nil {
		value = new(V)
		m[key] = value
	}
	return value
}

func (s *importSums) activity(guild snowflake.GuildID, at int64, add db.AddActivityParams) {
	for _, counts := range s.scales() {
		for _, whose := range owners(guild) {
			sum := entry(counts.activities, guildBucket{guild: whose, bucket: counts.start(at)})
			sum.Messages += add.Messages
			sum.Edits += add.Edits
			sum.Deletes += add.Deletes
			sum.Commands += add.Commands
			sum.Joins += add.Joins
			sum.Leaves += add.Leaves
		}
	}
}

func (s *importSums) violation(v *moderation.Violation, state moderation.ViolationState) {
	s.sheets.violation(v, state)
	at := msOf(v.At)
	for _, counts := range s.scales() {
		*stateColumn(entry(counts.rules, ruleBucket{v.Guild, v.Rule, counts.start(at)}), state)++
		if state != moderation.StateCounted {
			continue
		}
		for _, whose := range owners(v.Guild) {
			*severityColumn(entry(counts.violations, guildBucket{whose, counts.start(at), v.Source}), v.Severity)++
		}
	}
	if state == moderation.StateCounted && v.User != 0 && at >= s.monthEdge {
		window := entry(s.offenders, moderation.Presence{Guild: v.Guild, User: v.User})
		window.Month++
		window.Week += bit(at >= s.weekEdge)
	}
}

func (s *importSums) action(guild snowflake.GuildID, at int64, a *moderation.Action) {
	s.sheets.action(guild, at, a)
	for _, counts := range s.scales() {
		for _, whose := range owners(guild) {
			*kindColumn(entry(counts.actions, guildBucket{whose, counts.start(at), a.Source}), a.Kind)++
		}
	}
	if a.Target != 0 && at >= s.monthEdge {
		window := entry(s.targets, moderation.Presence{Guild: guild, User: a.Target})
		window.Month++
		window.Week += bit(at >= s.weekEdge)
	}
}

func (s *importSums) response(guild snowflake.GuildID, at int64, took time.Duration) {
	for _, counts := range s.scales() {
		for _, whose := range owners(guild) {
			entry(counts.responses, guildBucket{guild: whose, bucket: counts.start(at)}).Add(took)
		}
	}
}

func (s *importSums) latency(bucket int64, add *moderation.Latency) {
	sum := entry(s.latencies, bucket)
	sum.Count += add.Count
	sum.Sum += add.Sum
	for i := range sum.Buckets {
		sum.Buckets[i] += add.Buckets[i]
	}
}

func (s *importSums) month(m *db.Member, month int64) {
	for _, whose := range []int64{m.GuildID, 0} {
		key := db.InsertMemberMonthParams{Month: month, GuildID: whose, UserID: m.UserID}
		if _, known := s.months[key]; known {
			return
		}
		s.months[key] = struct{}{}
		s.perMonth[db.AddActiveMonthParams{GuildID: whose, Month: month}]++
	}
}
