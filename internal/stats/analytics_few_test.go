package stats

import (
	"testing"
	"time"

	"guildwatch/store"
)

// A narrow screen gets few points, each with a band of its own: medians and quarters of several points do not add up to
// those of their sum.
func TestFewPointsHaveTheirOwnBand(t *testing.T) {
	from := time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC)
	span := store.Span{From: from, Until: from.AddDate(0, 0, 7)}
	counts := quartersOf(usualSpan(span, time.UTC), func(add func(time.Time, int64)) {
		for week := 1; week <= usualWeeks; week++ { // each week all at once, at another hour: no hour has any as a rule
			add(from.AddDate(0, 0, -7*week).Add(time.Duration(week%6)*time.Hour), 12)
		}
		add(from.Add(5*time.Hour), 7)
	})
	s := seriesOf(span, time.UTC, span.Until, counts, history(from.AddDate(-1, 0, 0)), missedIn(usualSpan(span, time.UTC), nil))
	if len(s.Points) != 168 || len(s.Few) != 28 {
		t.Fatalf("%d points and %d, want 168 and 28", len(s.Points), len(s.Few))
	}
	want := Point{From: from, Until: from.Add(6 * time.Hour), Violations: 7, Usual: Usual{true, 8, 12, 12, 12}}
	if s.Few[0] != want {
		t.Errorf("%+v, want %+v", s.Few[0], want)
	}
	var median float64
	for _, p := range s.Points[:6] {
		median += p.Usual.Median
	}
	if median != 0 {
		t.Errorf("the medians add up to %v", median)
	}
}

// Of points that are longer than a week nothing is called usual: earlier ones would lie in each other.
func TestFewPointsOfYearsHaveNoBand(t *testing.T) {
	until := time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC)
	span := store.Span{From: until.AddDate(-2, 0, 0), Until: until}
	counts := quartersOf(usualSpan(span, time.UTC), func(func(time.Time, int64)) {})
	s := seriesOf(span, time.UTC, until, counts, history(until.AddDate(-9, 0, 0)), missedIn(usualSpan(span, time.UTC), nil))
	if s.Step != StepWeek || s.Weeks != usualWeeks || len(s.Few) == 0 || len(s.Few) > FewPoints {
		t.Fatalf("%s, %d weeks, %d points", s.Step, s.Weeks, len(s.Few))
	}
	for _, p := range s.Few[:len(s.Few)-1] {
		if p.Usual.Known {
			t.Fatalf("%+v is compared with earlier weeks", p)
		}
	}
}

// Where clocks are put forward at midnight, a day is compared with whole days, and they with it.
func TestDaysWithoutAMidnightAreComparedWhole(t *testing.T) {
	zone, err := time.LoadLocation("America/Santiago") // 6 September 2026 begins at 01:00 there
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour int) time.Time { return time.Date(2026, 9, day, hour, 0, 0, 0, zone) }
	for _, c := range [][4]time.Time{{at(6, 1), at(7, 0), at(-1, 0), at(0, 0)}, {at(13, 0), at(14, 0), at(6, 1), at(7, 0)},
		{at(12, 0), at(13, 0), at(5, 0), at(6, 1)}, {at(13, 10), at(14, 0), at(6, 10), at(7, 0)}} {
		if begin, end := StepDay.before(c[0], c[1], zone, 1); !begin.Equal(c[2]) || !end.Equal(c[3]) {
			t.Errorf("%v to %v is compared with %v to %v, want %v to %v", c[0], c[1], begin.In(zone), end.In(zone), c[2], c[3])
		}
	}
}
