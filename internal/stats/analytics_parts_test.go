package stats

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/moderation"
	"guildwatch/store"
)

// A violation belongs to a burst if it is among ten that lie within five minutes, and what overlaps is one burst.
func TestBurstsAreWhereTenLieWithinFiveMinutes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		var times []time.Time // newest first
		for range rapid.IntRange(0, 60).Draw(rt, "violations") {
			times = append(times, at)
			at = at.Add(-time.Duration(rapid.SampledFrom([]int{0, 1, 20, 29, 31, 40, 301}).Draw(rt, "seconds")) * time.Second)
		}
		inBurst := make([]bool, len(times))
		for i := range times {
			for j := i; j < len(times) && times[i].Sub(times[j]) < 5*time.Minute; j++ {
				if j-i+1 >= 10 {
					for k := i; k <= j; k++ {
						inBurst[k] = true
					}
				}
			}
		}
		var violations int64
		bursts := burstsIn(times)
		for i, b := range bursts {
			violations += b.Violations
			if b.Violations < 10 || b.Until.Before(b.From) || i > 0 && bursts[i-1].From.Before(b.Until) {
				rt.Errorf("burst %d is %+v", i, b)
			}
		}
		var want int64
		for _, in := range inBurst {
			if in {
				want++
			}
		}
		if violations != want {
			rt.Fatalf("bursts have %d violations, want %d: %+v of %v", violations, want, bursts, times)
		}
	})
}

// The interval by Wilson, against values of tables.
func TestSharesSayHowSureTheyAre(t *testing.T) {
	for _, want := range []struct {
		n, of            int64
		share, low, high float64
	}{{0, 10, 0, 0, 0.2775}, {1, 10, 0.1, 0.0179, 0.4042}, {5, 10, 0.5, 0.2366, 0.7634}, {10, 10, 1, 0.7225, 1},
		{500, 1000, 0.5, 0.4691, 0.5309}} {
		p := partOf(want.n, want.of)
		for name, pair := range map[string][2]float64{"share": {p.Share, want.share}, "low": {p.Low, want.low}, "high": {p.High, want.high}} {
			if math.Abs(pair[0]-pair[1]) > 0.0001 || !p.Known {
				t.Errorf("%d of %d: %s is %v, want %v", want.n, want.of, name, pair[0], pair[1])
			}
		}
	}
	if p := partOf(0, 0); p.Known {
		t.Error("of nothing a share is known: ", p)
	}
}

// Parts of the week without a moderator go over midnight and over Sunday, and are trimmed to where rules were broken.
func TestPartsOfTheWeekWithoutModerators(t *testing.T) {
	var h Heatmap
	for day := range h.Slots {
		for hour := range h.Slots[day] {
			h.Slots[day][hour] = Slot{Hours: 4, Attended: 4, Violations: 1}
		}
	}
	alone := func(at int, violations int64) { h.Slots[at/24][at%24] = Slot{Hours: 4, Violations: violations} }
	for at, n := range map[int]int64{122: 9, 123: 0, 124: 5, 125: 0, 166: 0, 167: 2, 0: 3, 1: 0, 50: 0} {
		alone(at, n)
	}
	want := []Unattended{{122, 125, 14}, {167, 169, 5}}
	if got := h.unattended(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for day := range h.Slots {
		for hour := range h.Slots[day] {
			alone(day*24+hour, 1)
		}
	}
	if got := h.unattended(); !slices.Equal(got, []Unattended{{0, 168, 168}}) {
		t.Errorf("a week without anybody: %v", got)
	}
}

// That no moderator was active is not said of an hour in which they could not have been seen.
func TestHoursInGapsAreNotCalledUnattended(t *testing.T) {
	from := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC) // a Monday
	week := func(weeks int, gaps ...Gap) []Unattended {
		span := store.Span{From: from, Until: from.AddDate(0, 0, 7*weeks)}
		attended := map[int64]bool{}
		counts := quartersOf(span, func(add func(time.Time, int64)) {
			for at := span.From; at.Before(span.Until); at = at.Add(moderation.Bucket) {
				if hour := int(at.Sub(from)/time.Hour) % 168; hour == 5 || hour == 8 {
					add(at, 1)
				} else {
					attended[at.Unix()] = true
				}
			}
		})
		h := weekOf(span, time.UTC, counts, attended, missedIn(span, gaps))
		return h.unattended()
	}
	gap := Gap{From: from.Add(5*time.Hour + 20*time.Minute), To: from.Add(6*time.Hour + 40*time.Minute)}
	if got := week(1); !slices.Equal(got, []Unattended{{5, 6, 4}, {8, 9, 4}}) {
		t.Errorf("without a gap: %v", got)
	}
	if got := week(1, gap); !slices.Equal(got, []Unattended{{8, 9, 4}}) {
		t.Errorf("with a gap: %v", got)
	}
	if got := week(2, gap); !slices.Equal(got, []Unattended{{5, 6, 8}, {8, 9, 8}}) {
		t.Errorf("with a gap in one week of two: %v", got)
	}
}

// What is usual is the same time on the clock of earlier weeks, also over a turn of the clocks, and a week in which
// events may have been missed then is no measure.
func TestUsualIsTheSameTimeOfEarlierWeeks(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 19, 20, 0, 0, 0, zone) // the clocks were put forward on 8 March
	span := store.Span{From: now.Add(-time.Hour).UTC(), Until: now.UTC()}
	counts := quartersOf(usualSpan(span, zone), func(add func(time.Time, int64)) {
		for week := 0; week <= usualWeeks; week++ {
			add(time.Date(2026, 3, 19-7*week, 19, 15, 0, 0, zone), int64(10+week))
		}
	})
	watched := history(now.AddDate(-1, 0, 0))
	s := seriesOf(span, zone, now, counts, watched, missedIn(usualSpan(span, zone), nil))
	if s.Step != StepQuarter || len(s.Points) != 4 {
		t.Fatalf("%+v", s)
	}
	if got, want := s.Points[1].Usual, (Usual{true, 8, 12.75, 14.5, 16.25}); got != want || s.Points[1].Violations != 10 {
		t.Errorf("%d, usually %+v, want %+v", s.Points[1].Violations, got, want)
	}
	gap := moderation.Gap{From: now.AddDate(0, 0, -7).Add(-time.Hour), To: now.AddDate(0, 0, -7)}
	young := history(time.Date(2026, 3, 1, 0, 0, 0, 0, zone))
	s = seriesOf(span, zone, now, counts, young, missedIn(usualSpan(span, zone), []Gap{gap}))
	if u := s.Points[1].Usual; u.Known || u.Weeks != 1 {
		t.Errorf("of one week without a gap: %+v", u)
	}
}

// Whatever a zone's clock does, points follow each other, days begin when the calendar says so, and what a point is compared
// with is as much time as there is, never less than none.
func TestPointsFollowEachOther(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{"America/Santiago", "America/Havana", "Atlantic/Azores",
			"America/Asuncion", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo", "Australia/Lord_Howe", "America/New_York",
			"Asia/Kathmandu"}).Draw(r, "zone"))
		if err != nil {
			r.Fatal(err)
		}
		at := moderation.BucketOf(time.Unix(rapid.Int64Range(1420070400, 1830000000).Draw(r, "from"), 0))
		if rapid.Bool().Draw(r, "near a turn") {
			if _, turn := at.In(zone).ZoneBounds(); !turn.IsZero() {
				at = turn.Add(-time.Duration(rapid.IntRange(0, 200).Draw(r, "quarters")) * moderation.Bucket)
			}
		}
		step := rapid.SampledFrom([]Step{StepQuarter, StepHour, StepDay, StepWeek}).Draw(r, "step")
		most := map[Step]time.Duration{StepQuarter: moderation.Bucket, StepHour: 2 * time.Hour, StepDay: 26 * time.Hour,
			StepWeek: 8 * 24 * time.Hour}[step]
		for range 9 {
			next := step.after(at, zone)
			if took := next.Sub(at); took <= 0 || took > most {
				r.Fatalf("a %s that has %v ends at %v", step, at.In(zone), next.In(zone))
			}
			if before := next.Add(-moderation.Bucket).In(zone); (step == StepDay || step == StepWeek) && before.Day() == next.In(zone).Day() {
				r.Fatalf("a %s ends within a day, at %v", step, next.In(zone))
			}
			for week := 1; week <= usualWeeks; week++ {
				begin, end := step.before(at, next, zone, week)
				if took := end.Sub(begin); took <= 0 || step != StepDay && step != StepWeek && took != next.Sub(at) {
					r.Fatalf("the %s from %v to %v is compared with %v to %v", step, at.In(zone), next.In(zone), begin.In(zone), end.In(zone))
				}
			}
			at = next
		}
	})
}

// A chosen time is widened to whole quarters of an hour, and says so.
func TestChosenTimesAreWidenedToQuarters(t *testing.T) {
	now := time.Date(2026, 3, 14, 15, 4, 5, 0, time.UTC)
	at := func(text string) time.Time {
		moment, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	w, err := CustomWindow(now, at("2026-03-10 10:20"), at("2026-03-10 11:00"))
	if err != nil || !w.Rounded() || !w.Span.From.Equal(at("2026-03-10 10:15")) || !w.Span.Until.Equal(at("2026-03-10 11:00")) ||
		w.Previous != (store.Span{From: at("2026-03-10 09:30"), Until: at("2026-03-10 10:15")}) {
		t.Errorf("%+v, %v", w, err)
	}
	if w, err = CustomWindow(now, at("2026-03-10 10:15"), at("2026-04-10 11:00")); err != nil || w.Rounded() ||
		!w.Span.Until.Equal(at("2026-03-14 15:15")) {
		t.Errorf("one that ends later than now: %+v, %v", w, err)
	}
	for from, before := range map[string]string{"2026-03-14 14:00": "2026-03-14 13:00", "2026-03-14 13:45": "2026-03-14 12:30",
		"2026-03-14 15:00": "2026-03-14 14:45", "2026-03-14 15:03": "2026-03-14 14:45"} {
		if w, err = CustomWindow(now, at(from), now); err != nil || !w.Previous.From.Equal(at(before)) ||
			!w.Previous.Until.Equal(w.Span.From) || w.Rounded() != !w.Span.From.Equal(at(from)) {
			t.Errorf("from %s until now: compared with %+v, %v", from, w.Previous, err)
		}
	}
	hour := at("2026-03-14 15:00") // a quarter of an hour that has just begun is no part of what ends there
	if w, err = CustomWindow(hour, hour.Add(-longestWindow), hour); err != nil || w.Rounded() || !w.Span.Until.Equal(hour) {
		t.Errorf("until now, on the hour: %+v, %v", w, err)
	}
	if _, err = CustomWindow(now, now.Add(-longestWindow), now); err != nil {
		t.Error("two years until now: ", err)
	}
	for _, wrong := range [][2]string{{"2026-03-10 10:00", "2026-03-10 10:00"}, {"2026-03-15 10:00", "2026-03-16 10:00"},
		{"2023-03-10 10:00", "2026-03-10 10:00"}} {
		if w, err := CustomWindow(now, at(wrong[0]), at(wrong[1])); err == nil {
			t.Errorf("%v is taken: %+v", wrong, w)
		}
	}
}

// A quarter of an hour is missed when part of a gap lies in it, however long, many and beside each other the gaps are.
func TestQuartersWithGapsAreMissed(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		span := store.Span{From: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)}
		moment := func(name string) time.Time {
			at := span.From.Add(time.Duration(rapid.Int64Range(-60, 420).Draw(r, name)) * time.Minute)
			return at.Add(time.Duration(rapid.IntRange(-1, 1).Draw(r, "beside")))
		}
		var gaps []Gap
		for range rapid.IntRange(0, 8).Draw(r, "gaps") {
			from, until := moment("from"), moment("until")
			gaps = append(gaps, Gap{From: minTime(from, until), To: maxTime(from, until)})
		}
		missed := missedIn(span, gaps)
		for at := span.From; at.Before(span.Until); at = at.Add(moderation.Bucket) {
			next := at.Add(moderation.Bucket)
			want := slices.ContainsFunc(gaps, func(g Gap) bool { return g.From.Before(next) && g.To.After(at) })
			if got := missed.in(at, next); got != int64(bitOf(want)) {
				r.Fatalf("at %v: %d missed, want %t: %v", at, got, want, gaps)
			}
		}
	})
}
