package ui

import (
	"fmt"
	"sync"
	"time"
)

// Moment is a time to show: when it was, when the page is rendered, and in which zone it is read (nil: UTC).
type Moment struct {
	At   time.Time
	Now  time.Time
	Zone *time.Location
}

// zones keeps what Zone has loaded: reading one costs 50 us and 25 KB, and a page asks a dozen times. Only names that
// exist are kept, so it cannot outgrow the zone database.
var zones sync.Map // string to *time.Location

// Zone loads a time zone by its IANA name; UTC for an unknown one.
func Zone(name string) *time.Location {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, zone)
	return zone
}

func (m Moment) local() time.Time {
	if m.Zone == nil {
		return m.At.UTC()
	}
	return m.At.In(m.Zone)
}

// machine is the form for attributes, whole seconds in UTC.
func (m Moment) machine() string { return m.At.UTC().Format(time.RFC3339) }

// full is the whole time with its zone: what a pointer resting on it shows.
func (m Moment) full() string { return m.local().Format("Mon 2 Jan 2006, 15:04:05 MST") }

// clock is the time of day.
func (m Moment) clock() string { return m.local().Format("15:04:05") }

// ago is the age in words: "just now", "2 min ago", "3 h ago", "5 days ago", then the date. Scripts keep it true.
func (m Moment) ago() string {
	age := m.Now.Sub(m.At)
	switch {
	case age < 45*time.Second:
		return "just now"
	case age < time.Hour:
		return fmt.Sprintf("%d min ago", max(1, int(age.Round(time.Minute).Minutes())))
	case age < 24*time.Hour:
		return fmt.Sprintf("%d h ago", int(age.Hours()))
	case age < 48*time.Hour:
		return "yesterday"
	case age < 30*24*time.Hour:
		return fmt.Sprintf("%d days ago", int(age.Hours()/24))
	}
	return m.local().Format("2 Jan 2006")
}

// Span is a length of time in words, to two parts: "42 s", "5 min", "2 h 10 min", "3 days 4 h".
func Span(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 24*time.Hour:
		return pair(int(d.Hours()), "h", int(d.Minutes())%60, "min")
	}
	days, unit := int(d.Hours())/24, "days"
	if days == 1 {
		unit = "day"
	}
	return pair(days, unit, int(d.Hours())%24, "h")
}

func pair(a int, unit string, b int, small string) string {
	if b == 0 {
		return fmt.Sprintf("%d %s", a, unit)
	}
	return fmt.Sprintf("%d %s %d %s", a, unit, b, small)
}
