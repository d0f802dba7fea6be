package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

const (
	// atOnce is how many calls are under way at most, and perGuild how many of one guild's: one guild's ten addresses
	// that all hang leave most of the places to others.
	atOnce, perGuild = 16, 3
	// look is how often the outbox is read although nobody woke the courier.
	look = 30 * time.Second
	// readDue is how much of the outbox is read at once: what belongs to busy targets is passed over.
	readDue = 500
	// breakAfter failures in a row a destination is left alone for rest, so that a dead one costs one call an hour.
	breakAfter, rest = 5, time.Hour
	// longestWait bounds what the other side may ask for.
	longestWait = 2 * time.Hour
)

// waits are those before the second, third and fourth attempt.
var waits = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute}

// Tried begins the subjects that somebody waits for, who wants to see what happens now: they do not wait for a
// destination that rests, and are not tried twice.
const Tried = "try:"

// Compose makes the message of a subject, when it is sent and not before: what changed meanwhile is in it. A *fault.Error
// of kind NotFound or Invalid says that there is none.
type Compose func(ctx context.Context, guild snowflake.GuildID, subject string) (*Message, error)

// CourierOptions is what a Courier stands on.
type CourierOptions struct {
	Store   *store.Store
	Post    *Post
	Compose Compose
	Clock   func() time.Time // time.Now when nil
	Logger  *slog.Logger
}

// Courier works off the outbox: each destination one call at a time, all destinations side by side, so that a slow one
// holds up nobody. What it had not settled when the process ended is sent again by the next: receivers tell it by its id.
type Courier struct {
	options CourierOptions
	wake    chan struct{}
	work    sync.WaitGroup

	mu     sync.Mutex
	busy   map[target]bool
	guilds map[snowflake.GuildID]int

	sent, failed, panics atomic.Int64
}

type target struct {
	guild  snowflake.GuildID
	number int64
}

// NewCourier makes a courier; Run starts it.
func NewCourier(o CourierOptions) *Courier {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return &Courier{options: o, wake: make(chan struct{}, 1), busy: map[target]bool{}, guilds: map[snowflake.GuildID]int{}}
}

// Wake says that something was put into the outbox.
func (c *Courier) Wake() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends, and then leaves what is under way: it is sent again after the next start.
func (c *Courier) Run(ctx context.Context) {
	defer c.work.Wait()
	for {
		next, err := c.dispatch(ctx)
		if err != nil && ctx.Err() == nil {
			c.options.Logger.Error("the outbox of reports could not be read", "error", err)
		}
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-c.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// dispatch starts what is due where there is a place for it, and says how long nothing more will be.
func (c *Courier) dispatch(ctx context.Context) (next time.Duration, err error) {
	now := c.options.Clock()
	list, err := c.options.Store.DueDeliveries(ctx, now, readDue)
	if err != nil {
		return look, err
	}
	for _, d := range list {
		if at := (target{d.Guild, d.Destination}); c.enter(at) {
			c.work.Go(func() {
				defer c.leave(at)
				c.carry(ctx, d)
			})
		}
	}
	at, err := c.options.Store.NextDelivery(ctx, now)
	if err != nil || at.IsZero() {
		return look, err
	}
	return min(look, max(at.Sub(now), time.Millisecond)), nil
}

func (c *Courier) enter(at target) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy[at] || len(c.busy) >= atOnce || c.guilds[at.guild] >= perGuild {
		return false
	}
	c.busy[at] = true
	c.guilds[at.guild]++
	return true
}

func (c *Courier) leave(at target) {
	c.mu.Lock()
	delete(c.busy, at)
	if c.guilds[at.guild]--; c.guilds[at.guild] == 0 {
		delete(c.guilds, at.guild)
	}
	c.mu.Unlock()
	c.Wake()
}

// carry makes one attempt and settles it. The settlement is not bound to ctx: what has arrived must be known.
func (c *Courier) carry(ctx context.Context, d store.Delivery) {
	var to store.Destination
	var there bool
	if err := c.options.Store.Read(ctx, func(now *store.Snapshot) { to, there = now.Destination(d.Guild, d.Destination) }); err != nil {
		return // tried with the next look, like everything else while the store cannot be read
	}
	outcome, err := Outcome{Detail: "It was removed.", Final: true}, error(nil)
	if there {
		outcome, err = c.attempt(ctx, d, Kind(to.Kind))
	}
	if ctx.Err() != nil && !outcome.Sent {
		return // cut short: the next process tries it
	}
	was := settlement(d, outcome, to.Failed)
	if err != nil { // ours, not the destination's
		c.options.Logger.Error("a message could not be made", "guild", snowflake.String(d.Guild), "subject", d.Subject, "error", err)
		was.Detail, was.Failed, was.Rests = "The message could not be made just now.", to.Failed, 0
	}
	if was.Sent {
		c.sent.Add(1)
	} else if was.Again == 0 {
		c.failed.Add(1)
	}
	if err := c.options.Store.SettleDelivery(context.WithoutCancel(ctx), d, was); err != nil {
		c.options.Logger.Error("what became of a message could not be recorded; it will be sent again", "guild",
			snowflake.String(d.Guild), "subject", d.Subject, "error", err)
	}
}

// attempt makes the message and sends it. An error says that there was no message to send.
func (c *Courier) attempt(ctx context.Context, d store.Delivery, kind Kind) (outcome Outcome, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			c.panics.Add(1)
			err = fmt.Errorf("a delivery panicked: %v\n%s", reason, debug.Stack())
		}
	}()
	address, err := c.options.Store.DestinationAddress(ctx, d.Guild, d.Destination)
	if err != nil || address == "" {
		return Outcome{Detail: "The address cannot be read. Remove the destination and add it again.", Final: true}, nil
	}
	m, err := c.options.Compose(ctx, d.Guild, d.Subject)
	var refusal *fault.Error
	if errors.As(err, &refusal) && (refusal.Kind == fault.NotFound || refusal.Kind == fault.Invalid) {
		return Outcome{Detail: refusal.Public, Final: true}, nil
	} else if err != nil {
		return outcome, err
	}
	m.ID = messageID(d)
	return c.options.Post.Tell(ctx, kind, address, m), nil
}

// settlement is what an attempt means for the delivery and its destination, which has failed so often before.
func settlement(d store.Delivery, outcome Outcome, failed int) store.Settled {
	if outcome.Sent {
		return store.Settled{Sent: true}
	}
	was := store.Settled{Detail: outcome.Detail, Failed: failed + 1}
	if outcome.Gone {
		was.Stopped = outcome.Detail
		return was
	}
	if !outcome.Final && d.Attempts < len(waits) && !strings.HasPrefix(d.Subject, Tried) {
		was.Again = max(waits[d.Attempts], min(outcome.Again, longestWait))
	}
	if was.Failed >= breakAfter {
		was.Rests = rest
	}
	return was
}

// messageID names a delivery to whoever receives it, the same on each attempt.
func messageID(d store.Delivery) string {
	return snowflake.String(d.Guild) + "." + strconv.FormatInt(d.ID, 10) + "." + strconv.FormatInt(d.MadeAt.Unix(), 10)
}

// Figures are a courier's counters since the start.
type Figures struct{ Sent, Failed, Panics int64 }

// Figures reads the counters.
func (c *Courier) Figures() Figures {
	return Figures{Sent: c.sent.Load(), Failed: c.failed.Load(), Panics: c.panics.Load()}
}
