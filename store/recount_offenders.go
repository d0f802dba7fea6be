package store

import (
	"bytes"
	"math"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// compareOffenderDays lists the days of which other offenders are kept than their rows tell of. Mended, nothing is kept of
// such a day, and its rows are read.
func (s *Snapshot) compareOffenderDays(guild snowflake.GuildID) (repairs []repair) {
	if s.err != nil {
		return nil
	}
	kept, err := s.q.ListOffenderDays(s.ctx, db.ListOffenderDaysParams{GuildID: int64(guild), LastDay: math.MaxInt64})
	s.ok("offenders of days", err)
	for _, one := range kept {
		wants, err := people(s.ctx, s.q, int64(guild), one.Day)
		if !s.ok("offenders of a day", err) {
			return nil
		}
		if !bytes.Equal(one.People, wants) {
			repairs = append(repairs, repair{guild: guild, table: "offender_days", key: countKey{start: one.Day},
				write: func(t *tx, r repair) error {
					return t.ForgetOffenderDay(t.ctx, db.ForgetOffenderDayParams{GuildID: int64(r.guild), Day: r.key.start})
				}})
		}
	}
	return repairs
}
