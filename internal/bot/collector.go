package bot

import (
	"context"
	"time"

	"guildwatch/internal/moderation"
)

// collector commits what the lanes have counted. It belongs to one goroutine.
type collector struct {
	in      *intake
	pending *mark               // on its way through the lanes
	carry   *moderation.Tally   // counted, not yet committed
	gaps    []moderation.Gap    // over, not yet recorded
	lost    []*loss             // sessions that are gone, not yet recorded
	flushed moderation.Position // the last committed
	failing bool
}

// run commits once a second until ctx ends. A second in which a lane has not reached its mark is skipped.
func (c *collector) run(ctx context.Context) {
	tick := time.NewTicker(c.in.pace.flush)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.commit(ctx, false)
		case <-ctx.Done():
			return
		}
	}
}

// commit waits for a mark to pass all lanes, and for the desk to have recorded what they found before it, then records gaps, counters and position. What fails is kept for the next
// time.
func (c *collector) commit(ctx context.Context, last bool) {
	defer recovered(c.in.log, "saving counters", func() {})
	if c.pending == nil {
		m, gaps, lost := c.in.mark(last)
		c.pending, c.gaps, c.lost = m, append(c.gaps, gaps...), append(c.lost, lost...)
	}
	select {
	case <-c.pending.done:
	case <-ctx.Done():
		return
	}
	// What the lanes have filed before they met the mark is behind it until the ledger has it.
	if c.in.desk.Settled(ctx) != nil {
		return
	}
	c.gaps = append(c.gaps, c.in.unrecorded(last)...)
	at := c.pending.at
	c.carry.Merge(c.pending.tally)
	c.pending = nil
	if err := c.write(ctx, at); err != nil {
		if !c.failing {
			c.in.log.Error("counters could not be saved; trying again every second", "err", err)
		}
		c.failing = true
		return
	}
	if c.failing {
		c.in.log.Info("counters are saved again")
	}
	c.failing = false
}

// finish commits for the last time: the mark that run left behind, and one behind everything.
func (c *collector) finish(ctx context.Context) {
	if c.pending != nil {
		c.commit(ctx, false)
	}
	c.commit(ctx, true)
}

func (c *collector) write(ctx context.Context, at moderation.Position) error {
	switch {
	case len(c.lost) > 0 && at.Session == "":
		if err := c.in.ledger.Lose(ctx, c.carry, c.lost[len(c.lost)-1].gap, c.gaps...); err != nil {
			return err
		}
	case c.carry.Empty() && len(c.gaps) == 0 && (at == c.flushed || at.Session == ""):
		return nil
	default:
		// Where the next session began before the loss could be saved, nobody knows any more what is counted of the
		// messages of which session: the gap is recorded, and nothing is read back.
		if err := c.in.ledger.Flush(ctx, c.carry, at, c.gaps...); err != nil {
			return err
		}
	}
	for _, l := range c.lost {
		close(l.settled)
	}
	if len(c.gaps) > 0 && c.in.planned != nil {
		c.in.planned() // once a gap is over, reading back begins
	}
	c.in.recorded.Add(int64(len(c.gaps)))
	c.in.commits.Add(1)
	c.carry, c.gaps, c.lost, c.flushed = moderation.NewTally(), nil, nil, at
	return nil
}

// mark puts a mark into every lane, behind all that was accepted so far.
func (in *intake) mark(last bool) (*mark, []moderation.Gap, []*loss) {
	in.mu.Lock()
	defer in.mu.Unlock()
	m := &mark{at: in.at, done: make(chan struct{}), waiting: len(in.lanes), tally: in.tally}
	in.tally = moderation.NewTally()
	for _, l := range in.lanes {
		l.push(item{kind: kindMade, mark: m})
	}
	lost := in.lost
	in.lost = nil
	return m, in.gaps.take(last), lost
}
