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

// coverage collects when events may have been missed in the window and since a moment before it: gaps, and times when Discord
// could not reach the guild or the bot was not in it.
func (a *analysis) coverage(since time.Time) (c coverage) {
	c.over = a.Gaps(a.guild, store.Span{From: since, Until: a.window.Span.Until}, readGaps)
	for _, absence := range a.Absences(a.guild) {
		if absence.Until.After(since) {
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

const unreachable = "Discord cannot reach the server"

// gaps are all of them, those that have not ended to the end of the running quarter, and what of a span was before guildwatch
// watched.
func (c coverage) gaps(now time.Time, span store.Span, begun time.Time) []Gap {
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

// rowsGone is why there is no figure of a time whose rows were deleted.
const rowsGone = "the rows of that time have been deleted"

// rows says from when on what is told by rows is whole: they are deleted after as long as the guild keeps them.
func (a *analysis) rows() history {
	if from := a.rowsFrom; a.watched.covers(store.Span{From: from}) {
		return history(from)
	}
	return a.watched
}

// unknown says why nothing is known of the window that only rows tell; empty: something is.
func (a *analysis) unknown() string {
	switch until := a.window.Span.Until; {
	case !a.begun.Before(until):
		return notWatched
	case !a.rowsFrom.Before(until):
		return rowsGone
	}
	return ""
}
