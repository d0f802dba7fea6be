package bot

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"guildwatch/internal/snowflake"
)

// operators knows the application that the bot belongs to, and who owns it or is in its team. What was known stands
// while Discord does not answer.
type operators struct {
	rest *rest
	log  *slog.Logger
	pace pace
	wake chan struct{}

	mu    sync.Mutex
	known Identity
	asked time.Time // when known was; zero before the first answer
}

func newOperators(r *rest, opt Options) *operators {
	return &operators{rest: r, log: opt.Logger, pace: opt.pace, wake: make(chan struct{}, 1)}
}

// Operators are the owner of the Discord application and the members of its team who accepted the invitation, in
// ascending order. They are asked for at each connection and each hour; nobody is one before the first answer.
func (b *Bot) Operators() []snowflake.UserID {
	known, _ := b.operators.read()
	return slices.Clone(known.Owners)
}

// ApplicationID names the Discord application that the bot belongs to; 0 before Discord has said.
func (b *Bot) ApplicationID() snowflake.ApplicationID {
	known, _ := b.operators.read()
	return known.Application
}

func (o *operators) read() (Identity, time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.known, o.asked
}

// learn takes Discord's answer.
func (o *operators) learn(me Identity) {
	slices.Sort(me.Owners)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.known, o.asked = me, time.Now()
}

// connected has the team asked for, unless that was done just now.
func (o *operators) connected() {
	if _, asked := o.read(); time.Since(asked) < o.pace.teamLeast {
		return
	}
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// run keeps the list fresh until ctx ends.
func (o *operators) run(ctx context.Context) {
	defer recovered(o.log, "asking who owns the application", func() {})
	for failed := 0; ; {
		wait := o.pace.teamEvery
		if failed > 0 {
			wait = min(wait, doubled(o.pace.retryLeast, o.pace.teamEvery, failed-1, 1))
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-o.wake:
			timer.Stop()
		case <-ctx.Done():
			timer.Stop()
			return
		}
		me, err := o.rest.identity(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			failed++
			o.log.Warn("who owns the application could not be asked; the last answer stands", "err", err)
		default:
			failed = 0
			o.learn(me)
		}
	}
}
