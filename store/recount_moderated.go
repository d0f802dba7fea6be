package store

import (
	"strconv"
	"time"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

const countedMonths = `SELECT month, user_id FROM member_month WHERE guild_id = ?`

// countModerated has a row for each member, and their time as its only counter.
var countModerated = countTable{"moderated_members", 1,
	`SELECT 0, user_id, since FROM moderated_members WHERE guild_id = ?`,
	func(t *tx, r repair) error {
		if r.wants[0] == 0 {
			return t.DeleteModerated(t.ctx, db.DeleteModeratedParams{GuildID: int64(r.guild), UserID: r.user()})
		}
		return t.PutModerated(t.ctx,
			db.PutModeratedParams{GuildID: int64(r.guild), UserID: r.user(), Since: r.wants[0]})
	}}

// countMonths has a row for each month, named by its number.
var countMonths = countTable{"active_months", 2,
	`SELECT coalesce(unixepoch(printf('%04d-%02d-01', month / 100, month % 100)) * 1000, 0), month, users, moderated
		FROM active_months WHERE guild_id = ?`,
	func(t *tx, r repair) error {
		month, _ := strconv.ParseInt(r.key.name, 10, 64) // it was an INTEGER
		if err := t.AddActiveMonth(t.ctx,
			db.AddActiveMonthParams{GuildID: int64(r.guild), Month: month, Users: r.diff[0]}); err != nil {
			return err
		}
		return t.AddModeratedMonth(t.ctx,
			db.AddModeratedMonthParams{N: r.diff[1], GuildID: int64(r.guild), Month: month})
	}}

// monthKey names the row of a month.
func monthKey(month int64) countKey {
	start := time.Date(int(month/100), time.Month(month%100), 1, 0, 0, 0, 0, time.UTC)
	return countKey{start.UnixMilli(), strconv.FormatInt(month, 10)}
}

// wantedModerated is who was moderated, and when first. Actions are noted as they are done, not as they were planned, so
// the first need not be the earliest: a time is right when an action of that time tells of it. One from before the rows
// begin is as it is, and a member without any gets that of the earliest action.
func (r *countedRows) wantedModerated() counts {
	wants := counts{}
	for key, n := range r.moderated {
		if n[0] < r.since {
			wants.add(key, n)
		}
	}
	for who, earliest := range r.sheets.moderated {
		key := countKey{0, snowflake.String(who.User)}
		switch {
		case wants[key] != nil:
		case r.explained[key]:
			wants.add(key, r.moderated[key])
		default:
			wants.add(key, []int64{earliest})
		}
	}
	return wants
}

// wantedMonths is how many members were active in each month, and to how many of them something had happened by the end
// of it. The months from before the rows begin are as they are: nobody knows any more who was active.
func (s *Snapshot) wantedMonths(guild snowflake.GuildID, rows *countedRows, has, moderated counts) counts {
	first := monthOf(rows.since)
	wants := counts{}
	for key, n := range has {
		if key.start < monthKey(first).start {
			wants.add(key, n)
		}
	}
	since := make(map[int64]int64, len(moderated)) // the month, by member
	for key, n := range moderated {
		user, _ := strconv.ParseInt(key.name, 10, 64) // it was an INTEGER
		since[user] = monthOf(n[0])
	}
	months := map[int64]*[2]int64{}
	s.each(countedMonths, guild, func(scan func(...any) error) error {
		var month, user int64
		err := scan(&month, &user)
		from, was := since[user]
		n := entry(months, month)
		n[0]++
		n[1] += bit(was && from <= month)
		return err
	})
	for month, n := range months {
		if month >= first {
			wants.add(monthKey(month), n[:])
		}
	}
	return wants
}
