// Package courier says in Discord what guildwatch has to say beside what it does: it tells members what was done about
// them and how their appeals were decided, opens the threads in which moderators talk of appeals, and writes what happened
// into the log channel of each guild. Nothing that it does holds an action up for long, and nothing is said twice.
//
//	kick, ban -> Enforce: the member is told first, within two seconds -> Discord is asked
//	all else  -> a row in notices -> Run: leased, said, settled
//	changes   -> lines of the log channel, some in one message
package courier

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"guildwatch/internal/bot"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

const (
	// pace is how many letters leave in a second, of the 40 requests that guildwatch allows itself: what it does about
	// members comes before what it says of it.
	pace = 5
	// look is how often due notices are looked for.
	look = time.Second
	// lease is how long an attempt may take; after it the next one looks first whether the letter has arrived.
	lease = time.Minute
	// stale is the age at which a notice is no news any more.
	stale = time.Hour
	// atOnce is how many letters are on their way at most.
	atOnce = 4
)

// Options is what a courier stands on.
type Options struct {
	Store *store.Store
	Bot   *bot.Bot
	// Site is where the dashboard is: "https://guild.example". Empty: letters have no links.
	Site   string
	Clock  func() time.Time // nil: time.Now
	Logger *slog.Logger     // nil: slog.Default()
}

// Courier says things in Discord. Its methods may be called from any goroutine.
type Courier struct {
	store *store.Store
	bot   *bot.Bot
	site  string
	clock func() time.Time
	log   *slog.Logger
	rate  *rate.Limiter
	ahead *allowance
	book  *logbook
}

// New makes a courier, whose Run must be run.
func New(o Options) *Courier {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return &Courier{store: o.Store, bot: o.Bot, site: o.Site, clock: o.Clock, log: o.Logger,
		rate: rate.NewLimiter(pace, pace), ahead: newAllowance(), book: newLogbook()}
}

// Run says what is to be said until ctx ends.
func (c *Courier) Run(ctx context.Context) {
	var parts sync.WaitGroup
	defer parts.Wait()
	parts.Go(func() { c.follow(ctx) })
	parts.Go(func() { c.writeLogs(ctx) })
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		c.work(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// work says what is due now.
func (c *Courier) work(ctx context.Context) {
	due, err := c.store.DueNotices(ctx, c.clock(), 32)
	if err != nil {
		if ctx.Err() == nil {
			c.log.Error("what is to be said could not be read", "err", err)
		}
		return
	}
	places := make(chan struct{}, atOnce)
	var saying sync.WaitGroup
	defer saying.Wait()
	for _, n := range due {
		if c.rate.Wait(ctx) != nil {
			return
		}
		places <- struct{}{}
		saying.Go(func() {
			defer func() { <-places }()
			defer c.recovered("saying something", func() {})
			c.deliver(ctx, n)
		})
	}
}

// deliver says one thing, or puts it off.
func (c *Courier) deliver(ctx context.Context, n moderation.Notice) {
	now := c.clock()
	if now.Sub(n.At) > stale && n.Kind != moderation.NoticeAnswer {
		c.settle(ctx, n, moderation.NoticeLate, "Discord did not answer for an hour, so this was not said any more.")
		return
	}
	if err := c.store.PutOffNotice(ctx, n, now.Add(lease)); err != nil {
		c.log.Warn("a notice could not be taken", "guild", n.Guild, "kind", n.Kind, "ref", n.Ref, "err", err)
		return
	}
	var err error
	switch n.Kind {
	case moderation.NoticeAction:
		err = c.tellLater(ctx, n)
	case moderation.NoticeAnswer:
		err = c.answer(ctx, n)
	case moderation.NoticeThread:
		err = c.openThread(ctx, n)
	}
	if err == nil || ctx.Err() != nil {
		return // settled, or the next process takes it up
	}
	wait := min(time.Second<<min(n.Attempts, 9), 5*time.Minute)
	var public *fault.Error
	if errors.As(err, &public) {
		wait = max(wait, public.RetryAfter)
	}
	if err := c.store.PutOffNotice(ctx, n, now.Add(wait)); err != nil {
		c.log.Warn("a notice could not be put off", "guild", n.Guild, "kind", n.Kind, "ref", n.Ref, "err", err)
	}
}

// settle records what became of a notice. It is not bound to ctx: what was said must be known.
func (c *Courier) settle(ctx context.Context, n moderation.Notice, state moderation.NoticeState, problem string) {
	n.State, n.Problem = state, problem
	if err := c.store.SettleNotice(context.WithoutCancel(ctx), n); err != nil {
		c.log.Error("what became of a notice could not be recorded", "guild", n.Guild, "kind", n.Kind, "ref", n.Ref, "err", err)
	}
}

// refused says whether an error of Discord's is for good, and why, in words.
func refused(err error) (why string, forGood bool) {
	var public *fault.Error
	if !errors.As(err, &public) {
		return "", false
	}
	switch public.Kind {
	case fault.Forbidden, fault.NotFound, fault.Invalid, fault.Unprocessable:
		return public.Public, true
	}
	return "", false
}

// url is a page of a guild, empty where it is not known where the dashboard is.
func (c *Courier) url(guild snowflake.GuildID, page string) string {
	if c.site == "" {
		return ""
	}
	return c.site + "/g/" + snowflake.String(guild) + page
}

// recovered keeps a panic from ending the process.
func (c *Courier) recovered(what string, then func()) {
	if reason := recover(); reason != nil {
		c.log.Error(what+" panicked", "reason", reason, "stack", string(debug.Stack()))
		then()
	}
}
