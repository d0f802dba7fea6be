package report

import (
	"fmt"
	"testing"
	"time"

	"guildwatch/store"
)

// F39: a clock that is wrong for a while, and then right again, keeps no report from coming at its hour, and brings none
// twice but those that it made before they were over. In each row the clock of a guild in Berlin, whose reports come at
// seven, is set and looked at, step by step.
func TestAClockThatIsSet(t *testing.T) {
	type step struct{ clock, files string } // "19 06:30" in November 2026, Berlin; "[…]" what is filed then
	const none = "[]"
	for what, steps := range map[string][]step{
		"an hour back after the report": {{"20 07:01", "[daily:2026-11-19]"}, {"20 06:01", none}, {"20 07:00", none}, {"20 23:59", none},
			{"21 07:00", "[daily:2026-11-20]"}},
		"an hour ahead before the report": {{"20 06:30", none}, {"20 07:30", "[daily:2026-11-19]"}, {"20 06:31", none}, {"20 07:00", none},
			{"21 07:00", "[daily:2026-11-20]"}},
		"a day ahead after the report": {{"20 07:00", "[daily:2026-11-19]"}, {"21 08:00", "[daily:2026-11-20]"}, {"20 08:01", none},
			{"20 23:59", none}, {"21 06:59", none}, {"21 07:00", "[daily:2026-11-20]"}, {"22 07:00", "[daily:2026-11-21]"}},
		"a day ahead across the report": {{"20 06:59", none}, {"21 07:00", "[daily:2026-11-20:1]"}, {"20 07:01", "[daily:2026-11-19]"},
			{"20 07:02", none}, {"21 07:00", "[daily:2026-11-20]"}},
		"a day ahead before the report": {{"20 06:00", none}, {"21 06:00", "[daily:2026-11-19]"}, {"20 06:01", none}, {"20 07:00", none},
			{"21 07:00", "[daily:2026-11-20]"}},
		"days ahead, one after the other": {{"20 07:00", "[daily:2026-11-19]"}, {"22 08:00", "[daily:2026-11-21:1]"},
			{"23 08:00", "[daily:2026-11-22 weekly:2026-11-16]"}, {"20 08:01", none}, {"21 07:00", "[daily:2026-11-20]"},
			{"22 07:00", "[daily:2026-11-21]"}, {"23 07:00", "[daily:2026-11-22 weekly:2026-11-16]"}, {"23 07:01", none}},
		"years ahead": {{"20 07:00", "[daily:2026-11-19]"}, {"999 08:00", "[daily:2029-07-25:400 monthly:2029-06-01:31 weekly:2029-07-16:139]"},
			{"20 08:01", none}, {"21 07:00", "[daily:2026-11-20]"}, {"23 07:00", "[daily:2026-11-22:1 weekly:2026-11-16]"}},
		"ahead and never back": {{"20 07:00", "[daily:2026-11-19]"}, {"21 08:00", "[daily:2026-11-20]"}, {"21 09:00", none},
			{"22 07:00", "[daily:2026-11-21]"}},
	} {
		t.Run(what, func(t *testing.T) {
			berlin, err := time.LoadLocation("Europe/Berlin")
			must(t, err)
			at := func(text string) time.Time {
				var day, hour, minute int
				_, err := fmt.Sscanf(text, "%d %d:%d", &day, &hour, &minute)
				must(t, err)
				return time.Date(2026, 11, day, hour, minute, 0, 0, berlin)
			}
			h := open(t, at("19 12:00"))
			h.subscribe(t, 1, "https://hooks.gw-test.org/", 7)
			for i, s := range steps {
				h.now = at(s.clock)
				if i%2 == 0 { // nothing of it rests on what the process remembers
					h.start(t)
				}
				var got []string
				for _, subject := range h.take(t) {
					got = append(got, subject[len("1 report:"):])
				}
				if fmt.Sprint(got) != s.files {
					t.Fatalf("%s: %v, want %s", s.clock, got, s.files)
				}
			}
		})
	}
}

// F39: what a clock that was ahead has filed, and what nobody could be told yet, is not told when the clock is right again.
func TestWhatWasFiledTooEarlyIsRecalled(t *testing.T) {
	h := open(t, time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
	h.subscribe(t, 1, "https://hooks.gw-test.org/", 7)
	look := func(now time.Time, want string) {
		t.Helper()
		h.now = now
		_, err := h.Look(t.Context(), now)
		must(t, err)
		due, err := h.store.DueDeliveries(t.Context(), now.AddDate(0, 0, 9), 10)
		must(t, err)
		got := ""
		for _, d := range due {
			got += d.Subject + " " + d.State
		}
		if got != want {
			t.Errorf("%s: %q waits, want %q", now, got, want)
		}
	}
	right := h.now
	look(right.AddDate(0, 0, 1), "report:daily:2026-11-20 waiting")
	look(right.Add(time.Minute), "")
	look(right.AddDate(0, 0, 1), "report:daily:2026-11-20 waiting")
}

// F39: a server that moves west has not set the clock: its day was told, and is not told again when it ends there.
func TestAServerThatMovesWestHasNoDayTwice(t *testing.T) {
	h := open(t, time.Date(2026, 11, 19, 20, 0, 0, 0, time.UTC))
	must(t, h.store.UpdateSettings(t.Context(), may(t, 1), store.Settings{TimeZone: "Pacific/Auckland"}))
	h.subscribe(t, 1, "https://hooks.gw-test.org/", 7)
	h.now = time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC) // 7 o'clock on the 21st there
	if got := fmt.Sprint(h.take(t)); got != "[1 report:daily:2026-11-20]" {
		t.Fatal(got)
	}
	must(t, h.store.UpdateSettings(t.Context(), may(t, 1), store.Settings{TimeZone: "Pacific/Honolulu"}))
	for end := h.now.AddDate(0, 0, 1); h.now.Before(end); h.now = h.now.Add(time.Hour) {
		if got := h.take(t); len(got) > 0 {
			t.Errorf("at %s come %v", h.now, got)
		}
	}
}

// F39: in the nights in which clocks are turned, with the machine's clock set by an hour in either direction at each hour
// of them, each day comes once.
func TestAClockThatIsSetInANightOfTurning(t *testing.T) {
	for _, night := range []time.Time{time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC), time.Date(2026, 10, 24, 12, 0, 0, 0, time.UTC)} {
		for _, by := range []time.Duration{-time.Hour, time.Hour} {
			h := open(t, night)
			h.subscribe(t, 1, "https://hooks.gw-test.org/", 3)
			got := map[string]int{}
			take := func(now time.Time) {
				h.now = now
				for _, subject := range h.take(t) {
					got[subject]++
				}
			}
			for now := night; now.Before(night.AddDate(0, 0, 2)); now = now.Add(time.Hour) {
				take(now)
				take(now.Add(by))
				take(now.Add(time.Minute))
			}
			for i := range 2 {
				if day := night.AddDate(0, 0, i).Format(time.DateOnly); got["1 report:daily:"+day] != 1 {
					t.Errorf("clock set by %s: %v, want %s once", by, got, day)
				}
			}
		}
	}
}
