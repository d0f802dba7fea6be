package store

import (
	"cmp"
	"context"
	"slices"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// finish writes what was summed, each table in the order of its key.
func (im *Importer) finish() {
	for _, write := range []func(){
		im.writeUsers, im.writeMembers, im.writeCounts, im.writeMonths, im.writeTargets, im.writeNumbers, im.writeLines,
		im.writeSheets,
	} {
		write()
	}
}

func (im *Importer) writeUsers() {
	for _, id := range sortedKeys(im.users, cmp.Compare) {
		im.do(func() error { _, err := im.q.PutUser(im.ctx, userRow(im.users[id], im.now)); return err })
	}
}

// writeMembers writes the members, and counts each user under the bucket of their newest activity.
func (im *Importer) writeMembers() {
	newest := map[int64]int64{}
	for _, who := range sortedKeys(im.members, byGuildAndUser) {
		m := im.members[who]
		im.do(func() error { return im.q.ImportMember(im.ctx, db.ImportMemberParams(*m)) })
		for _, role := range rolesOf(m.Roles) {
			im.do(func() error {
				return im.q.PutMemberRole(im.ctx, db.PutMemberRoleParams{
					GuildID: m.GuildID, RoleID: int64(role), UserID: m.UserID,
				})
			})
		}
		if m.LeftAt == 0 && m.LastActiveAt > newest[m.UserID] {
			newest[m.UserID] = m.LastActiveAt
		}
	}
	buckets := map[int64]int64{}
	for _, user := range sortedKeys(newest, cmp.Compare) {
		bucket := newest[user]
		buckets[bucket]++
		im.do(func() error {
			return im.q.PutUserActivity(im.ctx, db.PutUserActivityParams{UserID: user, Bucket: bucket})
		})
	}
	for _, bucket := range sortedKeys(buckets, cmp.Compare) {
		im.do(func() error {
			return im.q.AddActiveBucket(im.ctx, db.AddActiveBucketParams{Bucket: bucket, Users: buckets[bucket]})
		})
	}
}

func (im *Importer) writeCounts() {
	im.writeScale(&im.sums.buckets, importWrites{im.q.AddActivity, im.q.AddViolationCount, im.q.AddRuleCount,
		im.q.AddActionCount, im.q.PutResponseTimes})
	im.writeScale(&im.sums.days, importWrites{
		func(ctx context.Context, row db.AddActivityParams) error {
			return im.q.AddActivityDay(ctx, db.AddActivityDayParams(row))
		},
		func(ctx context.Context, row db.AddViolationCountParams) error {
			return im.q.AddViolationDay(ctx, db.AddViolationDayParams(row))
		},
		func(ctx context.Context, row db.AddRuleCountParams) error {
			return im.q.AddRuleDay(ctx, db.AddRuleDayParams(row))
		},
		func(ctx context.Context, row db.AddActionCountParams) error {
			return im.q.AddActionDay(ctx, db.AddActionDayParams(row))
		},
		func(ctx context.Context, row db.PutResponseTimesParams) error {
			return im.q.PutResponseDay(ctx, db.PutResponseDayParams(row))
		},
	})
	for _, bucket := range sortedKeys(im.sums.latencies, cmp.Compare) {
		im.do(func() error { return im.q.PutLatency(im.ctx, latencyRow(bucket, im.sums.latencies[bucket])) })
	}
}

// importWrites are how the counts by bucket, or by day, are written.
type importWrites struct {
	activity  func(context.Context, db.AddActivityParams) error
	violation func(context.Context, db.AddViolationCountParams) error
	rule      func(context.Context, db.AddRuleCountParams) error
	action    func(context.Context, db.AddActionCountParams) error
	response  func(context.Context, db.PutResponseTimesParams) error
}

func (im *Importer) writeScale(counts *importCounts, write importWrites) {
	for _, key := range sortedKeys(counts.activities, byGuildAndBucket) {
		row := *counts.activities[key]
		row.GuildID, row.Bucket = int64(key.guild), key.bucket
		im.do(func() error { return write.activity(im.ctx, row) })
	}
	for _, key := range sortedKeys(counts.violations, byGuildAndBucket) {
		row := *counts.violations[key]
		row.GuildID, row.Bucket, row.Source = int64(key.guild), key.bucket, string(key.source)
		im.do(func() error { return write.violation(im.ctx, row) })
	}
	for _, key := range sortedKeys(counts.rules, byGuildAndRule) {
		row := *counts.rules[key]
		row.GuildID, row.Rule, row.Bucket = int64(key.guild), key.rule, key.bucket
		im.do(func() error { return write.rule(im.ctx, row) })
	}
	for _, key := range sortedKeys(counts.responses, byGuildAndBucket) {
		row := responseRow(key.guild, key.bucket, counts.responses[key])
		im.do(func() error { return write.response(im.ctx, row) })
	}
	for _, key := range sortedKeys(counts.actions, byGuildAndBucket) {
		row := *counts.actions[key]
		row.GuildID, row.Bucket, row.Source = int64(key.guild), key.bucket, string(key.source)
		im.do(func() error { return write.action(im.ctx, row) })
	}
}

func (im *Importer) writeMonths() {
	for _, row := range sortedKeys(im.sums.months, byMonth) {
		im.do(func() error { _, err := im.q.InsertMemberMonth(im.ctx, row); return err })
	}
	for row, users := range im.sums.perMonth {
		row.Users = users
		im.do(func() error { return im.q.AddActiveMonth(im.ctx, row) })
	}
}

func (im *Importer) writeTargets() {
	for _, who := range sortedKeys(im.sums.targets, byGuildAndUser) {
		row := *im.sums.targets[who]
		row.GuildID, row.UserID = int64(who.Guild), int64(who.User)
		im.do(func() error { return im.q.AddTarget(im.ctx, row) })
	}
	for _, who := range sortedKeys(im.sums.offenders, byGuildAndUser) {
		row := *im.sums.offenders[who]
		row.GuildID, row.UserID = int64(who.Guild), int64(who.User)
		im.do(func() error { return im.q.AddOffender(im.ctx, row) })
	}
	im.do(func() error { return im.q.PutEdge(im.ctx, db.PutEdgeParams{Days: weekDays, At: im.sums.weekEdge}) })
	im.do(func() error { return im.q.PutEdge(im.ctx, db.PutEdgeParams{Days: monthDays, At: im.sums.monthEdge}) })
}

func (im *Importer) writeNumbers() {
	for guild, last := range im.numbers {
		im.do(func() error {
			return im.q.PutViolationNumber(im.ctx, db.PutViolationNumberParams{GuildID: int64(guild), Last: last})
		})
	}
}

// writeLines writes the kept lines of all guilds in the order of their time.
func (im *Importer) writeLines() {
	var all []moderation.Change
	for _, guild := range sortedKeys(im.lines, cmp.Compare[snowflake.GuildID]) {
		all = append(all, newestLines(im.lines[guild])...)
	}
	slices.SortStableFunc(all, func(a, b moderation.Change) int { return a.At.Compare(b.At) })
	for _, change := range all {
		im.do(func() error { _, err := im.q.InsertChange(im.ctx, changeRow(change)); return err })
	}
}

func byGuildAndUser(a, b moderation.Presence) int {
	return cmp.Or(cmp.Compare(a.Guild, b.Guild), cmp.Compare(a.User, b.User))
}

func byMonth(a, b db.InsertMemberMonthParams) int {
	return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.GuildID, b.GuildID), cmp.Compare(a.UserID, b.UserID))
}

func byGuildAndRule(a, b ruleBucket) int {
	return cmp.Or(cmp.Compare(a.guild, b.guild), cmp.Compare(a.rule, b.rule), cmp.Compare(a.bucket, b.bucket))
}
