package store

import (
	"database/sql"
	"errors"
	"slices"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// moderates says whether an action of this kind makes its target somebody who was moderated: a note does not, nor does
// taking something back.
func moderates(kind moderation.ActionKind) bool {
	return slices.Contains([]moderation.ActionKind{moderation.ActionDelete, moderation.ActionWarn,
		moderation.ActionTimeout, moderation.ActionKick, moderation.ActionBan}, kind)
}

// moderated notes that somebody was moderated, the first time, in each month since then in which they were active.
func (t *tx) moderated(guild snowflake.GuildID, a *moderation.Action, at int64) error {
	if a.Target == 0 || !moderates(a.Kind) {
		return nil
	}
	fresh, err := t.InsertModerated(t.ctx,
		db.InsertModeratedParams{GuildID: int64(guild), UserID: int64(a.Target), Since: at})
	if err != nil || fresh == 0 {
		return err
	}
	// All of them, not those up to now: Discord's clock may have been in the next month already when they wrote.
	months, err := t.ListMonthsOf(t.ctx, db.ListMonthsOfParams{GuildID: int64(guild), UserID: int64(a.Target)})
	if err != nil {
		return err
	}
	for _, month := range months {
		if month < monthOf(at) {
			continue
		}
		if err := t.AddModeratedMonth(t.ctx,
			db.AddModeratedMonthParams{N: 1, GuildID: int64(guild), Month: month}); err != nil {
			return err
		}
		t.touched.touch(MatterMonths, guild, endOf(month))
	}
	return nil
}

// activeModerated counts a member who is active in a month for the first time, if they were moderated by the end of it.
func (t *tx) activeModerated(guild, user, month int64) error {
	since, err := t.FindModerated(t.ctx, db.FindModeratedParams{GuildID: guild, UserID: user})
	if errors.Is(err, sql.ErrNoRows) || err == nil && monthOf(since) > month {
		return nil
	} else if err != nil {
		return err
	}
	return t.AddModeratedMonth(t.ctx, db.AddModeratedMonthParams{N: 1, GuildID: guild, Month: month})
}
