package handlers

import (
	"strings"
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

// A time that the clock shows twice is the earlier one in every zone; who means the later one writes it with its offset.
func TestTimesThatAreShownTwiceAreTheEarlierOnes(t *testing.T) {
	for text, want := range map[string]string{"Europe/Berlin 2026-10-25T02:30": "00:30", "America/New_York 2026-11-01T01:30": "05:30",
		"Australia/Lord_Howe 2026-04-05T01:45": "14:45", "Europe/Berlin 2026-10-25T02:30:00+01:00": "01:30",
		"Europe/Berlin 2026-10-25T03:00": "02:00"} {
		name, written, _ := strings.Cut(text, " ")
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		if at, _, err := momentIn(zone, written); err != nil || at.UTC().Format("15:04") != want {
			t.Errorf("%s is %v, want %s in UTC: %v", text, at.UTC(), want, err)
		}
	}
}
