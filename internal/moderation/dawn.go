package moderation

import "time"

// Dawn is when a date begins in a zone, in UTC: its midnight, or where the clock skips that, the first moment there is.
// Of day only the date counts.
func Dawn(day time.Time, zone *time.Location) time.Time {
	year, month, date := day.Date()
	at := time.Date(year, month, date, 0, 0, 0, 0, zone)
	if at.Day() != date { // midnight is skipped, and time.Date has chosen the hour before
		_, at = at.ZoneBounds()
	}
	// It may also have chosen the hour after; the day begins where the zone's clock was changed.
	if start, _ := at.ZoneBounds(); !start.IsZero() && start.Day() == date && start.Before(at) && at.Sub(start) < 3*time.Hour {
		if before := start.Add(-time.Nanosecond); before.Day() != date {
			at = start
		}
	}
	return FirstShown(at).UTC()
}

// FirstShown is the earlier of two moments that a zone's clock shows alike, or the one moment there is.
func FirstShown(at time.Time) time.Time {
	start, _ := at.ZoneBounds()
	if start.IsZero() {
		return at
	}
	_, after := at.Zone()
	_, before := start.Add(-time.Nanosecond).Zone()
	if earlier := at.Add(time.Duration(after-before) * time.Second); before > after && earlier.Before(start) {
		return earlier
	}
	return at
}

// ShownTwice says whether a zone's clock shows a moment's time twice, because it is put back then: the name of the zone
// tells which of the two it is.
func ShownTwice(at time.Time) bool {
	start, end := at.ZoneBounds()
	_, offset := at.Zone()
	if !start.IsZero() {
		_, before := start.Add(-time.Nanosecond).Zone()
		if at.Before(start.Add(time.Duration(before-offset) * time.Second)) {
			return true
		}
	}
	if end.IsZero() {
		return false
	}
	_, after := end.Zone()
	return !at.Before(end.Add(-time.Duration(offset-after) * time.Second))
}
