package stats

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

const (
	shownGaps = 20
	// readGaps is how many gaps may mark hours: more in one period, and the oldest hours show none.
	readGaps = 200
)

// hours gives 24 clock hours, oldest first, the running one last, each marked where a gap lies in it.
func hours(snapshot *store.Snapshot, guild snowflake.GuildID, now time.Time, gaps []moderation.Gap) []Hour {
	day := dayOf(now)
	list := make([]Hour, 24)
	for i := range list {
		list[i].Start = day.From.Add(time.Duration(i) * time.Hour)
		end := list[i].Start.Add(time.Hour)
		for _, gap := range gaps {
			list[i].Gap = list[i].Gap || gap.From.Before(end) && gap.To.After(list[i].Start)
		}
	}
	for _, bucket := range snapshot.Buckets(guild, day) {
		hour := &list[bucket.Start.Sub(day.From)/time.Hour]
		hour.Messages += bucket.Messages
		hour.Commands += bucket.Commands
		hour.Joins += bucket.Joins
		hour.Leaves += bucket.Leaves
		hour.Actions += bucket.Actions
		hour.Violations += bucket.Violations
	}
	return list
}

// latency is the average heartbeat of a span in milliseconds and its change from the one before.
func latency(snapshot *store.Snapshot, current, previous store.Span, why, whyNot string) Figure {
	now, before := snapshot.Latency(current), snapshot.Latency(previous)
	if now.Count == 0 {
		return Figure{Why: why, Change: Unknown(why)}
	}
	figure := Figure{Value: average(now), Known: true, Change: Unknown(whyNot)}
	if before.Count > 0 {
		figure.Change = Compare(figure.Value, average(before))
	}
	return figure
}

func average(l moderation.Latency) float64 {
	return float64(l.Sum) / float64(l.Count) / float64(time.Millisecond)
}
