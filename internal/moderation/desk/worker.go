package desk

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

const (
	// atOnce is how many actions are on their way to Discord at most; its limit of 50 requests a second with answers in
	// 200 ms keeps 10 of them busy. perGuild keeps one guild's raid from taking all places.
	atOnce   = 16
	perGuild = 4
	// attempts is how often Discord is asked before an action has failed for good: over the waits of again, 8 of them
	// take ten minutes.
	attempts = 8
	// look is how often the outbox is read although nobody woke the worker: for what became due by its retry's time.
	look = time.Second
)

// Worker carries out what the ledger has planned: it asks Discord through the enforcer and settles the outcome. Every
// action is asked for again after a crash, so each must be the same done twice.
type Worker struct {
	docket   moderation.Docket
	enforcer moderation.Enforcer
	clock    func() time.Time
	log      *slog.Logger
	grace    time.Duration // for what is on its way when the worker stops

	wake   chan struct{}
	mu     sync.Mutex
	flying map[int64]snowflake.GuildID // the actions that are on their way
	work   sync.WaitGroup

	settled, failed, retried, panics atomic.Int64
}

func newWorker(o Options) *Worker {
	return &Worker{docket: o.Docket, enforcer: o.Enforcer, clock: o.Clock, log: o.Logger, grace: time.Second,
		wake: make(chan struct{}, 1), flying: map[int64]snowflake.GuildID{}}
}

// Wake says that something was planned.
func (w *Worker) Wake() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends, and waits a second for what is on its way then: what did not arrive, the next process asks
// for again. It begins with what an earlier process left.
func (w *Worker) Run(ctx context.Context) {
	asking, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer w.work.Wait()
	defer stop()
	for n := 0; ; n++ {
		err := w.docket.Recover(ctx)
		if err == nil {
			break
		}
		w.log.Error("actions that were under way could not be taken up again", "err", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(again(n)):
		}
	}
	tick := time.NewTicker(look)
	defer tick.Stop()
	for last := w.clock(); ; {
		last = w.setBack(ctx, last)
		if err := w.dispatch(ctx, asking); err != nil && ctx.Err() == nil {
			w.log.Error("planned actions could not be read", "err", err)
		}
		select {
		case <-ctx.Done():
			w.linger()
			return
		case <-w.wake:
		case <-tick.C:
		}
	}
}

// setBack makes everything due where the clock was set back: what was put off until a time would wait for that time to
// come again. It gives the time that was looked at.
func (w *Worker) setBack(ctx context.Context, last time.Time) time.Time {
	now := w.clock().Round(0)
	if last.Sub(now) < time.Minute {
		return now
	}
	if err := w.docket.Recover(ctx); err != nil {
		w.log.Error("the clock was set back, and what was put off could not be taken up", "err", err)
		return last
	}
	return now
}

// linger waits until nothing is on its way, a second at most.
func (w *Worker) linger() {
	timer := time.NewTimer(w.grace)
	defer timer.Stop()
	for w.Figures().Flying > 0 {
		select {
		case <-w.wake: // somebody has left
		case <-timer.C:
			return
		}
	}
}

// dispatch starts as many due errands as there are places.
func (w *Worker) dispatch(ctx, asking context.Context) error {
	for {
		places, busy := w.places()
		if places == 0 {
			return nil
		}
		// No more at once than one guild may have: the next reading leaves out the guilds that are full by then.
		errands, err := w.docket.TakeDue(ctx, w.clock(), min(places, perGuild), busy)
		if err != nil || len(errands) == 0 {
			return err
		}
		for _, errand := range errands {
			w.enter(errand)
			w.work.Go(func() {
				defer w.leave(errand)
				w.carry(asking, errand)
			})
		}
	}
}

// places is how many more errands may start, and what they must not be.
func (w *Worker) places() (free int, busy moderation.Busy) {
	w.mu.Lock()
	defer w.mu.Unlock()
	share := map[snowflake.GuildID]int{}
	for action, guild := range w.flying {
		busy.Actions = append(busy.Actions, action)
		if share[guild]++; share[guild] == perGuild {
			busy.Guilds = append(busy.Guilds, guild)
		}
	}
	return atOnce - len(w.flying), busy
}

func (w *Worker) enter(errand moderation.Errand) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.flying[errand.Action] = errand.Guild
}

func (w *Worker) leave(errand moderation.Errand) {
	w.mu.Lock()
	delete(w.flying, errand.Action)
	w.mu.Unlock()
	w.Wake()
}

// carry asks Discord and settles the outcome. The settlement is not bound to ctx: what Discord has done must be known.
func (w *Worker) carry(ctx context.Context, errand moderation.Errand) {
	defer func() {
		if reason := recover(); reason != nil {
			w.panics.Add(1)
			w.log.Error("an action panicked", "action", errand.Action, "reason", reason, "stack", string(debug.Stack()))
		}
	}()
	result := w.enforce(ctx, errand)
	if ctx.Err() != nil && !result.Done && result.Refused == "" {
		return // the next process takes it up
	}
	if result.Again > 0 {
		if errand.Attempts+1 >= attempts {
			result = moderation.Result{Refused: "Discord did not answer for ten minutes. Try it once more by hand."}
		} else {
			result.Again = max(result.Again, again(errand.Attempts))
			w.retried.Add(1)
		}
	}
	if result.Refused != "" {
		w.failed.Add(1)
	}
	if err := w.docket.Settle(context.WithoutCancel(ctx), errand, result); err != nil {
		w.log.Error("the outcome of an action could not be recorded; it will be asked for again", "action", errand.Action,
			"guild", errand.Guild, "err", err)
		return
	}
	w.settled.Add(1)
}

// enforce turns a panic of the enforcer into an attempt that failed.
func (w *Worker) enforce(ctx context.Context, errand moderation.Errand) (result moderation.Result) {
	defer func() {
		if reason := recover(); reason != nil {
			w.panics.Add(1)
			w.log.Error("an action panicked", "action", errand.Action, "reason", reason, "stack", string(debug.Stack()))
			result = moderation.Result{Again: again(errand.Attempts)}
		}
	}()
	return w.enforcer.Enforce(ctx, errand)
}

// again is how long to wait after so many attempts: 1 s, doubling to 5 min.
func again(attempts int) time.Duration { return min(time.Second<<min(attempts, 10), 5*time.Minute) }

// Figures are the worker's counters since the start, and what is on its way now.
type Figures struct {
	Settled int64 // done, failed for good, or put off
	Failed  int64 // for good
	Retried int64 // put off
	Panics  int64
	Flying  int64 // asked for now
}

// Figures reads the counters.
func (w *Worker) Figures() Figures {
	w.mu.Lock()
	defer w.mu.Unlock()
	return Figures{Settled: w.settled.Load(), Failed: w.failed.Load(), Retried: w.retried.Load(), Panics: w.panics.Load(),
		Flying: int64(len(w.flying))}
}
