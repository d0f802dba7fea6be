package store

import (
	"context"
	"slices"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// RaidPauses lists for how long a guild may expect a wave of newcomers.
func RaidPauses() []time.Duration { return []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour} }

// SetRaidPreset sets how easily a guild's raid mode switches itself on. It answers an Invalid for none of the presets.
func (s *Store) SetRaidPreset(
	ctx context.Context, grant access.Grant[access.UpdateSettings], preset raid.Preset,
) error {
	d := deedOf(ctx, grant, "raid.preset")
	if !preset.Known() {
		return fault.New(fault.Invalid, "Choose one of the presets: off, balanced or sensitive.")
	}
	return s.write(ctx, func(t *tx) error {
		old, err := t.GetRaidSettings(t.ctx, int64(d.guild))
		if err != nil {
			return err
		}
		if old.RaidPreset == string(preset) {
			return nil
		}
		if _, err := t.SetRaidPreset(t.ctx,
			db.SetRaidPresetParams{Preset: string(preset), GuildID: int64(d.guild)}); err != nil {
			return err
		}
		t.config(d.guild)
		d.before, d.after = old.RaidPreset, preset
		if err := t.audit(d); err != nil {
			return err
		}
		return t.announce(moderation.Change{Guild: d.guild, At: t.writer.clock(), Kind: moderation.ChangeConfig,
			Label: "raid_preset", Actor: d.actor.User()})
	})
}

// ExpectWave says that a wave of newcomers is expected for so long, one of RaidPauses, or (0) no more: until then what
// looks like a raid is noted and nothing is done.
func (s *Store) ExpectWave(
	ctx context.Context, grant access.Grant[access.SwitchRaidMode], length time.Duration,
) error {
	d := deedOf(ctx, grant, "raid.expected")
	if length != 0 && !slices.Contains(RaidPauses(), length) {
		return fault.New(fault.Invalid, "A wave can be expected for 1, 6 or 24 hours.")
	}
	return s.write(ctx, func(t *tx) error {
		var until time.Time
		if length > 0 {
			until = t.writer.clock().Add(length)
		}
		if _, err := t.SetRaidExpected(t.ctx,
			db.SetRaidExpectedParams{Until: msOf(until), GuildID: int64(d.guild)}); err != nil {
			return err
		}
		d.after = map[string]string{"length": length.String()}
		if err := t.audit(d); err != nil {
			return err
		}
		return t.raidChanged(d.guild, 0)
	})
}

// RaidSettings are what a guild has chosen about raids.
func (s *Snapshot) RaidSettings(guild snowflake.GuildID) raid.Settings {
	if s.err != nil {
		return raid.Settings{Preset: raid.Balanced}
	}
	row, err := s.q.GetRaidSettings(s.ctx, int64(guild))
	if !s.ok("raid settings", err) {
		return raid.Settings{Preset: raid.Balanced}
	}
	return raid.Settings{Preset: raid.Preset(row.RaidPreset), Expected: timeOf(row.RaidExpectedUntil)}
}
