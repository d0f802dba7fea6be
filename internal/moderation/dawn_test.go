package moderation_test

import (
	"testing"
	"time"

	"guildwatch/internal/moderation"
)

// What a clock shows twice is told apart, quarter of an hour by quarter through a year, in zones that turn by an hour, by
// half an hour, at midnight and never.
func TestTimesThatAreShownTwice(t *testing.T) {
	for name, want := range map[string]int{"America/New_York": 8, "Australia/Lord_Howe": 4, "America/Santiago": 8,
		"Europe/Berlin": 8, "Asia/Kathmandu": 0, "UTC": 0} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		shown := map[string]int{}
		each := func(do func(at time.Time, text string)) {
			for at := time.Date(2026, 1, 2, 0, 0, 0, 0, zone); at.Year() == 2026; at = at.Add(moderation.Bucket) {
				do(at, at.Format("2006-01-02 15:04"))
			}
		}
		each(func(_ time.Time, text string) { shown[text]++ })
		twice := 0
		each(func(at time.Time, text string) {
			if got := moderation.ShownTwice(at); got != (shown[text] == 2) {
				t.Fatalf("%v is shown twice: %t", at, got)
			}
			twice += shown[text] - 1
		})
		if twice != want {
			t.Errorf("%s: %d quarters are shown twice, want %d", name, twice, want)
		}
	}
}
