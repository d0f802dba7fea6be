package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// FoundQuarter is how many violations of a source began to count in a quarter of an hour.
type FoundQuarter struct {
	Start      time.Time // UTC, on a bucket
	Source     moderation.Source
	BySeverity [4]int64 // in the order of moderation.Severities
}

// Total is the number of violations.
func (q *FoundQuarter) Total() int64 {
	return q.BySeverity[0] + q.BySeverity[1] + q.BySeverity[2] + q.BySeverity[3]
}

// RuleFound is what a rule found in a time.
type RuleFound struct {
	BySeverity     [4]int64 // what counts, in the order of moderation.Severities
	Shadow         int64
	FalsePositives int64
}

// Counted is the number of violations that count.
func (r *RuleFound) Counted() int64 {
	return r.BySeverity[0] + r.BySeverity[1] + r.BySeverity[2] + r.BySeverity[3]
}

// Judged is what false positives are a share of: what the rule was enforced on, or, where nothing of it counts, its shadow
// hits. Those that were shadow hits of a rule that is enforced since are not told apart.
func (r *RuleFound) Judged() int64 {
	if n := r.Counted(); n > 0 {
		return n + r.FalsePositives
	}
	return r.Shadow + r.FalsePositives
}

// ModeratorQuarter is what somebody did in a quarter of an hour: their actions, and whether they wrote.
type ModeratorQuarter struct {
	User   snowflake.UserID
	Start  time.Time // UTC, on a bucket
	ByKind [8]int32  // in the order of moderation.ActionKinds
	Wrote  bool
}

// Answers is how moderators answered violations of one rule: for each severity, how often by each kind of action.
type Answers [4][8]int64

// FoundQuarters gives the quarters of an hour in which a guild had violations, by day, source and time.
func (s *Snapshot) FoundQuarters(guild snowflake.GuildID, span Span) (list []FoundQuarter) {
	s.eachSheet(guild, sheetSource, span, func(subject string, start int64, column int, n int64) {
		last := len(list) - 1
		if last < 0 || list[last].Start.UnixMilli() != start || string(list[last].Source) != subject {
			list = append(list, FoundQuarter{Start: timeOf(start), Source: moderation.Source(subject)})
			last++
		}
		list[last].BySeverity[column] += n
	})
	return list
}

// RulesFound gives what each rule of any source found in a span, by the rule: "rule:12", "automod:81384788765712384".
// Rules that found nothing are left out.
func (s *Snapshot) RulesFound(guild snowflake.GuildID, span Span) map[string]RuleFound {
	found := map[string]RuleFound{}
	var rule string
	var one RuleFound // of that rule; putting it into the map for each cell took half of the time
	s.eachSheet(guild, sheetRule, span, func(subject string, _ int64, column int, n int64) {
		if subject != rule {
			found[rule], rule = one, subject
			one = found[rule]
		}
		switch column {
		case columnShadow:
			one.Shadow += n
		case columnFalse:
			one.FalsePositives += n
		default:
			one.BySeverity[column] += n
		}
	})
	found[rule] = one
	delete(found, "") // what was counted before the first
	return found
}

// ModeratorQuarters gives the quarters of an hour in which somebody acted on behalf of a guild, or a moderator of it
// wrote, by day, user and time. What bots did is left out: it is no moderator's work.
func (s *Snapshot) ModeratorQuarters(guild snowflake.GuildID, span Span) (list []ModeratorQuarter) {
	var subject string
	var user snowflake.UserID
	rows := s.sheets(guild, sheetModerator, span)
	cells := 0
	for i := range rows {
		cells += strings.Count(rows[i].Cells, ":")
	}
	list = make([]ModeratorQuarter, 0, cells) // growing it took half of the time
	s.eachCell(sheetModerator, span, rows, func(who string, start int64, column int, n int64) {
		if who != subject {
			subject = who
			id, err := strconv.ParseInt(who, 10, 64) // below 0 for one whose data was erased
			s.ok("a moderator's sheet", err)
			user = snowflake.UserID(id)
		}
		last := len(list) - 1
		if last < 0 || list[last].Start.UnixMilli() != start || list[last].User != user {
			list = append(list, ModeratorQuarter{User: user, Start: timeOf(start)})
			last++
		}
		if column == columnWrote {
			list[last].Wrote = true
			return
		}
		list[last].ByKind[column] += int32(n)
	})
	bots := s.botsAmong(list)
	if len(bots) == 0 {
		return list
	}
	return slices.DeleteFunc(list, func(q ModeratorQuarter) bool { return slices.Contains(bots, q.User) })
}

// botsAmong are those who acted and are bots.
func (s *Snapshot) botsAmong(list []ModeratorQuarter) (bots []snowflake.UserID) {
	var ids []snowflake.UserID
	for i := range list {
		if i == 0 || list[i].User != list[i-1].User { // the quarters of a day and user stand together
			ids = append(ids, list[i].User)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if s.err != nil || len(ids) == 0 {
		return nil
	}
	rows, err := s.q.ListUsers(s.ctx, jsonIDs(ids))
	s.ok("who is a bot", err)
	for _, row := range rows {
		if row.Bot != 0 {
			bots = append(bots, snowflake.UserID(row.UserID))
		}
	}
	return bots
}

// RuleAnswers gives how moderators answered the violations of each rule, by the time of their actions.
func (s *Snapshot) RuleAnswers(guild snowflake.GuildID, span Span) map[string]Answers {
	answers := map[string]Answers{}
	s.eachSheet(guild, sheetAnswer, span, func(subject string, _ int64, column int, n int64) {
		one := answers[subject]
		one[column/len(one[0])][column%len(one[0])] += n
		answers[subject] = one
	})
	return answers
}

// ModeratorsWriteSince is from when on it is known when moderators wrote; zero: from the beginning. Before, only what they
// did is.
func (s *Snapshot) ModeratorsWriteSince() time.Time {
	if s.err != nil {
		return time.Time{}
	}
	text, err := s.q.GetValue(s.ctx, "moderators_write_since")
	s.ok("since when moderators' writing is known", err)
	ms, _ := strconv.ParseInt(text, 10, 64)
	return timeOf(ms)
}

// ModeratedInMonth counts the members active in the UTC calendar month of t, and those of them who were ever moderated
// by the end of it: warned, timed out, kicked, banned, or a message of theirs deleted.
func (s *Snapshot) ModeratedInMonth(guild snowflake.GuildID, t time.Time) (active, moderated int64) {
	if s.err != nil {
		return 0, 0
	}
	row, err := s.q.FindModeratedMonth(s.ctx,
		db.FindModeratedMonthParams{GuildID: int64(guild), Month: monthOf(t.UnixMilli())})
	s.ok("moderated members of a month", err)
	return row.Users, row.Moderated
}

// eachSheet goes through the cells of a sheet that lie in a span, day by day: the subject, when the quarter of an hour
// begins, the column and the number.
func (s *Snapshot) eachSheet(guild snowflake.GuildID, name sheetName, span Span, do func(string, int64, int, int64)) {
	s.eachCell(name, span, s.sheets(guild, name, span), do)
}

// sheets are the days of a sheet that a span touches.
func (s *Snapshot) sheets(guild snowflake.GuildID, name sheetName, span Span) []db.ListDaySheetsRow {
	if s.err != nil {
		return nil
	}
	from, until := span.ms()
	rows, err := s.q.ListDaySheets(s.ctx, db.ListDaySheetsParams{GuildID: int64(guild), Sheet: string(name),
		Since: from - from%day.Milliseconds(), Until: until})
	s.ok("sheets", err)
	return rows
}

// eachCell goes through the cells of some days that lie in a span.
func (s *Snapshot) eachCell(name sheetName, span Span, rows []db.ListDaySheetsRow, do func(string, int64, int, int64)) {
	from, until := span.ms()
	columns, quarter := int64(name.columns()), moderation.Bucket.Milliseconds()
	for i := range rows {
		row := &rows[i]
		err := eachCell(row.Cells, func(at, n int64) {
			if start := row.Day + at/columns*quarter; start >= from && start < until {
				do(row.Subject, start, int(at%columns), n)
			}
		})
		if err != nil {
			s.ok("sheets", fmt.Errorf("%s of %s: %w", name, timeOf(row.Day), err))
		}
	}
}
