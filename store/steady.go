package store

import "time"

// steady is the time by which sessions and links end: the wall clock of the moment when the store was opened, carried
// on by the machine's monotonic clock. A wall clock that is set an hour back or a day on meanwhile neither ends
// everybody's session nor prolongs one; it counts from the next start. The price: while the machine sleeps, steady
// sleeps too.
type steady struct {
	opened time.Time
	since  func(time.Time) time.Duration // from the opening to a moment; by the monotonic clock where the moment has it
}

func newSteady(clock func() time.Time) steady {
	start := clock()
	return steady{opened: start.Round(0).UTC(), since: func(t time.Time) time.Duration { return t.Sub(start) }}
}

// ms is a moment in steady time, as the database has it.
func (s *steady) ms(t time.Time) int64 { return s.opened.Add(s.since(t)).UnixMilli() }

// wall shows a steady time to others: as far from now as it is, whatever the wall clock has been set to meanwhile.
func (s *steady) wall(now time.Time, ms int64) time.Time {
	return now.Add(time.Duration(ms-s.ms(now)) * time.Millisecond).UTC()
}
