package chart

import (
	"testing"
	"time"

	"guildwatch/internal/stats"
)

// In the night in which clocks are put back, no two points are called alike, and none ends when it begins.
func TestPointsOfTheHourThatIsShownTwice(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC)
	s := Series{Zone: zone, Series: stats.Series{Step: stats.StepHour}}
	for i, want := range []string{"Sat 31 Oct, 23:00 to 00:00", "Sun 1 Nov, 00:00 EDT to 01:00 EDT", "Sun 1 Nov, 01:00 EDT to 01:00 EST",
		"Sun 1 Nov, 01:00 EST to 02:00 EST", "Sun 1 Nov, 02:00 to 03:00"} {
		at := from.Add(time.Duration(i) * time.Hour)
		if got := s.When(stats.Point{From: at, Until: at.Add(time.Hour)}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A day of which a part was counted is not called the whole day, but for the one that is not over.
func TestPartsOfDaysAreNotCalledDays(t *testing.T) {
	zone, err := time.LoadLocation("America/Santiago") // 6 September 2026 begins at 01:00 there
	if err != nil {
		t.Fatal(err)
	}
	s := Series{Zone: zone, Series: stats.Series{Step: stats.StepDay}}
	at := func(day, hour int) time.Time { return time.Date(2026, 9, day, hour, 0, 0, 0, zone) }
	for want, p := range map[string]stats.Point{
		"Thu 3 Sep 2026":                 {From: at(3, 0), Until: at(4, 0)},
		"Thu 3 Sep 2026, 21:00 to 00:00": {From: at(3, 21), Until: at(4, 0)},
		"Fri 4 Sep 2026, 00:00 to 10:00": {From: at(4, 0), Until: at(4, 10)},
		"Fri 4 Sep 2026":                 {From: at(4, 0), Until: at(4, 10), Running: true},
		"Fri 4 Sep 2026, 05:00 to 10:00": {From: at(4, 5), Until: at(4, 10), Running: true},
		"Sun 6 Sep 2026":                 {From: at(6, 1), Until: at(7, 0)},
	} {
		if got := s.When(p); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Ticks stand at equal distances, so each has to name the point that begins there: an hour has five quarters while it runs.
func TestTicksStandWhereTheirPointsBegin(t *testing.T) {
	from := time.Date(2026, 11, 1, 9, 15, 0, 0, time.UTC)
	for n := 1; n <= 200; n++ {
		s := Series{Zone: time.UTC, Series: stats.Series{Step: stats.StepQuarter}}
		for i := range n {
			at := from.Add(time.Duration(i) * 15 * time.Minute)
			s.Series.Points = append(s.Series.Points, stats.Point{From: at, Until: at.Add(15 * time.Minute)})
		}
		ticks := s.ticks()
		layout := "15:04"
		if n > 36*4 {
			layout = "Mon 2"
		}
		for i, tick := range ticks {
			exact := from.Add(time.Duration(i) * time.Duration(n) * 15 * time.Minute / time.Duration(len(ticks)-1))
			if n > 24 {
				exact = exact.Truncate(15 * time.Minute)
			}
			if want := exact.Format(layout); tick != want {
				t.Errorf("of %d points, tick %d of %d says %s, want %s", n, i, len(ticks), tick, want)
			}
		}
	}
}
