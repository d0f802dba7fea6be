package store

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// ActionCounts are actions by kind and by source; each adds up to the same total.
type ActionCounts struct {
	ByKind   map[moderation.ActionKind]int64
	BySource map[moderation.Source]int64
}

// Total is the number of actions.
func (c ActionCounts) Total() (n int64) {
	for _, count := range c.ByKind {
		n += count
	}
	return n
}

// Actions counts a guild's actions.
func (s *Snapshot) Actions(guild snowflake.GuildID, span Span) ActionCounts {
	if s.err != nil {
		return ActionCounts{}
	}
	from, until := span.ms()
	first, last := span.days()
	row, err := s.q.SumActions(s.ctx, db.SumActionsParams{GuildID: int64(guild), Since: from, FirstDay: first,
		LastDay: last, Until: until})
	s.ok("actions", err)
	return ActionCounts{
		ByKind: map[moderation.ActionKind]int64{
			moderation.ActionNote: row.Notes, moderation.ActionDelete: row.Deletes, moderation.ActionWarn: row.Warns,
			moderation.ActionTimeout: row.Timeouts, moderation.ActionUntimeout: row.Untimeouts,
			moderation.ActionKick: row.Kicks, moderation.ActionBan: row.Bans, moderation.ActionUnban: row.Unbans,
		},
		BySource: map[moderation.Source]int64{
			moderation.SourceRule: row.Rule, moderation.SourceAutoMod: row.Automod, moderation.SourceAudit: row.Audit,
			moderation.SourceDashboard: row.Dashboard, moderation.SourceCommand: row.Command,
		},
	}
}

// ActionTotal is the number of a guild's actions: a third of the work of Actions.
func (s *Snapshot) ActionTotal(guild snowflake.GuildID, span Span) int64 {
	if s.err != nil {
		return 0
	}
	from, until := span.ms()
	n, err := s.q.SumActionTotal(s.ctx, db.SumActionTotalParams{GuildID: int64(guild), Since: from, Until: until})
	s.ok("total of actions", err)
	return n
}

// Severities counts a guild's violations by severity.
func (s *Snapshot) Severities(guild snowflake.GuildID, span Span) map[moderation.Severity]int64 {
	if s.err != nil {
		return nil
	}
	from, until := span.ms()
	first, last := span.days()
	row, err := s.q.SumViolations(s.ctx, db.SumViolationsParams{GuildID: int64(guild), Since: from, FirstDay: first,
		LastDay: last, Until: until})
	s.ok("violations", err)
	return map[moderation.Severity]int64{
		moderation.SeverityLow: row.Low, moderation.SeverityMedium: row.Medium,
		moderation.SeverityHigh: row.High, moderation.SeverityCritical: row.Critical,
	}
}
