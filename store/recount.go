package store

import (
	"context"
	"slices"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// Difference says that a table of a guild's counters is not what its rows add up to.
type Difference struct {
	Guild snowflake.GuildID // Everywhere: the sum of all
	Table string            // "violation_counts"
	Rows  int               // of the table
	First time.Time         // the bucket, day or month of the earliest; zero for what is not counted by time
}

// Recount counts the rows of every guild anew, compares each table of counters and, if mend, puts right what differs. It
// gives what differed, by guild and table.
//
// What no row tells of (messages, joins, leaves, when a moderator wrote) is taken as it is, and so are the buckets, days,
// months and first times from before a guild's rows were deleted; days are the sums of their buckets, and the counters of
// all guilds together those of each. It is for a store that nobody else uses: four million violations and as many
// actions take about a minute.
func (s *Store) Recount(ctx context.Context, mend bool) (found []Difference, err error) {
	var repairs []repair
	if err := s.Read(ctx, func(now *Snapshot) { repairs = now.recount() }); err != nil {
		return nil, err
	}
	for _, r := range repairs {
		at := slices.IndexFunc(found, func(d Difference) bool { return d.Guild == r.guild && d.Table == r.table })
		if at < 0 {
			at = len(found)
			found = append(found, Difference{Guild: r.guild, Table: r.table, First: timeOf(r.key.start)})
		}
		found[at].Rows++
		if found[at].First.After(timeOf(r.key.start)) {
			found[at].First = timeOf(r.key.start)
		}
	}
	if !mend || len(repairs) == 0 {
		return found, nil
	}
	defer s.DropCaches()
	for chunk := range slices.Chunk(repairs, pruneBatch) {
		if err := s.write(ctx, func(t *tx) error {
			for _, r := range chunk {
				if err := r.write(t, r); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return found, err
		}
	}
	return found, s.write(ctx, func(t *tx) error { return t.auditRecount(found) })
}

// auditRecount notes in each guild's audit log what was put right.
func (t *tx) auditRecount(found []Difference) error {
	after, guilds := map[snowflake.GuildID]map[string]int{}, []snowflake.GuildID{}
	for _, d := range found {
		if after[d.Guild] == nil {
			after[d.Guild], guilds = map[string]int{}, append(guilds, d.Guild)
		}
		after[d.Guild][d.Table] = d.Rows
	}
	for _, guild := range guilds {
		if err := t.audit(deed{guild: guild, actor: access.System(), action: "counts.mended",
			after: after[guild]}); err != nil {
			return err
		}
	}
	return nil
}

// countKey names a row of a table of counters within its guild.
type countKey struct {
	start int64  // of the bucket, the day or the month; 0 where there is none
	name  string // the source, the rule, the member, the sheet; empty where there is none
}

// counts are the counters of a guild by their rows.
type counts map[countKey][]int64

func (c counts) add(key countKey, more []int64) {
	sums := c[key]
	if sums == nil {
		sums = make([]int64, len(more))
		c[key] = sums
	}
	for i, n := range more {
		sums[i] += n
	}
}

// days adds up the counters of each day.
func (c counts) days() counts {
	sums := make(counts, len(c)/16)
	for key, n := range c {
		sums.add(countKey{dayOf(key.start), key.name}, n)
	}
	return sums
}

// repair is a row of counters that differs.
type repair struct {
	guild       snowflake.GuildID
	table       string
	key         countKey
	wants, diff []int64
	write       func(*tx, repair) error
}

// compare lists the rows that differ, in the order of their keys. A row that is not there counts nothing.
func compare(guild snowflake.GuildID, table *countTable, has, wants counts) (repairs []repair) {
	all := make(map[countKey]struct{}, len(wants))
	for _, side := range []counts{has, wants} {
		for key := range side {
			all[key] = struct{}{}
		}
	}
	for key := range all {
		r := repair{guild: guild, table: table.name, key: key, write: table.write,
			wants: make([]int64, table.columns), diff: make([]int64, table.columns)}
		copy(r.wants, wants[key])
		copy(r.diff, r.wants)
		for i, n := range has[key] {
			r.diff[i] -= n
		}
		if slices.ContainsFunc(r.diff, func(n int64) bool { return n != 0 }) {
			repairs = append(repairs, r)
		}
	}
	slices.SortFunc(repairs, func(a, b repair) int { return byStartAndName(a.key, b.key) })
	return repairs
}

// recount compares the counters of every guild, and those of all together.
func (s *Snapshot) recount() (repairs []repair) {
	var guilds []snowflake.GuildID
	s.each(countedGuilds, Everywhere, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		guilds = append(guilds, snowflake.GuildID(id))
		return err
	})
	edges, everywhere := s.edges(), map[string]counts{}
	for _, guild := range append(guilds, Everywhere) {
		repairs = append(repairs, s.recountGuild(guild, edges, everywhere)...)
		if s.err != nil {
			return nil
		}
	}
	return repairs
}

// recountGuild compares the counters of a guild, and adds those that it should have to those of all.
func (s *Snapshot) recountGuild(
	guild snowflake.GuildID, edges map[int64]int64, everywhere map[string]counts,
) (repairs []repair) {
	rows := s.countRows(guild, edges)
	for _, scale := range countScales {
		has := s.counts(&scale.buckets, guild)
		wants := scale.wanted(has, rows, everywhere[scale.buckets.name], guild)
		repairs = append(repairs, compare(guild, &scale.buckets, has, wants)...)
		repairs = append(repairs, compare(guild, &scale.days, s.counts(&scale.days, guild), wants.days())...)
		if guild != Everywhere && !scale.alone {
			if everywhere[scale.buckets.name] == nil {
				everywhere[scale.buckets.name] = counts{}
			}
			for key, n := range wants {
				everywhere[scale.buckets.name].add(key, n)
			}
		}
	}
	for i := range countWindows {
		if table := &countWindows[i]; guild != Everywhere && edges != nil {
			repairs = append(repairs, compare(guild, table, s.counts(table, guild), rows.tables[table.name])...)
		}
	}
	repairs = append(repairs, rows.compareSheets(s.daySheets(guild))...)
	repairs = append(repairs, s.compareOffenderDays(guild)...)
	moderated, months := rows.wantedModerated(), s.counts(&countMonths, guild)
	repairs = append(repairs, compare(guild, &countModerated, rows.moderated, moderated)...)
	return append(repairs,
		compare(guild, &countMonths, months, s.wantedMonths(guild, rows, months, moderated))...)
}

// edges are from when on the windows of 7 and 30 days count; nil before they are first swept.
func (s *Snapshot) edges() map[int64]int64 {
	edges := map[int64]int64{}
	for _, days := range []int64{weekDays, monthDays} {
		at, err := s.q.GetEdge(s.ctx, days)
		if !s.ok("edge of a window", err) {
			return nil
		}
		edges[days] = at
	}
	return edges
}

// errRecount is for a store without a database.
func errRecount(directory string) error {
	return fault.New(fault.NotFound, "There is no database in %s.", directory)
}

// RecountIn is Recount for the database in a data directory that no guildwatch is using. An error is a *fault.Error:
// NotFound without a database, Conflict while one is in use.
func RecountIn(ctx context.Context, o Options, mend bool) ([]Difference, error) {
	if there, err := dir(o.Dir).exists(); err != nil {
		return nil, dir(o.Dir).explain(err)
	} else if !there {
		return nil, errRecount(o.Dir)
	}
	s, err := Open(ctx, o)
	if err != nil {
		return nil, err
	}
	found, err := s.Recount(ctx, mend)
	if closed := s.Close(); err == nil {
		err = closed
	}
	return found, err
}
