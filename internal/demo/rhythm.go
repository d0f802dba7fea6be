package demo

import (
	"math"
	"math/rand/v2"
	"time"
)

// rhythm is how busy a guild is over the hours of its own day: 1 on the mean of a week.
type rhythm struct {
	zone    *time.Location
	peak    float64
	weekend float64
	scale   float64
}

func newRhythm(p plan, zone *time.Location) rhythm {
	r := rhythm{zone: zone, peak: float64(p.peak), weekend: p.weekend, scale: 1}
	var sum float64
	week := time.Date(2024, 1, 1, 0, 0, 0, 0, zone) // a Monday
	for h := range 7 * 24 {
		sum += r.at(week.Add(time.Duration(h) * time.Hour))
	}
	r.scale = 7 * 24 / sum
	return r
}

func (r rhythm) at(t time.Time) float64 {
	local := t.In(r.zone)
	hour := float64(local.Hour()) + float64(local.Minute())/60
	busy := 0.12 + math.Pow((1+math.Cos(2*math.Pi*(hour-r.peak)/24))/2, 1.6)
	if day := local.Weekday(); day == time.Saturday || day == time.Sunday {
		busy *= r.weekend
	}
	return busy * r.scale
}

// moment picks a time between from and until that follows the rhythm.
func (r rhythm) moment(random *rand.Rand, from, until time.Time) time.Time {
	span := float64(until.Sub(from))
	for {
		t := from.Add(time.Duration(random.Float64() * span))
		if random.Float64()*3.2 < r.at(t) {
			return t.Truncate(time.Millisecond)
		}
	}
}

// poisson draws how often something happens whose mean is given; above 40 the bell curve is close enough.
func poisson(random *rand.Rand, mean float64) int64 {
	if mean > 40 {
		return int64(math.Max(0, math.Round(mean+random.NormFloat64()*math.Sqrt(mean))))
	}
	var n int64
	for p := random.Float64(); p > math.Exp(-mean); p *= random.Float64() {
		n++
	}
	return n
}
