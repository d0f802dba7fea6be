package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Schedule is a report that comes by itself.
type Schedule struct {
	Guild    snowflake.GuildID
	Cadence  edition.Cadence
	Hour     int    // of the guild's day, 0 to 23
	Done     string // the first day of the last edition that was made, or that had passed when the schedule began
	TimeZone string // of the guild; AllSchedules alone
}

// SaveSchedule sets the hour at which a report comes by itself; a negative one ends that. An edition that is due
// already when a schedule begins has passed: the first that comes is the next.
func (s *Store) SaveSchedule(
	ctx context.Context, grant access.Grant[access.UpdateSettings], cadence edition.Cadence, hour int,
) error {
	d := deedOf(ctx, grant, "schedule.changed")
	if hour > 23 {
		return fault.New(fault.Invalid, "Choose an hour from 0 to 23.")
	}
	return s.write(ctx, func(t *tx) error {
		id := int64(d.guild)
		guild, err := t.FindPresentGuild(t.ctx, id)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "There is no such server here, or you have no access to it.")
		} else if err != nil {
			return err
		}
		old, err := t.GetSchedule(t.ctx, db.GetScheduleParams{GuildID: id, Cadence: string(cadence)})
		known := err == nil
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if known == (hour >= 0) && (!known || old.Hour == int64(hour)) {
			return nil
		}
		if known {
			d.before = map[string]any{"cadence": cadence, "hour": old.Hour}
		}
		if hour < 0 {
			err = t.DeleteSchedule(t.ctx, db.DeleteScheduleParams{GuildID: id, Cadence: string(cadence)})
		} else {
			d.after = map[string]any{"cadence": cadence, "hour": hour}
			err = t.putSchedule(id, cadence, hour, old.Done, guild.TimeZone)
		}
		if err != nil {
			return err
		}
		d.target = "schedule:" + string(cadence)
		return t.reportsChanged(d)
	})
}

func (t *tx) putSchedule(guild int64, cadence edition.Cadence, hour int, done, timeZone string) error {
	zone, err := time.LoadLocation(timeZone)
	if err != nil {
		return err
	}
	passed, err := edition.Latest(cadence, t.writer.clock(), zone, hour)
	if err != nil {
		return fault.New(fault.Invalid, "Choose daily, weekly or monthly reports.")
	}
	return t.PutSchedule(t.ctx, db.PutScheduleParams{GuildID: guild, Cadence: string(cadence), Hour: int64(hour),
		Done: max(done, passed.Day())})
}

// Schedules lists the reports that come by themselves in a guild.
func (s *Snapshot) Schedules(guild snowflake.GuildID) []Schedule {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListSchedules(s.ctx, int64(guild))
	s.ok("schedules", err)
	list := make([]Schedule, len(rows))
	for i, row := range rows {
		list[i] = Schedule{Guild: guild, Cadence: edition.Cadence(row.Cadence), Hour: int(row.Hour), Done: row.Done}
	}
	return list
}

// AllSchedules lists the reports that come by themselves in every guild that the bot is in, for guildwatch's own clock.
func (s *Snapshot) AllSchedules() []Schedule {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListAllSchedules(s.ctx)
	s.ok("all schedules", err)
	list := make([]Schedule, len(rows))
	for i, row := range rows {
		list[i] = Schedule{snowflake.GuildID(row.GuildID), edition.Cadence(row.Cadence), int(row.Hour), row.Done, row.TimeZone}
	}
	return list
}

// FileReport puts an edition of a guild's report into the outbox, once for each destination that wants it, and says how
// many there are. It does so once for an edition, whatever happens in between: a second time it changes nothing. The
// editions that were missed before it are never filed; their number is the last part of the subject.
func (s *Store) FileReport(
	ctx context.Context, guild snowflake.GuildID, e edition.Edition,
) (filed int, err error) {
	err = s.write(ctx, func(t *tx) error {
		filed = 0
		row, err := t.GetSchedule(t.ctx, db.GetScheduleParams{GuildID: int64(guild), Cadence: string(e.Cadence)})
		if errors.Is(err, sql.ErrNoRows) || err == nil && row.Done >= e.Day() {
			return nil
		} else if err != nil {
			return err
		}
		subject := reportSubject(e)
		if n := missed(row.Done, e); n > 0 {
			subject += ":" + strconv.Itoa(n)
		}
		row.Done = e.Day()
		if err := t.PutSchedule(t.ctx, db.PutScheduleParams(row)); err != nil {
			return err
		}
		list, err := t.ListDestinations(t.ctx, int64(guild))
		if err != nil {
			return err
		}
		for i := range list {
			if d := &list[i]; d.Stopped == "" && reportsOf(d).Has(e.Cadence) {
				filed++
				due := timeOf(max(d.RestsUntil, msOf(t.writer.clock())))
				if _, err := t.file(d, subject, due); err != nil && fault.Of(err) != fault.TooMany {
					return err
				}
			}
		}
		return nil
	})
	return filed, err
}

func reportSubject(e edition.Edition) string { return "report:" + e.String() }

// RecallReports moves a schedule back when its last edition is not over: it was made by a clock that was ahead and has
// been set back since. What still waits of such editions is given up, and each comes when its time is there. One that
// was sent comes again, as it told of a time that had only begun; those that were over when they were made do not. What
// was made before now is no such thing: the guild has moved west, and its day has come already. It gives what the last
// edition is then.
func (s *Store) RecallReports(ctx context.Context, schedule Schedule, now time.Time) (done string, err error) {
	zone, err := time.LoadLocation(schedule.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	due, err := edition.Latest(schedule.Cadence, now, zone, schedule.Hour)
	if err != nil {
		return schedule.Done, err
	}
	err = s.write(ctx, func(t *tx) error {
		row, err := t.GetSchedule(t.ctx, db.GetScheduleParams{GuildID: int64(schedule.Guild), Cadence: string(schedule.Cadence)})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		} else if err != nil {
			return err
		}
		last, err := edition.Parse(schedule.Cadence, row.Done)
		if err == nil {
			last, err = t.recall(row.GuildID, last, due, now, zone)
		}
		if done = row.Done; err != nil || last.Day() == row.Done {
			return err
		}
		done, row.Done = last.Day(), last.Day()
		return t.PutSchedule(t.ctx, db.PutScheduleParams(row))
	})
	return done, err
}

// recall goes back from a schedule's last edition over those that are not over, by what each says of those missed
// before it, and gives the first that stands. Where nobody was told, what is due has passed.
func (t *tx) recall(guild int64, last, due edition.Edition, now time.Time, zone *time.Location) (edition.Edition, error) {
	for {
		if _, until := last.Span(zone); !now.Before(until) {
			return last, nil
		}
		report := reportSubject(last)
		made, err := t.GetReportDelivery(t.ctx, db.GetReportDeliveryParams{GuildID: guild, Report: report})
		if errors.Is(err, sql.ErrNoRows) {
			return due, nil
		} else if err != nil || made.MadeAt <= msOf(now) {
			return last, err
		}
		if err := t.DropReport(t.ctx, db.DropReportParams{Detail: "The clock was ahead. It comes when its time is there.",
			SettledAt: msOf(now), GuildID: guild, Report: report}); err != nil {
			return last, err
		}
		n, _ := strconv.Atoi(strings.TrimPrefix(strings.TrimPrefix(made.Subject, report), ":")) // none: 0
		last = last.Add(-n - 1)
	}
}

// mostMissed is where counting ends: more than a year of days says no more.
const mostMissed = 400

// missed is how many editions lie between the last that was made and e.
func missed(done string, e edition.Edition) (n int) {
	for before := e.Add(-1); before.Day() > done && n < mostMissed; before = before.Add(-1) {
		n++
	}
	return n
}
