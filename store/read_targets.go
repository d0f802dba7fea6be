package store

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Target is a member and how often somebody acted on them.
type Target struct {
	User    snowflake.UserID
	Actions int64
	Last    time.Time
}

// targetsRead is how much time is read of at once: the text of a month of the largest servers is some 8 MB.
const targetsRead = 31 * day

// TargetsIn ranks the members acted on in a span, most first, at most limit. It reads one index entry for each action, some
// three million a second: for periods that end now there are WeekTargets and MonthTargets.
func (s *Snapshot) TargetsIn(guild snowflake.GuildID, span Span, limit int) []Target {
	counts := tallies{}
	for from := span.From; from.Before(span.Until) && s.err == nil; from = from.Add(targetsRead) {
		until := from.Add(targetsRead)
		if until.After(span.Until) {
			until = span.Until
		}
		pairs, err := s.q.JoinTargets(s.ctx, db.JoinTargetsParams{GuildID: int64(guild), Since: from.UnixMilli(),
			Until: until.UnixMilli()})
		if err == nil {
			err = counts.add(pairs)
		}
		s.ok("targets", err)
	}
	list := make([]Target, 0, len(counts))
	for user, tally := range counts {
		list = append(list, Target{User: user, Actions: tally.n, Last: timeOf(tally.last)})
	}
	slices.SortFunc(list, func(a, b Target) int {
		return cmp.Or(cmp.Compare(b.Actions, a.Actions), cmp.Compare(a.User, b.User))
	})
	return slices.Clip(list[:min(limit, len(list))])
}

// WeekTargets ranks the members acted on in the last 7 days, most first, at most limit.
func (s *Snapshot) WeekTargets(guild snowflake.GuildID, limit int) []Target {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListWeekTargets(s.ctx, db.ListWeekTargetsParams{GuildID: int64(guild), Max: int64(limit)})
	s.ok("targets of the week", err)
	list := make([]Target, 0, len(rows))
	for _, row := range rows {
		list = append(list, Target{User: snowflake.UserID(row.UserID), Actions: row.Week})
	}
	return s.dated(guild, list)
}

// MonthTargets ranks the members acted on in the last 30 days, most first, at most limit.
func (s *Snapshot) MonthTargets(guild snowflake.GuildID, limit int) []Target {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListMonthTargets(s.ctx, db.ListMonthTargetsParams{GuildID: int64(guild), Max: int64(limit)})
	s.ok("targets of the month", err)
	list := make([]Target, 0, len(rows))
	for _, row := range rows {
		list = append(list, Target{User: snowflake.UserID(row.UserID), Actions: row.Month})
	}
	return s.dated(guild, list)
}

// dated fills in when each of list was last acted on.
func (s *Snapshot) dated(guild snowflake.GuildID, list []Target) []Target {
	if s.err != nil || len(list) == 0 {
		return list
	}
	ids := make([]snowflake.UserID, len(list))
	for i, target := range list {
		ids[i] = target.User
	}
	rows, err := s.q.ListLastActionTimes(s.ctx, db.ListLastActionTimesParams{GuildID: int64(guild), Ids: jsonIDs(ids)})
	s.ok("last actions on targets", err)
	last := make(map[int64]int64, len(rows))
	for _, row := range rows {
		last[row.UserID] = row.At
	}
	for i := range list {
		list[i].Last = timeOf(last[int64(list[i].User)])
	}
	return list
}

// jsonIDs writes ids as the JSON array that a query takes apart again: sqlc's own lists number their parameters
// wrongly.
func jsonIDs[T ~int64](ids []T) string {
	plain := make([]int64, len(ids)) // an id's own JSON is a string
	for i, id := range ids {
		plain[i] = int64(id)
	}
	text, _ := json.Marshal(plain) // numbers always encode
	return string(text)
}
