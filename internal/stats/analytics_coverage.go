package stats

import (
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/store"
)

// coverage is what keeps a guild's figures from being whole.
type coverage struct {
	over    []Gap // the newest first
	running []Gap // To is zero
}

// gapsRead is how many gaps of a window and of the weeks before are looked at, the newest: 20 a day over a month and what is
// usual then. Reading so many takes 5 ms.
const gapsRead = 2000

// coverage collects when events may have been missed in all that is read for the window: gaps, and times when Discord could
// not reach the guild or the bot was not in it. What is older than as many gaps as are looked at counts as one.
func (a *analysis) coverage() *coverage {
	if a.covered != nil {
		return a.covered
	}
	c, span := &coverage{}, a.read()
	a.covered = c
	c.over = a.Gaps(a.guild, span, gapsRead)
	if n := len(c.over); n == gapsRead {
		c.over = append(c.over, Gap{Guild: a.guild, From: span.From, To: c.over[n-1].From,
			Reason: "there are too many gaps to look at those before"})
	}
	for _, absence := range a.Absences(a.guild) {
		if absence.Until.After(span.From) {
			c.over = append(c.over, Gap{Guild: a.guild, From: absence.From, To: absence.Until,
				Reason: "guildwatch was not in the server"})
		}
	}
	slices.SortStableFunc(c.over, func(x, y Gap) int { return y.To.Compare(x.To) })
	c.running = a.OpenGaps(a.guild)
	if !a.outage.IsZero() {
		c.running = append(c.running, Gap{Guild: a.guild, From: a.outage, Reason: unreachable})
	}
	return c
}

// missedIn has one for each quarter of an hour of a span in which events may have been missed.
func missedIn(span store.Span, gaps []Gap) quarters {
	q := quarters{span.From, make([]int64, 1+max(0, span.Length()/moderation.Bucket))}
	last := len(q.sums) - 1
	for _, gap := range gaps {
		from, until := q.index(maxTime(gap.From, span.From)), q.index(minTime(gap.To, span.Until).Add(moderation.Bucket-1))
		if from < min(until, last) { // from where on there is one gap more, and from where on one less
			q.sums[from]++
			q.sums[min(until, last)]--
		}
	}
	missed := int64(0) // quarters before the next one
	for i, open := 0, int64(0); i <= last; i++ {
		open += q.sums[i]
		q.sums[i] = missed
		missed += int64(bitOf(open > 0))
	}
	return q
}

const unreachable = "Discord cannot reach the server"

// gaps are all of them, those that have not ended to the end of the running quarter, and what of a span was before guildwatch
// watched.
func (c *coverage) gaps(now time.Time, span store.Span, begun time.Time) []Gap {
	list := slices.Clone(c.over)
	for _, gap := range c.running {
		gap.To = runningOf(now).Until
		list = append(list, gap)
	}
	if begun.After(span.From) {
		list = append(list, Gap{From: span.From, To: minTime(begun, span.Until)})
	}
	return list
}

// missed lists the gaps that overlap the window, the newest first, at most so many.
func (a *analysis) missed(most int) (list []Gap) {
	span := a.window.Span
	for _, gap := range a.coverage().gaps(a.now, span, time.Time{}) {
		if gap.From.Before(span.Until) && gap.To.After(span.From) {
			list = append(list, gap)
		}
	}
	slices.SortStableFunc(list, func(x, y Gap) int { return y.To.Compare(x.To) })
	return list[:min(most, len(list))]
}

// begunAt is the quarter of an hour from which on a guild was watched: since its first figure, or since the bot was in it and
// guildwatch ran; the running one where there is neither yet.
func begunAt(now, beat, guild, joined time.Time) time.Time {
	begun := now
	if !beat.IsZero() {
		begun = maxTime(beat, joined)
	}
	if !guild.IsZero() {
		begun = minTime(begun, guild)
	}
	return moderation.BucketOf(begun)
}

// notWatched is why there is no figure of a time before guildwatch watched.
const notWatched = "guildwatch did not watch yet"

// allMissed is why there is no figure of a time that lies in a gap.
const allMissed = "events may have been missed all of this time"

// rowsGone is why there is no figure of a time whose rows were deleted.
const rowsGone = "the rows of that time have been deleted"

// rows says from when on what is told by rows is whole: they are deleted after as long as the guild keeps them.
func (a *analysis) rows() history {
	if from := a.rowsFrom; a.watched.covers(store.Span{From: from}) {
		return history(from)
	}
	return a.watched
}

// unseen says why nothing can be known of the window; empty: some of it was watched.
func (a *analysis) unseen() string {
	span := a.window.Span
	if !a.begun.Before(span.Until) {
		return notWatched
	}
	until := minTime(span.Until, runningOf(a.now).Until) // whole quarters: between two of them a kept page stays right
	if slices.ContainsFunc(a.coverage().gaps(a.now, span, a.begun), func(gap Gap) bool {
		return !gap.From.After(span.From) && !gap.To.Before(until)
	}) {
		return allMissed
	}
	return ""
}

// unknown says why nothing is known of the window that only rows tell; empty: something is.
func (a *analysis) unknown() string {
	if !a.rowsFrom.Before(a.window.Span.Until) && a.begun.Before(a.window.Span.Until) {
		return rowsGone
	}
	return a.unseen()
}
