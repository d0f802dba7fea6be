package stats

import (
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/store"
)

// PeriodCustom is a time that somebody has chosen. It is none of Periods.
const PeriodCustom Period = "custom"

// longestWindow bounds what can be chosen: two years are 730 sheets of each source.
const longestWindow = 731 * 24 * time.Hour

// Window is the time that figures are of, and the time before it, which is as long. Counters know nothing shorter than
// a quarter of an hour, so all ends lie on quarters.
type Window struct {
	Period   Period
	Span     store.Span
	Previous store.Span
	Asked    store.Span // of PeriodCustom: the time that was chosen
}

// Rounded says whether the window begins or ends at another moment than was asked for. That of a period begins with the quarter
// in which a moment so long ago lies.
func (w Window) Rounded() bool {
	return w.Period != PeriodCustom || !w.Asked.From.Equal(w.Span.From) || !w.Asked.Until.Equal(w.Span.Until)
}

// Last is a period that ends whenever figures of it are asked for.
func Last(period Period) Window { return Window{Period: period} }

// WindowOf is the window of a period that ends now: the same as that of the dashboard. It answers a fault of kind
// Invalid for an unknown period.
func WindowOf(now time.Time, period Period) (Window, error) {
	if period.Length() == 0 {
		return Window{}, fault.New(fault.Invalid, "There is no such period: choose hour, day, week or month.")
	}
	current, previous := windows(now, period.Length())
	return Window{Period: period, Span: current, Previous: previous}, nil
}

// CustomWindow is the window between two moments: widened to whole quarters of an hour, and ending with the running one
// where it would end later. It answers a fault of kind Invalid for one that is empty, has not begun, or is longer than
// two years.
func CustomWindow(now, from, until time.Time) (Window, error) {
	running := runningOf(now)
	switch {
	case !from.Before(now):
		return Window{}, fault.New(fault.Invalid, "This time has not begun yet.")
	case !from.Before(until):
		return Window{}, fault.New(fault.Invalid, "The time must begin before it ends.")
	case minTime(until, running.Until).Sub(from) > longestWindow:
		return Window{}, fault.New(fault.Invalid, "Choose at most two years at a time.")
	}
	asked := store.Span{From: from.UTC(), Until: until.UTC()}
	if !until.Before(now) && until.After(running.From) { // nothing can be counted between now and then
		asked.Until = running.Until
	}
	span := store.Span{From: moderation.BucketOf(asked.From), Until: moderation.BucketOf(asked.Until)}
	if span.Until.Before(asked.Until) {
		span.Until = span.Until.Add(moderation.Bucket)
	}
	w := chosenWindow(now, span)
	w.Asked = asked
	return w, nil
}

// chosenWindow is a window between two quarters of an hour. While it is not over, the time before is as long as it has gone on
// so far, to the nearest quarter: comparing 62 minutes with 75 would show busy hours as a decline.
func chosenWindow(now time.Time, span store.Span) Window {
	length := max(minTime(span.Until, now).Sub(span.From).Round(moderation.Bucket), moderation.Bucket)
	return Window{Period: PeriodCustom, Span: span, Previous: store.Span{From: span.From.Add(-length), Until: span.From}}
}

// needs says what a comparison with the time before waits for.
func (w Window) needs() string {
	if w.Period == PeriodCustom {
		return "the time before was not watched"
	}
	return w.Period.needs()
}
