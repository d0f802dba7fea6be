package store

import (
	"cmp"
	"math"
	"slices"
	"time"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Offender is a member and how often they broke a rule.
type Offender struct {
	User       snowflake.UserID
	Violations int64
	Last       time.Time
}

// Offenders are the members who broke rules in a time. What does not count is not in it.
type Offenders struct {
	Top            []Offender // who broke most, most first
	One, Two, More int64      // how many members have one, two, and three or more
}

// OffendersSince ranks the members who broke rules since a moment, at most limit. It reads one index entry for each
// violation: right for an hour or a day; for longer there are WeekOffenders and MonthOffenders.
func (s *Snapshot) OffendersSince(guild snowflake.GuildID, since time.Time, limit int) (o Offenders) {
	if s.err != nil {
		return o
	}
	pairs, err := s.q.JoinOffendersSince(s.ctx,
		db.JoinOffendersSinceParams{GuildID: int64(guild), Since: since.UnixMilli()})
	counts := tallies{}
	if err == nil {
		err = counts.add(pairs)
	}
	s.ok("offenders", err)
	o.Top = make([]Offender, 0, len(counts))
	for user, tally := range counts {
		o.Top = append(o.Top, Offender{User: user, Violations: tally.n, Last: timeOf(tally.last)})
		switch tally.n {
		case 1:
			o.One++
		case 2:
			o.Two++
		default:
			o.More++
		}
	}
	slices.SortFunc(o.Top, func(a, b Offender) int {
		return cmp.Or(cmp.Compare(b.Violations, a.Violations), cmp.Compare(a.User, b.User))
	})
	o.Top = o.Top[:min(limit, len(o.Top))]
	return o
}

// WeekOffenders ranks the members who broke rules in the last 7 days, at most limit.
func (s *Snapshot) WeekOffenders(guild snowflake.GuildID, limit int) (o Offenders) {
	if s.err != nil {
		return o
	}
	rows, err := s.q.ListWeekOffenders(s.ctx, db.ListWeekOffendersParams{GuildID: int64(guild), Max: int64(limit)})
	s.ok("offenders of the week", err)
	for _, row := range rows {
		o.Top = append(o.Top, Offender{User: snowflake.UserID(row.UserID), Violations: row.Week})
	}
	count := func(low, high int64) int64 {
		n, err := s.q.CountWeekOffenders(s.ctx,
			db.CountWeekOffendersParams{GuildID: int64(guild), Low: low, High: high})
		s.ok("offenders of the week, counted", err)
		return n
	}
	o.One, o.Two, o.More = count(1, 1), count(2, 2), count(3, math.MaxInt64)
	return s.lastOffences(guild, o)
}

// MonthOffenders ranks the members who broke rules in the last 30 days, at most limit.
func (s *Snapshot) MonthOffenders(guild snowflake.GuildID, limit int) (o Offenders) {
	if s.err != nil {
		return o
	}
	rows, err := s.q.ListMonthOffenders(s.ctx, db.ListMonthOffendersParams{GuildID: int64(guild), Max: int64(limit)})
	s.ok("offenders of the month", err)
	for _, row := range rows {
		o.Top = append(o.Top, Offender{User: snowflake.UserID(row.UserID), Violations: row.Month})
	}
	count := func(low, high int64) int64 {
		n, err := s.q.CountMonthOffenders(s.ctx,
			db.CountMonthOffendersParams{GuildID: int64(guild), Low: low, High: high})
		s.ok("offenders of the month, counted", err)
		return n
	}
	o.One, o.Two, o.More = count(1, 1), count(2, 2), count(3, math.MaxInt64)
	return s.lastOffences(guild, o)
}

// lastOffences fills in when each of the listed last broke a rule.
func (s *Snapshot) lastOffences(guild snowflake.GuildID, o Offenders) Offenders {
	if s.err != nil || len(o.Top) == 0 {
		return o
	}
	ids := make([]snowflake.UserID, len(o.Top))
	for i, one := range o.Top {
		ids[i] = one.User
	}
	rows, err := s.q.ListLastViolationTimes(s.ctx,
		db.ListLastViolationTimesParams{GuildID: int64(guild), Ids: jsonIDs(ids)})
	s.ok("last violations of offenders", err)
	last := make(map[int64]int64, len(rows))
	for _, row := range rows {
		last[row.UserID] = row.At
	}
	for i := range o.Top {
		o.Top[i].Last = timeOf(last[int64(o.Top[i].User)])
	}
	return o
}
