package edition

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

// zones have what makes days odd: none, half hours, 45 minutes, half an hour of summer time, clocks that skip midnight
// or have it twice, a day that never was.
var zones = []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe",
	"America/Havana", "Asia/Beirut", "Africa/Cairo", "America/Asuncion", "America/Sao_Paulo", "Atlantic/Azores", "Pacific/Apia",
	"Pacific/Chatham", "America/St_Johns", "America/Scoresbysund", "Asia/Tehran", "Asia/Gaza"}

func in(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func parse(t testing.TB, cadence Cadence, day string) Edition {
	t.Helper()
	e, err := Parse(cadence, day)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Days, weeks and months follow each other without a gap in every zone, begin on a bucket of the counters, and a moment
// lies in the edition that is running then.
func TestEditionsFillTheTime(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(r, "zone"))
		if err != nil {
			r.Fatal(err)
		}
		cadence := rapid.SampledFrom(Cadences()).Draw(r, "cadence")
		now := time.Unix(rapid.Int64Range(1451606400, 2000000000).Draw(r, "now"), 0).UTC()
		e, err := At(cadence, now, zone)
		if err != nil {
			r.Fatal(err)
		}
		from, until := e.Span(zone)
		if now.Before(from) || !now.Before(until) {
			r.Fatalf("%s is in %s, which is from %s to %s", now, e, from, until)
		}
		if next, _ := e.Add(1).Span(zone); !next.Equal(until) {
			r.Fatalf("%s ends at %s, the next begins at %s", e, until, next)
		}
		if before := e.Add(1).Add(-1); before != e {
			r.Fatalf("%s comes back as %s", e, before)
		}
		if from.UnixMilli()%(15*60*1000) != 0 {
			r.Fatalf("%s begins at %s, on no bucket", e, from)
		}
		if local := from.In(zone); local.Format(layout) != e.Day() || from.Add(-time.Second).In(zone).Format(layout) >= e.Day() {
			r.Fatalf("%s begins at %s", e, local)
		}
		if again, err := Parse(cadence, e.Day()); err != nil || again != e {
			r.Fatalf("%s is read as %s, %v", e, again, err)
		}
	})
}

// Over 14 months of hours, with every change of the clock in them, each edition is due once, in its order, and never
// before it is over.
func TestEachEditionIsDueOnce(t *testing.T) {
	for _, name := range zones {
		zone := in(t, name)
		for _, cadence := range Cadences() {
			hours := []int{0, 2, 23}
			if cadence != Daily {
				hours = hours[1:2]
			}
			for _, hour := range hours {
				now := time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC)
				last, err := Latest(cadence, now, zone, hour)
				if err != nil {
					t.Fatal(err)
				}
				for end := now.AddDate(1, 2, 0); now.Before(end); now = now.Add(time.Hour) {
					e, _ := Latest(cadence, now, zone, hour)
					if e == last {
						continue
					}
					if e != last.Add(1) {
						t.Fatalf("%s, %s at %d: after %s comes %s", name, cadence, hour, last, e)
					}
					if _, until := e.Span(zone); now.Before(until) {
						t.Fatalf("%s: %s is due at %s, before it is over", name, e, now)
					}
					if got := now.In(zone).Hour(); got != hour && got != (hour+1)%24 {
						t.Errorf("%s: %s is due at %s, want %d o'clock", name, e, now.In(zone), hour)
					}
					last = e
				}
			}
		}
	}
}

// Days that the clock makes short and long have the length they have.
func TestOddDays(t *testing.T) {
	for _, one := range []struct {
		zone, day string
		hours     float64
	}{{"Europe/Berlin", "2026-03-29", 23}, {"Europe/Berlin", "2026-10-25", 25}, {"Australia/Lord_Howe", "2026-04-05", 24.5},
		{"Australia/Lord_Howe", "2026-10-04", 23.5}, {"America/Havana", "2026-11-01", 25}, {"Asia/Beirut", "2026-03-29", 23},
		{"America/Sao_Paulo", "2018-11-04", 23}, {"America/Sao_Paulo", "2018-02-17", 25}, {"Asia/Kolkata", "2026-03-29", 24}} {
		from, until := parse(t, Daily, one.day).Span(in(t, one.zone))
		if got := until.Sub(from).Hours(); got != one.hours {
			t.Errorf("%s has %v hours in %s, want %v", one.day, got, one.zone, one.hours)
		}
	}
}

func TestTitles(t *testing.T) {
	for _, one := range []struct {
		cadence   Cadence
		day, want string
	}{{Daily, "2026-11-20", "Friday, 20 November 2026"}, {Weekly, "2026-11-20", "week from 16 to 22 November 2026"},
		{Weekly, "2026-11-01", "week from 26 October to 1 November 2026"},
		{Weekly, "2027-01-01", "week from 28 December 2026 to 3 January 2027"}, {Monthly, "2026-11-20", "November 2026"}} {
		if got := parse(t, one.cadence, one.day).Title(); got != one.want {
			t.Errorf("%s, want %s", got, one.want)
		}
	}
}

func TestWhatIsNoEdition(t *testing.T) {
	for _, one := range [][2]string{{"hourly", "2026-11-20"}, {"", "2026-11-20"}, {"daily", ""}, {"daily", "2026-02-30"},
		{"daily", "0001-01-01"}, {"daily", "99999-01-01"}, {"daily", "2026-11-20T00:00"}, {"weekly", "../../etc"}} {
		if e, err := Parse(Cadence(one[0]), one[1]); err == nil {
			t.Errorf("%q is read as %s", one, e)
		}
	}
	if _, err := At("hourly", time.Now(), time.UTC); err == nil {
		t.Error("there is an hourly edition")
	}
	if _, err := Latest("hourly", time.Now(), time.UTC, 7); err == nil {
		t.Error("there is an hourly edition")
	}
}
