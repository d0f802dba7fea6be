package store

import (
	"cmp"
	"slices"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

const (
	countedSheets = `SELECT sheet, day, subject, cells FROM day_sheets WHERE guild_id = ?`

	// illegible is a cell of a sheet that cannot be read: no row tells of it, so that the sheet differs.
	illegible = -1
)

// daySheets reads a guild's sheets.
func (s *Snapshot) daySheets(guild snowflake.GuildID) map[sheetKey]sheet {
	list := map[sheetKey]sheet{}
	s.each(countedSheets, guild, func(scan func(...any) error) error {
		key, text := sheetKey{guild: guild}, ""
		if err := scan(&key.name, &key.day, &key.subject, &text); err != nil {
			return err
		}
		cells, err := readSheet(text)
		if err != nil {
			cells = append(cells, cell{illegible, 1})
		}
		list[key] = cells
		return nil
	})
	return list
}

// compareSheets lists the sheets that differ, in the order of their keys. A sheet that is not there counts nothing.
func (r *countedRows) compareSheets(has map[sheetKey]sheet) (repairs []repair) {
	all := make(map[sheetKey]struct{}, len(has))
	for key := range has {
		all[key] = struct{}{}
	}
	for key := range r.sheets.days {
		all[key] = struct{}{}
	}
	for key := range all {
		if key.day < r.since || key.name == sheetAnswer && r.unanswered[key.day] {
			continue
		}
		wants := r.wantedSheet(key, has[key])
		if !slices.Equal(has[key], wants) {
			repairs = append(repairs, repair{guild: key.guild, table: "day_sheets",
				key:   countKey{key.day, string(key.name) + " " + key.subject},
				write: func(t *tx, _ repair) error { return t.mendSheet(key, wants) }})
		}
	}
	slices.SortFunc(repairs, func(a, b repair) int { return byStartAndName(a.key, b.key) })
	return repairs
}

// wantedSheet is what the rows tell of a subject's day, and when they wrote, of which no row tells.
func (r *countedRows) wantedSheet(key sheetKey, has sheet) sheet {
	var wants sheet
	if told := r.sheets.days[key]; told != nil {
		wants = *told
	}
	if key.name != sheetModerator {
		return wants
	}
	wants = slices.Clone(wants)
	for _, c := range has {
		if c.at%int64(sheetModerator.columns()) == columnWrote {
			wants = append(wants, c)
		}
	}
	slices.SortFunc(wants, func(a, b cell) int { return cmp.Compare(a.at, b.at) })
	return wants
}

// mendSheet writes what a sheet should have, however it was.
func (t *tx) mendSheet(key sheetKey, wants sheet) error {
	if len(wants) == 0 {
		return t.DeleteDaySheet(t.ctx, db.DeleteDaySheetParams{GuildID: int64(key.guild), Sheet: string(key.name),
			Day: key.day, Subject: key.subject})
	}
	return t.PutDaySheet(t.ctx, db.PutDaySheetParams{GuildID: int64(key.guild), Sheet: string(key.name), Day: key.day,
		Subject: key.subject, Cells: wants.text()})
}

// answered counts an action that answers a violation, which may have been deleted since: then it says no more of which
// rule it was, and the sheets of its day stay as they are.
func (r *countedRows) answered(guild snowflake.GuildID, at int64, a *moderation.Action, violation *db.Violation) {
	if violation.Number == 0 {
		r.unanswered[dayOf(at)] = true
		return
	}
	r.sheets.answer(guild, at, violation.Rule, moderation.Severity(violation.Severity), a.Kind)
}
