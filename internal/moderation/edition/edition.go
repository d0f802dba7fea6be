// Package edition says what day, week or month a report is about, in a guild's time zone, and when it is due. It is
// pure: the zone and the moment are given.
package edition

import (
	"fmt"
	"time"

	"guildwatch/internal/moderation"
)

// Cadence is how often a report comes.
type Cadence string

// The cadences.
const (
	Daily   Cadence = "daily"
	Weekly  Cadence = "weekly" // weeks begin on Monday
	Monthly Cadence = "monthly"
)

// Cadences lists every cadence, the most frequent first.
func Cadences() []Cadence { return []Cadence{Daily, Weekly, Monthly} }

// layout is how a day is written: "2026-11-20". Days so written compare as text.
const layout = "2006-01-02"

// Edition is one report's time, named by its first day: the same in every time zone, so that a guild that changes its
// zone gets no report twice.
type Edition struct {
	Cadence Cadence
	day     time.Time // the first day, at midnight UTC
}

// Parse reads an edition from its cadence and any day in it, as String writes it.
func Parse(cadence Cadence, day string) (Edition, error) {
	at, err := time.Parse(layout, day)
	if err != nil || at.Year() < 2015 || at.Year() > 9000 { // Discord's beginning
		return Edition{}, fmt.Errorf("edition: %q is no day", day)
	}
	return of(cadence, at)
}

// At is the edition that is running at a moment.
func At(cadence Cadence, now time.Time, zone *time.Location) (Edition, error) {
	year, month, day := now.In(zone).Date()
	return of(cadence, time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

func of(cadence Cadence, day time.Time) (Edition, error) {
	switch cadence {
	case Daily:
	case Weekly:
		day = day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	case Monthly:
		day = day.AddDate(0, 0, 1-day.Day())
	default:
		return Edition{}, fmt.Errorf("edition: there is no cadence %q", cadence)
	}
	return Edition{cadence, day}, nil
}

// Latest is the last edition that is over and due at a moment, if reports come at an hour of the day (0 to 23).
func Latest(cadence Cadence, now time.Time, zone *time.Location, hour int) (Edition, error) {
	running, err := At(cadence, now, zone)
	if err != nil {
		return Edition{}, err
	}
	if last := running.Add(-1); !now.Before(last.Due(zone, hour)) {
		return last, nil
	}
	return running.Add(-2), nil
}

// Add is the edition so many later, or earlier.
func (e Edition) Add(n int) Edition {
	switch e.Cadence {
	case Weekly:
		e.day = e.day.AddDate(0, 0, 7*n)
	case Monthly:
		e.day = e.day.AddDate(0, n, 0) // the first of a month: no day is skipped
	default:
		e.day = e.day.AddDate(0, 0, n)
	}
	return e
}

// Day is the first day: "2026-11-20".
func (e Edition) Day() string { return e.day.Format(layout) }

// String names the edition: "daily:2026-11-20".
func (e Edition) String() string { return string(e.Cadence) + ":" + e.Day() }

// Span is when the edition begins and ends in a zone.
func (e Edition) Span(zone *time.Location) (from, until time.Time) {
	return moderation.Dawn(e.day, zone), moderation.Dawn(e.Add(1).day, zone)
}

// Due is when the report is to come: at an hour of the day after its last. In a night that skips the hour it is when
// the clock goes on, in one that has it twice the first.
func (e Edition) Due(zone *time.Location, hour int) time.Time {
	year, month, day := e.Add(1).day.Date()
	at := time.Date(year, month, day, hour, 0, 0, 0, zone)
	if at.Hour() != hour { // the clock skips it, and time.Date has chosen the hour before or after
		if _, change := at.ZoneBounds(); at.Hour() < hour || at.Day() != day {
			at = change
		}
		return at
	}
	return moderation.FirstShown(at)
}

// Title is the edition in words: "Friday, 20 November 2026", "week from 16 to 22 November 2026", "November 2026".
func (e Edition) Title() string {
	switch e.Cadence {
	case Weekly:
		last := e.day.AddDate(0, 0, 6)
		switch {
		case last.Year() != e.day.Year():
			return "week from " + e.day.Format("2 January 2006") + " to " + last.Format("2 January 2006")
		case last.Month() != e.day.Month():
			return "week from " + e.day.Format("2 January") + " to " + last.Format("2 January 2006")
		}
		return "week from " + e.day.Format("2") + " to " + last.Format("2 January 2006")
	case Monthly:
		return e.day.Format("January 2006")
	}
	return e.day.Format("Monday, 2 January 2006")
}
