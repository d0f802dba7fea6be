package stats

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/store"
)

const (
	shownGaps = 20
	// readGaps is how many gaps may mark hours: more in one period, and the oldest hours show none.
	readGaps = 200
)

// hours gives 24 clock hours, oldest first, the running one last, each marked where a gap lies in it, from the day's
// finished buckets and the running one.
func hours(now time.Time, gaps []moderation.Gap, finished []store.BucketCounts, running store.BucketCounts) []Hour {
	day := dayOf(now)
	list := make([]Hour, 24)
	for i := range list {
		list[i].Start = day.From.Add(time.Duration(i) * time.Hour)
		end := list[i].Start.Add(time.Hour)
		for _, gap := range gaps {
			list[i].Gap = list[i].Gap || gap.From.Before(end) && gap.To.After(list[i].Start)
		}
	}
	add := func(bucket *store.BucketCounts) {
		hour := &list[bucket.Start.Sub(day.From)/time.Hour]
		hour.Messages += bucket.Messages
		hour.Commands += bucket.Commands
		hour.Joins += bucket.Joins
		hour.Leaves += bucket.Leaves
		hour.Actions += bucket.Actions
		hour.Violations += bucket.Violations
	}
	for i := range finished {
		add(&finished[i])
	}
	add(&running)
	return list
}

// latency is the average heartbeat of a time in milliseconds and its change from the one before; running is what the
// running bucket adds.
func latency(past beats, running moderation.Latency, why, whyNot string) Figure {
	now := moderation.Latency{Count: past.current.Count + running.Count, Sum: past.current.Sum + running.Sum}
	if now.Count == 0 {
		return Figure{Why: why, Change: Unknown(why)}
	}
	figure := Figure{Value: average(now), Known: true, Change: Unknown(whyNot)}
	if past.previous.Count > 0 {
		figure.Change = Compare(figure.Value, average(past.previous))
	}
	return figure
}

func average(l moderation.Latency) float64 {
	return float64(l.Sum) / float64(l.Count) / float64(time.Millisecond)
}
