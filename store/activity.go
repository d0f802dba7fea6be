package store

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// owners lists whose counters an event of a guild belongs to: its own, and those of all guilds under 0.
func owners(guild snowflake.GuildID) []snowflake.GuildID {
	if guild == 0 {
		return []snowflake.GuildID{0}
	}
	return []snowflake.GuildID{guild, 0}
}

// count adds to the activity of a guild, and of all, in the bucket of a time. The guild and bucket in add are ignored.
func (t *tx) count(guild snowflake.GuildID, at int64, add db.AddActivityParams) error {
	add.Bucket = bucketOf(at)
	for _, whose := range owners(guild) {
		add.GuildID = int64(whose)
		if err := t.addActivity(add); err != nil {
			return err
		}
	}
	return nil
}

// addActivity adds to a bucket of a guild's activity, and to its day.
func (t *tx) addActivity(add db.AddActivityParams) error {
	t.changedIn(MatterCounters, snowflake.GuildID(add.GuildID), add.Bucket)
	if err := t.AddActivity(t.ctx, add); err != nil {
		return err
	}
	return t.AddActivityDay(t.ctx, db.AddActivityDayParams(add))
}

// countAs adds n, 1 or -1, to everything that counts violations of a state: the figures of all pages for what is
// counted, and how often the rule was broken.
func (t *tx) countAs(v *moderation.Violation, state moderation.ViolationState, n int64) error {
	add := db.AddRuleCountParams{GuildID: int64(v.Guild), Bucket: bucketOf(msOf(v.At)), Rule: v.Rule}
	*stateColumn(&add, state) = n
	if err := t.AddRuleCount(t.ctx, add); err != nil {
		return err
	}
	if err := t.AddRuleDay(t.ctx, db.AddRuleDayParams(add)); err != nil {
		return err
	}
	if err := t.tallyViolation(v, state, n); err != nil {
		return err
	}
	if state == moderation.StateCounted {
		return t.countViolation(v, n)
	}
	t.changedIn(MatterViolations, v.Guild, add.Bucket)
	return nil
}

func (t *tx) countViolation(v *moderation.Violation, n int64) error {
	add := db.AddViolationCountParams{Bucket: bucketOf(msOf(v.At)), Source: string(v.Source)}
	*severityColumn(&add, v.Severity) = n
	for _, whose := range owners(v.Guild) {
		add.GuildID = int64(whose)
		if err := t.AddViolationCount(t.ctx, add); err != nil {
			return err
		}
		if err := t.AddViolationDay(t.ctx, db.AddViolationDayParams(add)); err != nil {
			return err
		}
		t.changedIn(MatterViolations, whose, add.Bucket)
	}
	t.changed(MatterOffenders, v.Guild)
	return t.countOffender(v, n)
}

func (t *tx) countAction(guild snowflake.GuildID, at int64, a *moderation.Action) error {
	add := db.AddActionCountParams{Bucket: bucketOf(at), Source: string(a.Source)}
	*kindColumn(&add, a.Kind) = 1
	for _, whose := range owners(guild) {
		add.GuildID = int64(whose)
		if err := t.AddActionCount(t.ctx, add); err != nil {
			return err
		}
		if err := t.AddActionDay(t.ctx, db.AddActionDayParams(add)); err != nil {
			return err
		}
		t.changedIn(MatterActions, whose, add.Bucket)
	}
	return nil
}

// severityColumn is the counter of a severity; an unknown one counts as low, so that the sums agree.
func severityColumn(row *db.AddViolationCountParams, s moderation.Severity) *int64 {
	switch s {
	case moderation.SeverityMedium:
		return &row.Medium
	case moderation.SeverityHigh:
		return &row.High
	case moderation.SeverityCritical:
		return &row.Critical
	default:
		return &row.Low
	}
}

// stateColumn is the counter of a state.
func stateColumn(row *db.AddRuleCountParams, state moderation.ViolationState) *int64 {
	switch state {
	case moderation.StateShadow:
		return &row.Shadow
	case moderation.StateFalsePositive:
		return &row.FalsePositives
	default:
		return &row.Counted
	}
}

// kindColumn is the counter of a kind of action; an unknown one counts as a note, so that the sums agree.
func kindColumn(row *db.AddActionCountParams, k moderation.ActionKind) *int64 {
	switch k {
	case moderation.ActionDelete:
		return &row.Deletes
	case moderation.ActionWarn:
		return &row.Warns
	case moderation.ActionTimeout:
		return &row.Timeouts
	case moderation.ActionUntimeout:
		return &row.Untimeouts
	case moderation.ActionKick:
		return &row.Kicks
	case moderation.ActionBan:
		return &row.Bans
	case moderation.ActionUnban:
		return &row.Unbans
	default:
		return &row.Notes
	}
}
