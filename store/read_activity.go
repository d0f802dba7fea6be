package store

import (
	"slices"
	"time"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Everywhere stands for the sum of all guilds where a read takes a guild.
const Everywhere snowflake.GuildID = 0

// Activity is what was counted in a span.
type Activity struct{ Messages, Commands, Joins, Leaves int64 }

// BucketCounts is what was counted in one bucket.
type BucketCounts struct {
	Start time.Time
	Activity
	Actions, Violations int64
}

// Activity adds up a guild's counters.
func (s *Snapshot) Activity(guild snowflake.GuildID, span Span) Activity {
	if s.err != nil {
		return Activity{}
	}
	from, until := span.ms()
	first, last := span.days()
	row, err := s.q.SumActivity(s.ctx, db.SumActivityParams{GuildID: int64(guild), Since: from, FirstDay: first,
		LastDay: last, Until: until})
	s.ok("activity", err)
	return Activity{row.Messages, row.Commands, row.Joins, row.Leaves}
}

// Buckets gives a guild's counters one bucket at a time, oldest first, leaving out those in which nothing happened.
func (s *Snapshot) Buckets(guild snowflake.GuildID, span Span) []BucketCounts {
	if s.err != nil {
		return nil
	}
	id := int64(guild)
	from, until := span.ms()
	merged := map[int64]BucketCounts{}
	activity, err := s.q.ListActivity(s.ctx, db.ListActivityParams{GuildID: id, Since: from, Until: until})
	s.ok("activity by bucket", err)
	for _, row := range activity {
		merged[row.Bucket] = BucketCounts{Activity: Activity{row.Messages, row.Commands, row.Joins, row.Leaves}}
	}
	actions, err := s.q.ListActionTotals(s.ctx, db.ListActionTotalsParams{GuildID: id, Since: from, Until: until})
	s.ok("actions by bucket", err)
	for _, row := range actions {
		counts := merged[row.Bucket]
		counts.Actions = row.N
		merged[row.Bucket] = counts
	}
	violations, err := s.q.ListViolationTotals(s.ctx,
		db.ListViolationTotalsParams{GuildID: id, Since: from, Until: until})
	s.ok("violations by bucket", err)
	for _, row := range violations {
		counts := merged[row.Bucket]
		counts.Violations = row.N
		merged[row.Bucket] = counts
	}
	list := make([]BucketCounts, 0, len(merged))
	for bucket, counts := range merged {
		counts.Start = timeOf(bucket)
		list = append(list, counts)
	}
	slices.SortFunc(list, func(a, b BucketCounts) int { return a.Start.Compare(b.Start) })
	return list
}

// Beginnings are the quarters of an hour in which counting began; zero where nothing was counted yet.
type Beginnings struct {
	Beat     time.Time // the first heartbeat that was ever timed
	Instance time.Time // of anything on the whole instance, heartbeats included
	Guild    time.Time // of anything in the guild
}

// Beginnings says since when a guild's figures are known, with three lookups.
func (s *Snapshot) Beginnings(guild snowflake.GuildID) Beginnings {
	beat := s.firstBeat()
	return Beginnings{beat, earlierOf(s.firstActivity(Everywhere), beat), s.firstActivity(guild)}
}

// Began is when anything was first counted in a guild; Everywhere, on the whole instance, heartbeats included. It is on
// a bucket, and zero where nothing was.
func (s *Snapshot) Began(guild snowflake.GuildID) time.Time {
	if guild == Everywhere {
		return earlierOf(s.firstActivity(Everywhere), s.firstBeat())
	}
	return s.firstActivity(guild)
}

func (s *Snapshot) firstActivity(guild snowflake.GuildID) time.Time {
	if s.err != nil {
		return time.Time{}
	}
	first, err := s.q.FindFirstActivity(s.ctx, int64(guild))
	s.ok("first activity", err)
	return timeOf(first)
}

func (s *Snapshot) firstBeat() time.Time {
	if s.err != nil {
		return time.Time{}
	}
	first, err := s.q.FindFirstLatency(s.ctx)
	s.ok("first heartbeat", err)
	return timeOf(first)
}

// earlierOf is the earlier of two times that are known; zero where neither is.
func earlierOf(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
