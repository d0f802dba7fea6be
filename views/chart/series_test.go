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
