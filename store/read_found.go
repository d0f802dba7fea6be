package store

import (
	"encoding/json"
	"fmt"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// FoundCounts are violations by severity and by source; each adds up to the same total.
type FoundCounts struct {
	BySeverity map[moderation.Severity]int64
	BySource   map[moderation.Source]int64
}

// Found counts a guild's violations: neither those of rules in shadow mode nor false positives. Rules and native AutoMod
// alone find any.
func (s *Snapshot) Found(guild snowflake.GuildID, span Span) FoundCounts {
	if s.err != nil {
		return FoundCounts{}
	}
	from, until := span.ms()
	first, last := span.days()
	row, err := s.q.SumFound(s.ctx, db.SumFoundParams{GuildID: int64(guild), Since: from, FirstDay: first,
		LastDay: last, Until: until})
	s.ok("violations by source", err)
	return FoundCounts{
		BySeverity: map[moderation.Severity]int64{
			moderation.SeverityLow: row.Low, moderation.SeverityMedium: row.Medium,
			moderation.SeverityHigh: row.High, moderation.SeverityCritical: row.Critical,
		},
		BySource: map[moderation.Source]int64{
			moderation.SourceRule: row.Rule, moderation.SourceAutoMod: row.Automod,
		},
	}
}

// Vitals are what a guild's health is computed from, besides its response times.
type Vitals struct{ Messages, Violations, Actions, Removals int64 }

// Vitals adds up what a guild's health is computed from, in one query.
func (s *Snapshot) Vitals(guild snowflake.GuildID, span Span) Vitals {
	if s.err != nil {
		return Vitals{}
	}
	from, until := span.ms()
	row, err := s.q.SumVitals(s.ctx, db.SumVitalsParams{GuildID: int64(guild), Since: from, Until: until})
	s.ok("vitals", err)
	return Vitals{row.Messages, row.Violations, row.Actions, row.Removals}
}

// ResponseTimes are how long guildwatch took from detection to the first action done, for a guild's violations in a span
// that count.
func (s *Snapshot) ResponseTimes(guild snowflake.GuildID, span Span) (l moderation.Latency) {
	if s.err != nil {
		return l
	}
	from, until := span.ms()
	first, last := span.days()
	row, err := s.q.JoinResponseTimes(s.ctx, db.JoinResponseTimesParams{GuildID: int64(guild), Since: from,
		FirstDay: first, LastDay: last, Until: until})
	if !s.ok("response times", err) {
		return l
	}
	l.Count, l.Sum = row.Count, time.Duration(row.SumUs)*time.Microsecond
	// One text for all buckets: a month is up to 2880 of them, and reading each as a row takes longer than this.
	var all [][len(l.Buckets)]int64
	if err := json.Unmarshal([]byte("["+row.Buckets+"]"), &all); err != nil {
		s.ok("response times", fmt.Errorf("guild %d: %w", guild, err))
		return moderation.Latency{}
	}
	for _, bucket := range all {
		for i, n := range bucket {
			l.Buckets[i] += n
		}
	}
	return l
}

// Endings are all actions of a time, and those among them that punish.
type Endings struct{ Total, Warns, Timeouts, Kicks, Bans int64 }

// Endings counts a guild's actions that punish: less than half the work of Actions.
func (s *Snapshot) Endings(guild snowflake.GuildID, span Span) Endings {
	if s.err != nil {
		return Endings{}
	}
	from, until := span.ms()
	first, last := span.days()
	row, err := s.q.SumEndings(s.ctx, db.SumEndingsParams{GuildID: int64(guild), Since: from, FirstDay: first,
		LastDay: last, Until: until})
	s.ok("actions that punish", err)
	return Endings{row.N, row.Warns, row.Timeouts, row.Kicks, row.Bans}
}
