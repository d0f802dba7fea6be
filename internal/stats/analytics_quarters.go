package stats

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/store"
)

// quarters are counts by the quarter of an hour, of a whole span: sums[i] is what lies before its i-th quarter, so that
// any part of it is one subtraction.
type quarters struct {
	from time.Time
	sums []int64
}

// quartersOf adds up a span.
func quartersOf(span store.Span, each func(add func(at time.Time, n int64))) quarters {
	q := quarters{span.From, make([]int64, 1+max(0, span.Length()/moderation.Bucket))}
	each(func(at time.Time, n int64) {
		if i := q.index(at); i >= 0 && i < len(q.sums)-1 {
			q.sums[i+1] += n
		}
	})
	for i := 1; i < len(q.sums); i++ {
		q.sums[i] += q.sums[i-1]
	}
	return q
}

func (q quarters) index(at time.Time) int { return int(at.Sub(q.from) / moderation.Bucket) }

// in is how many there were in a span whose ends lie on quarters; what lies outside is not known and counts as none.
func (q quarters) in(from, until time.Time) int64 {
	last := len(q.sums) - 1
	return q.sums[min(max(q.index(until), 0), last)] - q.sums[min(max(q.index(from), 0), last)]
}

// backTo is the quarter at which the end of a span begins that has at most so many.
func (q quarters) backTo(span store.Span, most int64) time.Time {
	from := span.Until
	for from.After(span.From) && q.in(from.Add(-moderation.Bucket), span.Until) <= most {
		from = from.Add(-moderation.Bucket)
	}
	return from
}

// localClock walks through the quarters of an hour of a span on a zone's clock. Zones turn on quarters, so each has one
// offset; asking for it again at each quarter takes most of the time otherwise.
type localClock struct {
	zone   *time.Location
	from   time.Time // the offset holds from here
	until  time.Time // to here
	offset int64     // seconds east of UTC
}

// hour gives the day of the week, Monday 0, the hour of the day, and a number that two quarters share when they belong
// to the same hour of the same day, and it is not the second one that the clocks show when they are put back.
func (c *localClock) hour(at time.Time) (weekday, hour int, same int64) {
	if at.Before(c.from) || !at.Before(c.until) {
		_, offset := at.In(c.zone).Zone()
		c.offset = int64(offset)
		c.from, c.until = at.In(c.zone).ZoneBounds()
		if c.until.IsZero() {
			c.until = at.AddDate(1000, 0, 0)
		}
	}
	local := at.Unix() + c.offset
	days := floorDiv(local, 86400)
	return int(((days+3)%7 + 7) % 7), int(floorDiv(local, 3600) - days*24), floorDiv(local, 3600)<<20 + c.offset
}

func floorDiv(a, b int64) int64 {
	if a < 0 {
		return (a - b + 1) / b
	}
	return a / b
}
