package store

import (
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// ViolationRange lists at most so many of a guild's violations with numbers from first on and below before, the newest
// first: what a file shows of them, and of the actions their kind and outcome alone. A row takes half as long as one of
// Violations, which compares it with nine filters and reads all that pages show of its actions.
func (s *Snapshot) ViolationRange(guild snowflake.GuildID, first, before int64, most int) []ViolationRow {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListViolationRange(s.ctx, db.ListViolationRangeParams{GuildID: int64(guild), Before: before,
		FromNumber: first, Max: int64(most)})
	if !s.ok("range of violations", err) || len(rows) == 0 {
		return nil
	}
	done, err := s.q.ListDoneInRange(s.ctx, db.ListDoneInRangeParams{GuildID: int64(guild), First: rows[len(rows)-1].Number,
		Last: rows[0].Number})
	s.ok("actions of a range", err)
	list := make([]ViolationRow, len(rows))
	for i := range rows {
		list[i] = s.rangeRow(guild, &rows[i])
	}
	actions := make([]ActionRow, len(done))
	for i, at := 0, len(list)-1; i < len(done); i++ {
		actions[i].Kind, actions[i].Outcome = moderation.ActionKind(done[i].Kind), moderation.Outcome(done[i].Outcome)
		for at >= 0 && list[at].Number < done[i].Violation {
			at--
		}
		if at >= 0 && list[at].Number == done[i].Violation {
			from := i - len(list[at].Actions)
			list[at].Actions = slices.Clip(actions[from : i+1])
		}
	}
	return list
}

func (s *Snapshot) rangeRow(guild snowflake.GuildID, row *db.ListViolationRangeRow) ViolationRow {
	v := ViolationRow{
		Violation: moderation.Violation{
			Guild: guild, Number: row.Number, At: timeOf(row.At), Source: moderation.Source(row.Source),
			Severity: moderation.Severity(row.Severity), Rule: row.Rule, RuleName: row.RuleName,
			User: snowflake.UserID(row.UserID), Channel: snowflake.ChannelID(row.ChannelID),
			Message: snowflake.MessageID(row.MessageID), Keyword: row.Keyword, Content: row.Content,
		},
		State: moderation.ViolationState(row.State), Version: row.RuleVersion, Surface: moderation.Surface(row.Surface),
		Response: time.Duration(row.ResponseMs) * time.Millisecond, MarkedBy: snowflake.UserID(row.MarkedBy),
	}
	if row.ClaimedUntil > msOf(s.now) {
		v.Claim = Claim{snowflake.UserID(row.ClaimedBy), timeOf(row.ClaimedUntil)}
	}
	return v
}
