package stats

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/store"
)

// windows gives the period of a length that ends now, and the one before it. Counters know nothing shorter than a
// bucket, so the period starts on the bucket in which a moment so long ago lies, and the one before it is as long to
// the nearest bucket: comparing 74 minutes with 60 would show quiet hours as growth.
func windows(now time.Time, length time.Duration) (current, previous store.Span) {
	since := moderation.BucketOf(now.Add(-length))
	until := moderation.BucketOf(now).Add(moderation.Bucket) // the running bucket belongs to it
	before := since.Add(-now.Sub(since).Round(moderation.Bucket))
	return store.Span{From: since, Until: until}, store.Span{From: before, Until: since}
}

// monthOf gives the UTC calendar month that lies back months before now.
func monthOf(now time.Time, back int) store.Span {
	year, month, _ := now.UTC().Date()
	first := time.Date(year, month-time.Month(back), 1, 0, 0, 0, 0, time.UTC)
	return store.Span{From: first, Until: first.AddDate(0, 1, 0)}
}

// dayOf gives the 24 clock hours that end with the running one.
func dayOf(now time.Time) store.Span {
	last := now.UTC().Truncate(time.Hour)
	return store.Span{From: last.Add(-23 * time.Hour), Until: last.Add(time.Hour)}
}

// history says from when on figures are whole; the zero time where there are none at all.
type history time.Time

// historyOf is the history of what began at a moment: none in the bucket that is running, in which the first thing of all
// drops no part of pages that says there is none.
func historyOf(now, began time.Time) history {
	if !began.Before(moderation.BucketOf(now)) {
		return history{}
	}
	return history(began)
}

// covers says whether all of a span was watched.
func (h history) covers(span store.Span) bool {
	return !time.Time(h).IsZero() && !time.Time(h).After(span.From)
}

// compare is the change from the figure of an earlier span, if all of that span was watched.
func (h history) compare(current, previous float64, of store.Span, why string) Change {
	if !h.covers(of) {
		return Unknown(why)
	}
	return Compare(current, previous)
}

// needs says what a comparison with the previous period waits for.
func (p Period) needs() string {
	return map[Period]string{PeriodHour: "needs two hours of history", PeriodDay: "needs two days of history",
		PeriodWeek: "needs two weeks of history", PeriodMonth: "needs two months of history"}[p]
}

// needsMonth is why a comparison with the last calendar month is not there yet.
const needsMonth = "needs a month of history"
