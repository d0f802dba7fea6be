// Package bot is the edge to Discord: it keeps the gateway connection, translates each event once, hands it to the desk
// in the order of its channel, and speaks to Discord's REST API within its limits. DESIGN.md has the reasons.
package bot

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/desk"
	"guildwatch/internal/snowflake"
)

// Options are what a Bot needs. Token, Desk, Ledger and Sessions must be set; the zero value of all others is fit for
// use.
type Options struct {
	Token    string // without the word "Bot"
	APIURL   string // up to and including "/api"; Discord's own when empty
	Compress bool   // ask the gateway for a compressed stream: a fifth of the traffic for about 10 us a message

	Desk     *desk.Desk
	Ledger   moderation.Ledger
	Sessions Sessions
	Commands []Command

	// Guilds lists the guilds that the bot was in when it last ran, so that one which threw it out meanwhile is
	// noticed, and after a resume none counts as new. None are known when nil.
	Guilds func(context.Context) ([]snowflake.GuildID, error)

	Lanes  int              // 8 when 0
	Clock  func() time.Time // time.Now when nil
	Jitter func() float64   // in [0, 1); random when nil; called by several goroutines
	Logger *slog.Logger     // silent when nil

	pace   pace
	bounds bounds
	sizes  sizes
	reads  int                    // requests with which one gap is read back; readBudget when 0
	seen   func(moderation.Event) // each event, before the desk has it, on its lane's goroutine; for tests
}

// Bot is the bot's connection to Discord. Its methods may be called from any goroutine.
type Bot struct {
	opt       Options
	log       *slog.Logger
	rest      *rest
	board     *board
	link      *link
	guilds    *roster
	members   *memberList
	operators *operators
	scout     *scout
	history   *historian
	intake    *intake
	commands  *commands
	refusals  refusals
	parents   parents
	directs   directs
}

// New makes a Bot. It connects when Run is called; what asks Discord's REST API works before.
func New(opt Options) (*Bot, error) {
	if opt.Token == "" {
		return nil, fault.New(fault.Invalid, "There is no bot token. Create one at "+portal+
			" (your application, Bot, Reset Token) and put it in DISCORD_TOKEN.")
	}
	if opt.Desk == nil || opt.Ledger == nil || opt.Sessions == nil {
		return nil, errors.New("bot: Desk, Ledger and Sessions must be set")
	}
	opt.fill()
	rest, err := newREST(opt.APIURL, opt.Token)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid,
			"DISCORD_API_URL is no address of an API: want one like https://discord.com/api.")
	}
	b := &Bot{
		opt: opt, log: opt.Logger, rest: rest, board: &board{}, link: &link{}, guilds: newRoster(),
		members: newMemberList(opt.pace), operators: newOperators(rest, opt),
	}
	b.board.status = Status{State: StateIdle, Since: opt.Clock()}
	b.commands = &commands{
		rest: rest, list: map[string]Command{}, pace: opt.pace, clock: opt.Clock, log: opt.Logger,
		places: make(chan struct{}, commandsAtOnce),
	}
	for _, c := range opt.Commands {
		b.commands.list[c.Name] = c
	}
	b.scout = &scout{
		rest: rest, guilds: b.guilds, members: b.members, clock: opt.Clock, log: opt.Logger, pace: opt.pace,
		wake: make(chan struct{}, 1),
	}
	b.history = newHistorian(rest, opt)
	b.intake = newIntake(&intake{
		desk: opt.Desk, ledger: opt.Ledger, clock: opt.Clock, log: opt.Logger, pace: opt.pace,
		interact: b.commands.start, limited: b.members.limited, doubt: b.doubt, planned: b.history.nudge,
		seen: opt.seen,
	}, opt.Lanes, opt.bounds, b.guilds, b.members, b.scout)
	b.commands.submit, b.scout.submit = b.intake.submit, b.intake.submit
	b.history.offer, b.history.submit = b.intake.offer, b.intake.submit
	return b, nil
}

func (o *Options) fill() {
	if o.APIURL == "" {
		o.APIURL = "https://discord.com/api"
	}
	if o.Lanes == 0 {
		o.Lanes = 8
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.pace == (pace{}) {
		o.pace = defaultPace()
	}
	if o.bounds == (bounds{}) {
		o.bounds = defaultBounds
	}
	if o.sizes == (sizes{}) {
		o.sizes = defaultSizes
	}
	if o.reads == 0 {
		o.reads = readBudget
	}
}

// Run keeps the bot connected until ctx ends (nil), or until Discord refuses for a reason that trying again cannot
// cure: a *fault.Error with the remedy, which wraps a *Stopped. Before it returns, at most 7 s later, it records what
// was received and stores where to go on; the session stays resumable. It is called once.
func (b *Bot) Run(ctx context.Context) error {
	if !b.rememberGuilds(ctx) {
		return nil
	}
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx)) // outlives ctx to empty the lanes
	defer stopWork()
	b.commands.ctx = work
	var lanes, others sync.WaitGroup
	for _, l := range b.intake.lanes {
		lanes.Go(func() { l.work(work) })
	}
	collect, stopCollect := context.WithCancel(work)
	defer stopCollect()
	c := &collector{in: b.intake, carry: moderation.NewTally()}
	others.Go(func() { c.run(collect) })
	others.Go(func() { b.scout.run(collect) })
	others.Go(func() { b.operators.run(collect) })
	others.Go(func() { b.history.run(collect) })
	registered := sync.OnceFunc(func() {
		if len(b.commands.list) > 0 {
			others.Go(func() { b.commands.keepRegistering(collect, b.opt.Jitter) })
		}
	})
	err := b.newGateway(func() {
		registered()
		b.history.nudge() // an earlier process may have left something to read
	}).run(ctx)
	b.board.change(b.opt.Clock(), func(s *Status) {
		s.State = StateStopped
		var public *fault.Error
		if errors.As(err, &public) {
			s.Problem = public.Public
		}
	})

	settle, done := context.WithTimeout(work, b.opt.pace.settle)
	b.commands.close(settle)
	done()
	stopCollect()
	others.Wait()
	drain, done := context.WithTimeout(work, b.opt.pace.drain)
	c.finish(drain)
	if drain.Err() != nil {
		b.log.Warn("not everything received could be recorded in time; Discord will send it again",
			"waiting", b.intake.depth())
	}
	done()
	for _, l := range b.intake.lanes {
		l.close()
	}
	stopWork()
	lanes.Wait()
	b.rest.idle()
	return err
}

func (b *Bot) newGateway(greeted func()) *gateway {
	return &gateway{
		token: b.opt.Token, compress: b.opt.Compress, clock: b.opt.Clock, jitter: b.opt.Jitter, log: b.log,
		pace: b.opt.pace, sizes: b.opt.sizes, in: b.intake, guilds: b.guilds, members: b.members, board: b.board,
		sessions: b.opt.Sessions, rest: b.rest, link: b.link, operators: b.operators, scout: b.scout, greeted: greeted,
	}
}

func (b *Bot) rememberGuilds(ctx context.Context) bool {
	for n := 0; b.opt.Guilds != nil; n++ {
		ids, err := b.opt.Guilds(ctx)
		if err == nil {
			b.guilds.know(ids)
			return true
		}
		b.log.Warn("the known servers could not be read", "err", err)
		if !pause(ctx, doubled(b.opt.pace.retryLeast, b.opt.pace.retryMost, n, b.opt.Jitter())) {
			return false
		}
	}
	return true
}

// Status is how the connection stands now.
func (b *Bot) Status() Status {
	s := b.board.read()
	s.Guilds, s.Queued, s.LastEvent = b.guilds.size(), b.intake.depth(), b.intake.position().SavedAt
	s.Events, s.Shed, s.Duplicates = b.intake.events.Load(), b.intake.shed.Load(), b.intake.duplicates.Load()
	s.Malformed, s.Quarantined, s.Commits = b.intake.malformed.Load(), b.intake.quarantined.Load(), b.intake.commits.Load()
	s.Gaps = b.intake.recorded.Load()
	s.Commands = b.commands.registered()
	return s
}

// OnStatus calls tell after each change of state, in order and one at a time. Tell must not wait.
func (b *Bot) OnStatus(tell func(Status)) { b.board.onChange(tell) }

// Self is the bot's own user; 0 until Discord has said who it is.
func (b *Bot) Self() snowflake.UserID { return b.guilds.self() }

// Identity asks Discord whose token this is, who owns the application, and which privileged intents are on.
func (b *Bot) Identity(ctx context.Context) (Identity, error) { return b.rest.identity(ctx) }

func digitsOf(n id) string { return strconv.FormatInt(int64(n), 10) }
