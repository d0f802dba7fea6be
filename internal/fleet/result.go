package fleet

import (
	"slices"
	"time"
)

// Result is what the readers of one count saw.
type Result struct {
	Received, Lost, Doubled int
	P50, P99, Max           float64 // milliseconds from a mark's moment until its bytes were read
	PerSecond               float64 // received, between the first mark's moment and the last reading
}

// count is a result in the making.
type count struct {
	received, doubled int
	samples           []int32 // microseconds
	first, last       time.Time
}

// note takes in a mark of the given moment that was read now.
func (c *count) note(at int64, now time.Time) {
	c.received++
	c.samples = append(c.samples, int32((now.UnixNano()-at)/1000))
	if c.first.IsZero() {
		c.first = time.Unix(0, at)
	}
	c.last = now
}

func (c *count) result(want int) Result {
	r := Result{Received: c.received, Lost: want - c.received, Doubled: c.doubled}
	if c.received == 0 {
		return r
	}
	slices.Sort(c.samples)
	at := func(q float64) float64 { return float64(c.samples[int(q*float64(len(c.samples)-1))]) / 1000 }
	r.P50, r.P99, r.Max = at(0.5), at(0.99), at(1)
	r.PerSecond = float64(c.received) / c.last.Sub(c.first).Seconds()
	return r
}
