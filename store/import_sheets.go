package store

import (
	"cmp"
	"strconv"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Wrote adds that a moderator wrote something at a time. From the first one told, writing counts as known.
func (im *Importer) Wrote(guild snowflake.GuildID, user snowflake.UserID, at time.Time) {
	im.sums.sheets.add(guild, sheetModerator, msOf(at), snowflake.String(user), columnWrote)
	if im.sums.wrote == 0 || msOf(at) < im.sums.wrote {
		im.sums.wrote = msOf(at)
	}
}

// Answered adds an action from the audit log with which a moderator answered a violation that the import has told, under
// v.Number.
func (im *Importer) Answered(v *moderation.Violation, e moderation.AuditEntry) {
	im.act(e.Guild, e.At, &e.Action, v.Number, "entry:"+e.Entry.String())
	im.sums.sheets.answer(v.Guild, msOf(e.At), v.Rule, v.Severity, e.Kind)
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
	wrote := cmp.Or(im.sums.wrote, im.now)
	im.do(func() error {
		return im.q.PutValue(im.ctx,
			db.PutValueParams{Name: "moderators_write_since", Value: strconv.FormatInt(wrote, 10)})
	})
}

func bySheet(a, b sheetKey) int {
	return cmp.Or(cmp.Compare(a.guild, b.guild), cmp.Compare(a.name, b.name), cmp.Compare(a.day, b.day),
		cmp.Compare(a.subject, b.subject))
}
