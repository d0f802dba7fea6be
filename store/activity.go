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
		if err := t.AddActivity(t.ctx, add); err != nil {
			return err
		}
		t.changedIn(MatterCounters, whose, add.Bucket)
	}
	return nil
}

func (t *tx) countViolation(v *moderation.Violation) error {
	add := db.AddViolationCountParams{Bucket: bucketOf(msOf(v.At)), Source: string(v.Source)}
	*severityColumn(&add, v.Severity) = 1
	for _, whose := range owners(v.Guild) {
		add.GuildID = int64(whose)
		if err := t.AddViolationCount(t.ctx, add); err != nil {
			return err
		}
		t.changedIn(MatterViolations, whose, add.Bucket)
	}
	return nil
}

func (t *tx) countAction(guild snowflake.GuildID, at int64, a *moderation.Action) error {
	add := db.AddActionCountParams{Bucket: bucketOf(at), Source: string(a.Source)}
	*kindColumn(&add, a.Kind) = 1
	for _, whose := range owners(guild) {
		add.GuildID = int64(whose)
		if err := t.AddActionCount(t.ctx, add); err != nil {
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
