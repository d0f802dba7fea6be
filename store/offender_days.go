package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

const (
	// leastSummed is how many violations a day has at least for which a sum is kept: fewer are read in 50 us.
	leastSummed = 200
	// mostSummed is how many it may have: summing them holds the writer up for 12 ms.
	mostSummed = 50_000
	// daysRead is how many sums are read at once: a day of 5 000 members is 40 KB.
	daysRead = 32
)

// SumOffenders keeps, of every day that is over and had many violations, who broke rules on it, so that OffendersIn need not
// read each. What changes later takes a day's sum away (migrations/0015_offender_days.sql), and the next call makes it
// anew.
func (s *Store) SumOffenders(ctx context.Context, now time.Time) error {
	guilds, err := s.reads.ListGuildIDs(ctx)
	if err != nil {
		return unreadable(err)
	}
	for _, guild := range guilds {
		days, err := s.reads.ListDaysToSum(ctx, db.ListDaysToSumParams{GuildID: guild, Before: dayOf(msOf(now)),
			Least: leastSummed, Most: mostSummed})
		if err != nil {
			return unreadable(err)
		}
		for _, day := range days {
			s.GiveWay(ctx)
			if err := s.write(ctx, func(t *tx) error { return t.sumOffenders(guild, day) }); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tx) sumOffenders(guild, start int64) error {
	list, err := people(t.ctx, t.Queries, guild, start)
	if err != nil {
		return err
	}
	return t.PutOffenderDay(t.ctx, db.PutOffenderDayParams{GuildID: guild, Day: start, People: list})
}

// people is what offender_days keeps of a day, by the rows.
func people(ctx context.Context, q *db.Queries, guild, start int64) ([]byte, error) {
	text, err := q.JoinOffenders(ctx, db.JoinOffendersParams{GuildID: guild, Since: start, Until: start + day.Milliseconds()})
	if err != nil {
		return nil, err
	}
	found := offences{}
	if err := found.addText(text); err != nil {
		return nil, err
	}
	return found.people(), nil
}

// offences is how often each member broke a rule.
type offences map[int64]int64

// addText adds one for each id in a text with blanks between.
func (o offences) addText(text string) error {
	return eachNumber(text, func(user int64) { o[user]++ })
}

// people is what offender_days keeps of a day.
func (o offences) people() []byte {
	users := make([]int64, 0, len(o))
	for user := range o {
		users = append(users, user)
	}
	slices.Sort(users)
	list, last := make([]byte, 0, 10*len(users)), int64(0)
	for _, user := range users {
		list = binary.AppendUvarint(list, uint64(user-last))
		list = binary.AppendUvarint(list, uint64(o[user]))
		last = user
	}
	return list
}

// addPeople adds what offender_days keeps of a day.
func (o offences) addPeople(list []byte) error {
	for user := int64(0); len(list) > 0; {
		above, a := binary.Uvarint(list)
		n, b := binary.Uvarint(list[max(a, 0):])
		if a <= 0 || b <= 0 {
			return errors.New("the offenders of a day are cut off")
		}
		user += int64(above)
		o[user] += int64(n)
		list = list[a+b:]
	}
	return nil
}

// offencesIn counts who broke rules in a span: from the sums of its days, and where there is none from the index by time.
func (s *Snapshot) offencesIn(guild snowflake.GuildID, span Span) offences {
	found := offences{}
	read, until := span.ms()
	first, last := span.days()
	index := func(to int64) {
		if s.err != nil || read >= to {
			return
		}
		text, err := s.q.JoinOffenders(s.ctx, db.JoinOffendersParams{GuildID: int64(guild), Since: read, Until: to})
		if err == nil {
			err = found.addText(text)
		}
		s.ok("offenders", err)
	}
	for ; first < last && s.err == nil; first += daysRead * day.Milliseconds() {
		days, err := s.q.ListOffenderDays(s.ctx, db.ListOffenderDaysParams{GuildID: int64(guild), FirstDay: first,
			LastDay: min(last, first+daysRead*day.Milliseconds())})
		s.ok("offenders of days", err)
		for _, one := range days {
			index(one.Day)
			if err := found.addPeople(one.People); err != nil {
				s.ok("offenders", fmt.Errorf("guild %d, day %d: %w", guild, one.Day, err))
			}
			read = one.Day + day.Milliseconds()
		}
	}
	index(until)
	return found
}
