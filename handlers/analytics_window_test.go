package handlers

import (
	"testing"
	"time"

	"guildwatch/internal/moderation"
)

// The last day of a chosen time is in it as a whole, also on the eve of a night whose midnight the clocks skip.
func TestDaysEndWhenTheNextBegins(t *testing.T) {
	for _, name := range []string{"America/Santiago", "America/Havana", "Africa/Cairo", "Atlantic/Azores", "Asia/Kathmandu"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for date := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); date.Year() == 2026; date = date.AddDate(0, 0, 1) {
			begins, whole, err := momentIn(zone, date.Format(time.DateOnly))
			next := moderation.Dawn(date.AddDate(0, 0, 1), zone)
			if err != nil || !whole || !dayAfter(zone, begins).Equal(next) {
				t.Errorf("%s: %v ends at %v, want %v: %v", name, begins, dayAfter(zone, begins), next.In(zone), err)
			}
		}
	}
}
