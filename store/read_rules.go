package store

import (
	"strconv"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// RuleRow is one of a guild's rules with what it found.
type RuleRow struct {
	rule.Rule
	Problem     string // why guildwatch has switched it off; empty: it has not
	Made        time.Time
	Updated     time.Time
	Week, Month RuleCounts // the last 7 and 30 days, the running bucket included
}

// RuleCounts is how often a rule was broken, by what became of it.
type RuleCounts struct{ Counted, Shadow, FalsePositives int64 }

// RuleVersion is a rule as it once was.
type RuleVersion struct {
	rule.Rule
	At   time.Time
	By   snowflake.UserID // 0: guildwatch
	Note string
}

// versionsShown is how many of a rule's versions are listed at most.
const versionsShown = 100

// RuleList lists a guild's rules by number. A rule that cannot be read is left out.
func (s *Snapshot) RuleList(guild snowflake.GuildID) []RuleRow {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListRules(s.ctx, int64(guild))
	s.ok("rules", err)
	week, month := s.countsOfRules(guild, s.lastDays(weekDays)), s.countsOfRules(guild, s.lastDays(monthDays))
	list := make([]RuleRow, 0, len(rows))
	for _, row := range rows {
		if one, ok := ruleRow(&row, week[row.Number], month[row.Number]); ok {
			list = append(list, one)
		}
	}
	return list
}

// HasRule says whether a guild has a rule of guildwatch's own that is not off.
func (s *Snapshot) HasRule(guild snowflake.GuildID) bool {
	if s.err != nil {
		return false
	}
	_, err := s.q.FindActiveRule(s.ctx, int64(guild))
	return s.ok("active rule", err)
}

// Rule gives one of a guild's rules.
func (s *Snapshot) Rule(guild snowflake.GuildID, number int64) (row RuleRow, known bool) {
	if s.err != nil {
		return RuleRow{}, false
	}
	found, err := s.q.GetRule(s.ctx, db.GetRuleParams{GuildID: int64(guild), Number: number})
	if !s.ok("rule", err) {
		return RuleRow{}, false
	}
	name := ruleName(number)
	return ruleRow(&found, s.RuleCounts(guild, name, s.lastDays(weekDays)),
		s.RuleCounts(guild, name, s.lastDays(monthDays)))
}

// lastDays is the time of so many days that ends with the running bucket.
func (s *Snapshot) lastDays(days int) Span {
	return Span{s.now.Add(-time.Duration(days) * day), s.now.Add(moderation.Bucket)}
}

func ruleRow(row *db.Rule, week, month RuleCounts) (RuleRow, bool) {
	r, err := ruleOf(row.Body, row.Number, row.Version)
	if err != nil {
		return RuleRow{}, false
	}
	return RuleRow{Rule: r, Problem: row.Problem, Made: timeOf(row.MadeAt), Updated: timeOf(row.UpdatedAt), Week: week,
		Month: month}, true
}

// RuleCounts counts how often a rule of any source was broken: "rule:12", "automod:81384788765712384". Buckets that
// begin in the span count.
func (s *Snapshot) RuleCounts(guild snowflake.GuildID, name string, span Span) RuleCounts {
	if s.err != nil {
		return RuleCounts{}
	}
	from, until := span.ms()
	first, last := span.days()
	n, err := s.q.SumRuleCounts(s.ctx, db.SumRuleCountsParams{GuildID: int64(guild), Rule: name, Since: from,
		FirstDay: first, LastDay: last, Until: until})
	s.ok("counts of a rule", err)
	return RuleCounts{n.Counted, n.Shadow, n.FalsePositives}
}

// countsOfRules is RuleCounts for each of a guild's own rules by its number, in one query.
func (s *Snapshot) countsOfRules(guild snowflake.GuildID, span Span) map[int64]RuleCounts {
	if s.err != nil {
		return nil
	}
	from, until := span.ms()
	first, last := span.days()
	rows, err := s.q.ListRuleCounts(s.ctx, db.ListRuleCountsParams{GuildID: int64(guild), Since: from, FirstDay: first,
		LastDay: last, Until: until})
	s.ok("counts of rules", err)
	counts := make(map[int64]RuleCounts, len(rows))
	for _, row := range rows {
		n := counts[row.Number]
		n.Counted += row.Counted
		n.Shadow += row.Shadow
		n.FalsePositives += row.FalsePositives
		counts[row.Number] = n
	}
	return counts
}

// RuleVersions lists a rule's versions, the newest first, at most 100; those of a deleted rule too.
func (s *Snapshot) RuleVersions(guild snowflake.GuildID, number int64) []RuleVersion {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListRuleVersions(s.ctx,
		db.ListRuleVersionsParams{GuildID: int64(guild), Number: number, Max: versionsShown})
	s.ok("versions of a rule", err)
	list := make([]RuleVersion, 0, len(rows))
	for _, row := range rows {
		if r, err := ruleOf(row.Body, row.Number, row.Version); err == nil {
			list = append(list, RuleVersion{Rule: r, At: timeOf(row.At), By: snowflake.UserID(row.MadeBy), Note: row.Note})
		}
	}
	return list
}

// ruleName is how violations name one of guildwatch's own rules.
func ruleName(number int64) string { return "rule:" + strconv.FormatInt(number, 10) }
