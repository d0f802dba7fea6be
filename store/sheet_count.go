package store

import (
	"database/sql"
	"errors"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// tally adds n to a column of a subject's sheet, in the quarter of an hour of a time.
func (t *tx) tally(guild snowflake.GuildID, name sheetName, at int64, subject string, column int, n int64) error {
	day, place := placeOn(name, at, column)
	key := db.GetDaySheetParams{GuildID: int64(guild), Sheet: string(name), Day: day, Subject: subject}
	text, err := t.GetDaySheet(t.ctx, key)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	counted, err := readSheet(text)
	if err != nil {
		return err
	}
	return t.PutDaySheet(t.ctx, db.PutDaySheetParams{GuildID: key.GuildID, Sheet: key.Sheet, Day: day, Subject: subject,
		Cells: counted.add(place, n).text()})
}

// placeOn is the day of a time, and the cell of its quarter of an hour.
func placeOn(name sheetName, at int64, column int) (start, place int64) {
	start = at - at%day.Milliseconds()
	return start, (at-start)/moderation.Bucket.Milliseconds()*int64(name.columns()) + int64(column)
}

// ruleColumn is where a violation of a state stands on the sheet of its rule.
func ruleColumn(v *moderation.Violation, state moderation.ViolationState) int {
	switch state {
	case moderation.StateShadow:
		return columnShadow
	case moderation.StateFalsePositive:
		return columnFalse
	}
	return severityAt(v.Severity)
}

// tallyViolation adds n, 1 or -1, to the sheets of a violation's rule and, if it counts, its source.
func (t *tx) tallyViolation(v *moderation.Violation, state moderation.ViolationState, n int64) error {
	at := msOf(v.At)
	err := t.tally(v.Guild, sheetRule, at, v.Rule, ruleColumn(v, state), n)
	if err == nil && state == moderation.StateCounted {
		err = t.tally(v.Guild, sheetSource, at, string(v.Source), severityAt(v.Severity), n)
	}
	return err
}

// tallyAction adds an action that was done to the sheet of whoever did it, and to that of the rule that they answered
// with it. It notes who was moderated.
func (t *tx) tallyAction(guild snowflake.GuildID, at int64, a *moderation.Action, violation int64) error {
	if err := t.moderated(guild, a, at); err != nil || a.Actor == 0 {
		return err
	}
	t.changed(MatterModerators, guild)
	if err := t.tally(guild, sheetModerator, at, snowflake.String(a.Actor), kindAt(a.Kind), 1); err != nil || violation == 0 {
		return err
	}
	row, err := t.GetViolation(t.ctx, db.GetViolationParams{GuildID: int64(guild), Number: violation})
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	} else if err != nil {
		return err
	}
	return t.tally(guild, sheetAnswer, at, row.Rule, answerColumn(moderation.Severity(row.Severity), a.Kind), 1)
}

func answerColumn(severity moderation.Severity, kind moderation.ActionKind) int {
	return severityAt(severity)*len(moderation.ActionKinds()) + kindAt(kind)
}

// tallyWriter notes that a member wrote something, if they are a moderator or more.
func (t *tx) tallyWriter(who moderation.Presence, at int64) error {
	standing, _ := (&Snapshot{ctx: t.ctx, q: t.Queries}).standing(who.Guild, who.User)
	if standing.Role() < access.Moderator {
		return nil
	}
	t.changed(MatterModerators, who.Guild)
	return t.tally(who.Guild, sheetModerator, at, snowflake.String(who.User), columnWrote, 1)
}
