package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

// worker is what one lane's goroutine owns.
type worker struct {
	in      *intake
	guilds  *roster
	members *memberList
	scout   *scout
	tally   *moderation.Tally
	edits   recent     // message -> when it was last edited
	titles  recentText // thread -> its title
	out     []moderation.Event
}

// attempts is how often an event is tried whose failure does not look passing; then it is quarantined.
const attempts = 5

// work handles what the lane holds until it is closed and empty.
func (l *lane) work(ctx context.Context) {
	for {
		it, ok := l.take()
		if !ok {
			return
		}
		l.worker.handle(ctx, it)
	}
}

// handle brings one item to its end. A panic costs the item, never the lane.
func (w *worker) handle(ctx context.Context, it item) {
	defer giveBack(it.buf)
	if it.mark != nil {
		w.tally = it.mark.arrive(w.tally)
		return
	}
	defer func() {
		if r := recover(); r != nil {
			w.quarantine(it, fmt.Errorf("panic: %v", r), debug.Stack())
		}
	}()
	w.out = w.out[:0]
	if it.kind == kindMade {
		w.out = append(w.out, it.event)
	} else if err := w.translate(it); err != nil {
		w.in.malformed.Add(1)
		w.gaveUp(it)
		w.in.log.Warn("an event could not be read", "type", it.kind.String(), "bytes", len(it.payload), "err", err)
		return
	}
	for _, event := range w.out {
		err := w.record(ctx, event)
		if err != nil && ctx.Err() != nil {
			return // the last flush is over: Discord sends this again
		}
		if err != nil {
			w.quarantine(it, err, nil)
		} else {
			w.recorded(event)
		}
	}
}

// record hands event to the desk until it is recorded. While the ledger is unavailable it tries for ever: the lane
// holds what comes meanwhile.
func (w *worker) record(ctx context.Context, event moderation.Event) error {
	if w.in.seen != nil {
		w.in.seen(event)
	}
	for n := 0; ; n++ {
		err := w.in.desk.Handle(ctx, w.tally, event)
		if _, seen := event.(moderation.ChannelsSeen); err == nil && seen {
			w.in.planned()
		}
		if err == nil {
			return nil
		}
		kind := fault.Of(err)
		passing := kind == fault.Unavailable || kind == fault.TooMany || errors.Is(err, context.DeadlineExceeded)
		if !passing && n+1 >= attempts {
			return err
		}
		if n == 0 {
			w.in.log.Warn("an event could not be recorded yet", "event", fmt.Sprintf("%T", event), "err", err)
		}
		select {
		case <-time.After(doubled(w.in.pace.ledgerLeast, w.in.pace.ledgerMost, n, 0.5)):
		case <-ctx.Done():
			return err
		}
	}
}

// quarantine notes an event that is given up. Its text is not logged: it is a user's.
func (w *worker) quarantine(it item, err error, stack []byte) {
	w.in.quarantined.Add(1)
	w.gaveUp(it)
	name := it.kind.String()
	if it.event != nil {
		name = fmt.Sprintf("%T", it.event)
	}
	w.in.log.Error("an event was given up",
		"type", name, "bytes", len(it.payload), "guild", it.guild, "err", err, "stack", string(stack))
}

func (w *worker) gaveUp(it item) {
	w.in.gaveUp(it.guild, it.at)
	if routes[it.kind].rank == rankRecord {
		w.in.doubt(it.guild)
	}
}
