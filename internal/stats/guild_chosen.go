package stats

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// There is no end of chosen times, so no shelf keeps a part of one: they are read from the snapshot that the other parts are
// checked against, and the whole is kept for as long as nothing changes.

// mostTargets is up to how many actions of a chosen time are gone through for whom most was done to: they take 0.25 s.
const mostTargets = 750_000

const tooMany = "more than 750,000 actions were taken in it, choose a shorter one"

// chosen is what else has to be known of a chosen time, because it may lie anywhere.
type chosen struct {
	unseen   string           // why nothing of it was watched; empty: something was
	rowsFrom time.Time        // rows from before were deleted; zero: none were
	gaps     []moderation.Gap // that overlap it
	tooMany  bool             // more than mostTargets
}

// choose reads the parts of a chosen time.
func (p *guildParts) choose(g *gathering, guild snowflake.GuildID, w Window) {
	if g.fill == nil {
		g.missing = true
		return
	}
	now := g.fill.Snapshot
	past := pastIn(now, guild, w.Span, w.Previous)
	p.past, p.kinds = lone(past), lone(kindsIn(now, guild, w.Span))
	p.latency = lone(beatsIn(now, w.Span, w.Previous))
	p.offenders = lone(now.OffendersIn(guild, w.Span, shownTargets))
	p.gaps = lone(gapsIn(now, guild, dayOf(g.now), g.now))
	read := analysisOf(now, p.profile.value.Profile, g.now, w)
	c := chosen{unseen: read.unseen(), rowsFrom: read.rowsFrom, gaps: read.missed(shownGaps),
		tooMany: past.totals.actions.Total() > mostTargets}
	p.targets = lone[[]store.Target](nil)
	if !c.tooMany {
		p.targets = lone(now.TargetsIn(guild, w.Span, shownTargets))
	}
	p.chosen = lone(c)
}

// lone is a part that no shelf keeps.
func lone[V any](value V) *part[V] { return &part[V]{value: value} }

// choose says of a chosen time what a period need not be told: what is not known of it.
func (g *Guild) choose(c *chosen) {
	g.Gaps = c.gaps
	nothing := g.Messages.Value+g.Commands.Value+g.Joins.Value+g.Leaves.Value+g.Violations.Value+g.Actions.Value == 0
	switch window := g.Window.Span; {
	case nothing && c.unseen != "":
		g.Unknown, g.NoRows = c.unseen, c.unseen
		g.unknow(c.unseen)
	case !c.rowsFrom.Before(window.Until): // but for kicks and bans, which stay
		g.NoRows, g.RowsFrom = rowsGone, c.rowsFrom
	case c.rowsFrom.After(window.From):
		g.RowsFrom = c.rowsFrom
	}
	if c.tooMany && g.NoRows == "" {
		g.TooMany = tooMany
	}
}

// unknow takes back figures of a time of which nothing is known: they are not zero.
func (f *Figures) unknow(why string) {
	for _, figure := range []*Figure{&f.Messages, &f.Commands, &f.Joins, &f.Leaves, &f.Violations, &f.Rate, &f.Actions,
		&f.ResponseMedian, &f.ResponseP95} {
		*figure = Figure{Why: why, Change: Unknown(why)}
	}
}
