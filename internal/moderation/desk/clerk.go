package desk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

const (
	// together is how many cases are recorded in one transaction: 16 take 4.5 ms, and whoever comes then waits as long.
	together = 16
	// tries is how often a case is tried whose failure does not look passing.
	tries = 5
)

// Clerk has cases recorded that the lanes have found, guild by guild in turn, so that a raid in one guild holds up
// neither the lanes nor another guild's cases.
type Clerk struct {
	backlog *backlog
	docket  moderation.Docket
	clock   func() time.Time
	log     *slog.Logger
	planned func() // something is to be done

	opened, lost, panics atomic.Int64
}

func newClerk(o Options, worker *Worker) *Clerk {
	return &Clerk{backlog: newBacklog(), docket: o.Docket, clock: o.Clock, log: o.Logger, planned: worker.Wake}
}

// Run works until ctx ends. What is not recorded by then stays behind the position that was saved last, so Discord
// sends it again.
func (c *Clerk) Run(ctx context.Context) {
	for ctx.Err() == nil {
		cases, wait := c.backlog.take(c.clock(), together)
		if len(cases) > 0 {
			c.record(ctx, cases)
			continue
		}
		var due <-chan time.Time
		if wait > 0 {
			due = time.After(wait)
		}
		select {
		case <-due:
		case <-c.backlog.wake:
		case <-ctx.Done():
		}
	}
}

// record tries until the cases are recorded, or given up, or ctx ends. While the ledger is unavailable it tries for
// ever. What fails for another reason is tried alone: one case must not take others with it.
func (c *Clerk) record(ctx context.Context, cases []filed) {
	for n := 0; ; n++ {
		err := c.open(ctx, cases)
		if err == nil {
			c.backlog.recorded(cases)
			return
		}
		if ctx.Err() != nil {
			return
		}
		kind := fault.Of(err)
		passing := kind == fault.Unavailable || kind == fault.TooMany || errors.Is(err, context.DeadlineExceeded)
		switch {
		case passing:
			c.backlog.stall(err)
		case len(cases) > 1:
			for i := range cases {
				c.record(ctx, cases[i:i+1])
			}
			return
		case n+1 >= tries:
			c.lost.Add(1)
			v := &cases[0].Violation
			c.log.Error("a broken rule could not be recorded", "guild", v.Guild, "rule", v.Rule,
				"message", v.Message, "err", err)
			c.backlog.lose(&cases[0])
			return
		}
		if n == 0 {
			c.log.Warn("broken rules could not be recorded yet", "cases", len(cases), "err", err)
		}
		select {
		case <-time.After(min(50*time.Millisecond<<min(n, 10), 5*time.Second)):
		case <-ctx.Done():
			return
		}
	}
}

// open is one transaction. A panic is an error like others.
func (c *Clerk) open(ctx context.Context, cases []filed) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			c.panics.Add(1)
			c.log.Error("recording panicked", "reason", reason, "stack", string(debug.Stack()))
			err = fmt.Errorf("desk: panic: %v", reason)
		}
	}()
	list := make([]moderation.Case, len(cases))
	for i := range cases {
		list[i] = cases[i].Case
	}
	opened, err := c.docket.OpenAll(ctx, list)
	if err != nil {
		return err
	}
	c.opened.Add(int64(len(opened)))
	for i := range opened {
		if len(opened[i].Actions) > 0 {
			c.planned()
			break
		}
	}
	return nil
}

// Waiting are the clerk's counters since the start, and what waits now.
type Waiting struct {
	Cases  int   // wait to be recorded now
	Guilds int   // whose they are
	Opened int64 // recorded, those known before included
	Shed   int64 // given up because too many came
	Lost   int64 // given up because they could not be recorded
	Panics int64
}

// Waiting reads the counters.
func (c *Clerk) Waiting() Waiting {
	b := c.backlog
	b.mu.Lock()
	defer b.mu.Unlock()
	return Waiting{Cases: b.size, Guilds: len(b.turns), Opened: c.opened.Load(), Shed: b.shed, Lost: c.lost.Load(),
		Panics: c.panics.Load()}
}
