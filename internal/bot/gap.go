package bot

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

const (
	gapLength = 15 * time.Second // a longer burst makes several gaps, so that a crash forgets little
	gapGuilds = 1000             // with open gaps at a time; others count for the whole instance
)

// gapBook collects gaps until they are over.
type gapBook struct {
	over []moderation.Gap
	open map[gapKey]*openGap
}

type gapKey struct {
	guild  snowflake.GuildID
	reason string
}

// Why events are given up, in plain words.
const (
	gapBurst  = "a burst was larger than the queue"
	gapBroken = "an event could not be handled"
	gapCases  = "not every broken rule could be recorded"
)

type openGap struct {
	moderation.Gap
	fresh bool // grew since the last look
}

func (b *gapBook) add(gap moderation.Gap) { b.over = append(b.over, gap) }

// shed notes one event that was given up.
func (b *gapBook) shed(guild snowflake.GuildID, at time.Time, reason string) {
	b.miss(guild, at, at, 1, reason)
}

// miss notes that so many things were given up in a time.
func (b *gapBook) miss(guild snowflake.GuildID, from, to time.Time, n int64, reason string) {
	if b.open == nil {
		b.open = map[gapKey]*openGap{}
	}
	key := gapKey{guild, reason}
	gap := b.open[key]
	if gap == nil && len(b.open) >= gapGuilds {
		key.guild = 0
		gap = b.open[key]
	}
	if gap == nil {
		gap = &openGap{Gap: moderation.Gap{Guild: key.guild, From: from, Reason: reason}}
		b.open[key] = gap
	}
	if from.Before(gap.From) {
		gap.From = from
	}
	if end := to.Add(time.Millisecond); end.After(gap.To) { // half-open
		gap.To = end
	}
	gap.Dropped += n
	gap.fresh = true
}

// take hands out the gaps that are over; with all, also those that still grow.
func (b *gapBook) take(all bool) []moderation.Gap {
	for key, gap := range b.open {
		if all || !gap.fresh || gap.To.Sub(gap.From) >= gapLength {
			b.over = append(b.over, gap.Gap)
			delete(b.open, key)
		}
		gap.fresh = false
	}
	over := b.over
	b.over = nil
	return over
}
