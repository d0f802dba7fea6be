package stats

import (
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/store"
)

// Step is how long a point of a series is.
type Step string

// The steps.
const (
	StepQuarter Step = "quarter" // of an hour
	StepHour    Step = "hour"    // on the clock of the guild's zone
	StepDay     Step = "day"     // in the guild's zone
	StepWeek    Step = "week"    // in the guild's zone, from Monday on
)

// Series is how many violations there were, point by point, beside what was usual at the same time of earlier weeks.
type Series struct {
	Step   Step
	Points []Point // oldest first; the first and the last may be shorter than a step
	// Few is the same time in at most FewPoints points, each of so many of Points, but for the last; for a narrow screen.
	Few   []Point
	Weeks int // how many earlier weeks the best known point is compared with
}

// FewPoints is how many points fit on a phone as marks that a finger's width tells apart.
const FewPoints = 31

// Point is one step of a series. Its ends lie on quarters of an hour.
type Point struct {
	From, Until time.Time
	Violations  int64
	Missed      bool // events may have been missed
	Running     bool
	Usual       Usual
}

// Usual is what the same time of the week was like in the weeks before: half of them were from Low to High. A week in
// which it was not watched, or in which events may have been missed then, is left out.
type Usual struct {
	Known             bool // at least needWeeks weeks are known
	Weeks             int
	Low, Median, High float64
}

const (
	usualWeeks = 8 // how many weeks are looked at
	// NeedWeeks is how many weeks there must be for anything to be called usual.
	NeedWeeks = 3
	// longestUsual is the longest point that is compared with the same time of earlier weeks: those of a longer one would
	// lie in each other, and in itself. A week has 169 hours when the clocks are put back.
	longestUsual = 169 * time.Hour
)

// stepOf is the step that gives a window some 20 to 170 points.
func stepOf(span store.Span) Step {
	switch length := span.Length(); {
	case length <= 3*time.Hour:
		return StepQuarter
	case length <= 8*24*time.Hour:
		return StepHour
	case length <= 120*24*time.Hour:
		return StepDay
	}
	return StepWeek
}

// usualSpan is what has to be read for a window's series: the window and the weeks before.
func usualSpan(span store.Span, zone *time.Location) store.Span {
	before := moderation.BucketOf(span.From.In(zone).AddDate(0, 0, -7*usualWeeks)).Add(-time.Hour)
	return store.Span{From: before, Until: span.Until}
}

// seriesOf cuts a window into points. counts and missed must have usualSpan.
func seriesOf(
	span store.Span, zone *time.Location, now time.Time, counts quarters, watched history, missed quarters,
) Series {
	s := Series{Step: stepOf(span)}
	point := func(from, until time.Time) Point {
		p := Point{From: from, Until: until, Violations: counts.in(from, until), Running: until.After(now),
			Missed: missed.in(from, until) > 0}
		var earlier []int64
		for week := 1; week <= usualWeeks && until.Sub(from) <= longestUsual; week++ {
			begin, end := s.Step.before(from, until, zone, week)
			if watched.covers(store.Span{From: begin}) && missed.in(begin, end) == 0 {
				earlier = append(earlier, counts.in(begin, end))
			}
		}
		p.Usual = usualOf(earlier)
		return p
	}
	for from := span.From; from.Before(span.Until); {
		until := minTime(s.Step.after(from, zone), span.Until)
		s.Points = append(s.Points, point(from, until))
		s.Weeks = max(s.Weeks, s.Points[len(s.Points)-1].Usual.Weeks)
		from = until
	}
	each := (len(s.Points) + FewPoints - 1) / FewPoints
	if each <= 1 {
		s.Few = s.Points
		return s
	}
	for i := 0; i < len(s.Points); i += each {
		s.Few = append(s.Few, point(s.Points[i].From, s.Points[min(i+each, len(s.Points))-1].Until))
	}
	return s
}

// before is where a point lies so many weeks earlier. Days begin and end when those did by the clock, also where one of
// them has 23 or 25 hours. Hours are as long as those then: the clock may show theirs twice, or not at all.
func (s Step) before(from, until time.Time, zone *time.Location, weeks int) (begin, end time.Time) {
	begin, end = weeksBefore(from, zone, weeks), weeksBefore(until, zone, weeks)
	if s == StepQuarter || s == StepHour || !end.After(begin) {
		end = begin.Add(until.Sub(from))
	}
	return begin, end
}

// weeksBefore is the same time on the clock so many weeks earlier, on a quarter of an hour. Where a day begins, it is where
// the day then began, also in a night without a midnight.
func weeksBefore(at time.Time, zone *time.Location, weeks int) time.Time {
	if date := dateOf(at, zone); moderation.Dawn(date, zone).Equal(at) {
		return moderation.BucketOf(moderation.Dawn(date.AddDate(0, 0, -7*weeks), zone))
	}
	return moderation.BucketOf(at.In(zone).AddDate(0, 0, -7*weeks))
}

// after is where the step that contains a moment ends: later than the moment.
func (s Step) after(at time.Time, zone *time.Location) time.Time {
	date := dateOf(at, zone)
	switch s {
	case StepQuarter:
		return moderation.BucketOf(at).Add(moderation.Bucket)
	case StepDay:
		return moderation.BucketOf(moderation.Dawn(date.AddDate(0, 0, 1), zone))
	case StepWeek:
		return moderation.BucketOf(moderation.Dawn(date.AddDate(0, 0, 7-(int(date.Weekday())+6)%7), zone))
	}
	// The clocks may be put forward or back by half an hour in between: go on until they show a whole hour.
	next := moderation.BucketOf(at).Add(moderation.Bucket)
	for next.In(zone).Minute() != 0 && next.Sub(at) < 2*time.Hour {
		next = next.Add(moderation.Bucket)
	}
	return next
}

// dateOf is the date that a zone's calendar shows, as midnight in UTC: on a zone's own clock a date may have no midnight.
func dateOf(at time.Time, zone *time.Location) time.Time {
	year, month, day := at.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// usualOf sums up the weeks before.
func usualOf(earlier []int64) Usual {
	u := Usual{Weeks: len(earlier), Known: len(earlier) >= NeedWeeks}
	if !u.Known {
		return u
	}
	slices.Sort(earlier)
	u.Low, u.Median, u.High = quantile(earlier, 0.25), quantile(earlier, 0.5), quantile(earlier, 0.75)
	return u
}

// quantile lies between the two nearest of sorted numbers.
func quantile(sorted []int64, part float64) float64 {
	at := part * float64(len(sorted)-1)
	low := int(at)
	if low+1 >= len(sorted) {
		return float64(sorted[len(sorted)-1])
	}
	return float64(sorted[low]) + (at-float64(low))*float64(sorted[low+1]-sorted[low])
}
