package stats

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/store"
)

// runningOf is the bucket that is running.
func runningOf(now time.Time) store.Span {
	from := moderation.BucketOf(now)
	return store.Span{From: from, Until: from.Add(moderation.Bucket)}
}

// over is the part of a span whose buckets are over.
func over(span store.Span, now time.Time) store.Span {
	return store.Span{From: span.From, Until: moderation.BucketOf(now)}
}

// beats are the heartbeats of a time and of the one before.
type beats struct{ current, previous moderation.Latency }

func beatsIn(snapshot *store.Snapshot, current, previous store.Span) beats {
	return beats{snapshot.Latency(current), snapshot.Latency(previous)}
}

// plus adds counts of one time to those of another, in a map of its own: parts are shared.
func plus[K comparable](a, b map[K]int64) map[K]int64 {
	sums := make(map[K]int64, len(a))
	for _, counts := range []map[K]int64{a, b} {
		for key, n := range counts {
			sums[key] += n
		}
	}
	return sums
}
