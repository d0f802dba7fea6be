package store

import (
	"cmp"
	"strconv"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// importSheets are the sheets of an import, and who was moderated in it.
type importSheets struct {
	days      map[sheetKey]*sheet
	moderated map[moderation.Presence]int64
	wrote     int64 // when a moderator first wrote; 0: that is not told
}

type sheetKey struct {
	guild   snowflake.GuildID
	name    sheetName
	day     int64
	subject string
}

func newImportSheets() importSheets {
	return importSheets{days: map[sheetKey]*sheet{}, moderated: map[moderation.Presence]int64{}}
}

// add counts once in a column of a subject's sheet.
func (s *importSheets) add(guild snowflake.GuildID, name sheetName, at int64, subject string, column int) {
	start, place := placeOn(name, at, column)
	one := entry(s.days, sheetKey{guild, name, start, subject})
	*one = one.add(place, 1)
}

func (s *importSheets) violation(v *moderation.Violation, state moderation.ViolationState) {
	at := msOf(v.At)
	s.add(v.Guild, sheetRule, at, v.Rule, ruleColumn(v, state))
	if state == moderation.StateCounted {
		s.add(v.Guild, sheetSource, at, string(v.Source), severityAt(v.Severity))
	}
}

func (s *importSheets) action(guild snowflake.GuildID, at int64, a *moderation.Action) {
	if a.Actor != 0 {
		s.add(guild, sheetModerator, at, snowflake.String(a.Actor), kindAt(a.Kind))
	}
	who := moderation.Presence{Guild: guild, User: a.Target}
	if since, known := s.moderated[who]; a.Target != 0 && moderates(a.Kind) && (!known || at < since) {
		s.moderated[who] = at
	}
}

// Wrote adds that a moderator wrote something at a time. From the first one told, writing counts as known.
func (im *Importer) Wrote(guild snowflake.GuildID, user snowflake.UserID, at time.Time) {
	sheets := &im.sums.sheets
	sheets.add(guild, sheetModerator, msOf(at), snowflake.String(user), columnWrote)
	if sheets.wrote == 0 || msOf(at) < sheets.wrote {
		sheets.wrote = msOf(at)
	}
}

// Answered adds an action from the audit log with which a moderator answered a violation that the import has told, under
// v.Number.
func (im *Importer) Answered(v *moderation.Violation, e moderation.AuditEntry) {
	im.act(e.Guild, e.At, &e.Action, v.Number, "entry:"+e.Entry.String())
	im.sums.sheets.add(v.Guild, sheetAnswer, msOf(e.At), v.Rule, answerColumn(v.Severity, e.Kind))
}

func (im *Importer) writeSheets() {
	sheets := &im.sums.sheets
	for _, key := range sortedKeys(sheets.days, bySheet) {
		row := db.PutDaySheetParams{GuildID: int64(key.guild), Sheet: string(key.name), Day: key.day, Subject: key.subject,
			Cells: sheets.days[key].text()}
		im.do(func() error { return im.q.PutDaySheet(im.ctx, row) })
	}
	for _, who := range sortedKeys(sheets.moderated, byGuildAndUser) {
		row := db.InsertModeratedParams{GuildID: int64(who.Guild), UserID: int64(who.User), Since: sheets.moderated[who]}
		im.do(func() error { _, err := im.q.InsertModerated(im.ctx, row); return err })
	}
	months := map[db.AddModeratedMonthParams]int64{}
	for key := range im.sums.months {
		who := moderation.Presence{Guild: snowflake.GuildID(key.GuildID), User: snowflake.UserID(key.UserID)}
		if since, known := sheets.moderated[who]; known && monthOf(since) <= key.Month {
			months[db.AddModeratedMonthParams{GuildID: key.GuildID, Month: key.Month}]++
		}
	}
	for row, n := range months {
		row.N = n
		im.do(func() error { return im.q.AddModeratedMonth(im.ctx, row) })
	}
	wrote := cmp.Or(sheets.wrote, im.now)
	im.do(func() error {
		return im.q.PutValue(im.ctx,
			db.PutValueParams{Name: "moderators_write_since", Value: strconv.FormatInt(wrote, 10)})
	})
}

func bySheet(a, b sheetKey) int {
	return cmp.Or(cmp.Compare(a.guild, b.guild), cmp.Compare(a.name, b.name), cmp.Compare(a.day, b.day),
		cmp.Compare(a.subject, b.subject))
}
