package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// SaveNativeSeverities sets how severe a guild takes what its native rules catch, from now on. seen is the table that it
// was changed from: when another one holds by now it answers a Conflict. What is not in table stays.
func (s *Store) SaveNativeSeverities(
	ctx context.Context, grant access.Grant[access.UpdateRules], seen, table moderation.NativeSeverities,
) error {
	d := deedOf(ctx, grant, "native_severities.changed")
	for catch, severity := range table {
		if !slices.Contains(moderation.NativeCatches(), catch) || !slices.Contains(moderation.Severities(), severity) {
			return fault.New(fault.Invalid, "Choose how severe a hit is: low, medium, high or critical.")
		}
	}
	return s.write(ctx, func(t *tx) error {
		old, err := readNativeSeverities(t.ctx, t.Queries, d.guild)
		if err != nil {
			return err
		}
		before, after := map[string]string{}, map[string]string{}
		for _, catch := range moderation.NativeCatches() {
			if old.Of(catch) != seen.Of(catch) {
				return errOvertaken
			}
			severity, chosen := table[catch]
			if !chosen || severity == old.Of(catch) {
				continue
			}
			before[string(catch)], after[string(catch)] = string(old.Of(catch)), string(severity)
			if err := t.PutNativeSeverity(t.ctx, db.PutNativeSeverityParams{GuildID: int64(d.guild), Catch: string(catch),
				Severity: string(severity)}); err != nil {
				return err
			}
		}
		if len(after) == 0 {
			return nil
		}
		t.config(d.guild)
		d.before, d.after = before, after
		if err := t.audit(d); err != nil {
			return err
		}
		return t.nativeChanged(d.guild, d.actor.User())
	})
}

// NativeSeverities is how severe a guild takes what its native rules catch, every catch in it.
func (s *Snapshot) NativeSeverities(guild snowflake.GuildID) moderation.NativeSeverities {
	if s.err != nil {
		return moderation.DefaultSeverities()
	}
	table, err := readNativeSeverities(s.ctx, s.q, guild)
	s.ok("native severities", err)
	return table
}

func readNativeSeverities(
	ctx context.Context, q *db.Queries, guild snowflake.GuildID,
) (moderation.NativeSeverities, error) {
	table := moderation.DefaultSeverities()
	rows, err := q.ListNativeSeverities(ctx, int64(guild))
	for _, row := range rows {
		table[moderation.NativeCatch(row.Catch)] = moderation.Severity(row.Severity)
	}
	return table, err
}

// nativeSeverity is how severe a guild takes what a rule catches.
func (t *tx) nativeSeverity(
	guild snowflake.GuildID, trigger moderation.Trigger, spec *moderation.NativeSpec,
) (moderation.Severity, error) {
	catch := moderation.CatchOf(trigger, spec)
	own, err := t.GetNativeSeverity(t.ctx, db.GetNativeSeverityParams{GuildID: int64(guild), Catch: string(catch)})
	if errors.Is(err, sql.ErrNoRows) {
		return moderation.DefaultSeverities().Of(catch), nil
	}
	return moderation.Severity(own), err
}
