package store

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// countOffender notes that a member broke a rule (n 1), or did not after all (n -1), in the windows that still reach
// back to it.
func (t *tx) countOffender(v *moderation.Violation, n int64) error {
	if v.User == 0 {
		return nil
	}
	at, edges := msOf(v.At), &t.writer.memory
	if edges.monthEdge == 0 {
		if err := t.openWindows(at); err != nil {
			return err
		}
	}
	if at < edges.monthEdge {
		return nil
	}
	if err := t.AddOffender(t.ctx, db.AddOffenderParams{GuildID: int64(v.Guild), UserID: int64(v.User),
		Week: n * bit(at >= edges.weekEdge), Month: n}); err != nil || n > 0 {
		return err
	}
	return t.DeleteIdleOffender(t.ctx, db.DeleteIdleOffenderParams{GuildID: int64(v.Guild), UserID: int64(v.User)})
}

// subtractOffenders takes the violations between two times out of a window, as subtract does with actions.
func (t *tx) subtractOffenders(days, from, until int64) (work int, err error) {
	guild, err := t.NextOffenderGuild(t.ctx, 0)
	for ; guild != 0 && err == nil; guild, err = t.NextOffenderGuild(t.ctx, guild) {
		rows, err := t.ListOffendersBetween(t.ctx,
			db.ListOffendersBetweenParams{GuildID: guild, Since: from, Until: until})
		if err != nil {
			return 0, err
		}
		for _, row := range rows {
			if err := t.subtractOffender(guild, row.UserID, days); err != nil {
				return 0, err
			}
		}
		if len(rows) > 0 {
			t.changed(MatterOffenders, snowflake.GuildID(guild))
		}
		work += 1 + len(rows)
	}
	return work, err
}

func (t *tx) subtractOffender(guild, user, days int64) error {
	if days == weekDays {
		return t.AddOffender(t.ctx, db.AddOffenderParams{GuildID: guild, UserID: user, Week: -1})
	}
	if err := t.AddOffender(t.ctx, db.AddOffenderParams{GuildID: guild, UserID: user, Month: -1}); err != nil {
		return err
	}
	return t.DeleteIdleOffender(t.ctx, db.DeleteIdleOffenderParams{GuildID: guild, UserID: user})
}
