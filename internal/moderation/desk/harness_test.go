package desk

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store/storetest"
)

// The people of a test's guild, and its bot.
const (
	owner   snowflake.UserID    = 11
	admin   snowflake.UserID    = 12
	mod     snowflake.UserID    = 13
	ada     snowflake.UserID    = 14
	bob     snowflake.UserID    = 15
	self    snowflake.UserID    = 19
	harbour snowflake.GuildID   = 1 << 40
	channel snowflake.ChannelID = 77
)

// ledger is what the real store is to a desk and to its tests.
type ledger interface {
	moderation.Ledger
	moderation.Docket
	Rules(context.Context, snowflake.GuildID) (*rule.Set, error)
	SaveRule(context.Context, access.Grant[access.UpdateRules], rule.Rule, string) (rule.Rule, error)
	Reads() int64
}

// office is a desk on a real store, with a Discord that answers as a test says.
type office struct {
	*testing.T
	*Desk
	ledger
	answer atomic.Pointer[func(context.Context, moderation.Errand) moderation.Result]
	unsure atomic.Bool  // nobody can say who is who
	ahead  atomic.Int64 // nanoseconds by which the clock was set forward

	mu    sync.Mutex
	asked []moderation.Errand // in the order in which Discord was asked
	told  chan struct{}       // one for each errand that was asked for
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, told: make(chan struct{}, 10_000)}
	now := func() time.Time { return time.Now().Add(time.Duration(o.ahead.Load())) }
	o.ledger = storetest.New(t, storetest.Clock(now))
	o.answering(func(context.Context, moderation.Errand) moderation.Result { return moderation.Result{Done: true} })
	o.Desk = New(Options{Ledger: o.ledger, Docket: o.ledger, Enforcer: o, Rules: o.ledger.Rules, Role: o.roleOf, Above: o.above,
		Self: func() snowflake.UserID { return self }, Clock: now, Logger: slog.New(slog.DiscardHandler)})
	o.run(o.Clerk().Run)
	o.open(harbour)
	return o
}

// run runs a part until the test ends, or stop is called.
func (o *office) run(part func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); part(ctx) }()
	stop = sync.OnceFunc(func() { cancel(); <-ended })
	o.Cleanup(stop)
	return stop
}

// open makes a guild known.
func (o *office) open(guild snowflake.GuildID) {
	o.Helper()
	o.event(moderation.GuildSeen{Origin: moderation.Origin{Guild: guild, At: time.Now()},
		Profile: moderation.Guild{ID: guild, Name: "Harbour", Owner: owner, JoinedAt: time.Now()}})
}

func (o *office) answering(answer func(context.Context, moderation.Errand) moderation.Result) {
	o.answer.Store(&answer)
}

// Enforce is Discord.
func (o *office) Enforce(ctx context.Context, e moderation.Errand) moderation.Result {
	o.mu.Lock()
	o.asked = append(o.asked, e)
	o.mu.Unlock()
	o.told <- struct{}{}
	return (*o.answer.Load())(ctx, e)
}

// errands are those that Discord was asked for, in order, by kind.
func (o *office) errands() (list []moderation.Errand) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append(list, o.asked...)
}

// work runs the worker until the test ends, or stop is called.
func (o *office) work() (stop func()) { return o.run(o.Worker().Run) }

// await waits until Discord was asked n times more.
func (o *office) await(n int) {
	o.Helper()
	deadline := time.After(time.Minute)
	for range n {
		select {
		case <-o.told:
		case <-deadline:
			o.Fatalf("Discord was asked %d times: %+v", len(o.errands()), o.errands())
		}
	}
}

// settled waits until so many outcomes are recorded.
func (o *office) settled(n int64) {
	o.Helper()
	o.until(func(f Figures) bool { return f.Settled >= n })
}

// idle waits until nothing is on its way.
func (o *office) idle() {
	o.Helper()
	o.until(func(f Figures) bool { return f.Flying == 0 })
}

func (o *office) until(holds func(Figures) bool) {
	o.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); !holds(o.Worker().Figures()); <-tick.C {
		if time.Now().After(deadline) {
			o.Fatalf("%+v", o.Worker().Figures())
		}
	}
}

// above is where channel 88 is in 80, and of 99 nobody knows.
func (o *office) above(_ context.Context, channel snowflake.ChannelID) (snowflake.ChannelID, error) {
	switch channel {
	case 88:
		return 80, nil
	case 99:
		return 0, context.DeadlineExceeded
	}
	return 0, nil
}

func (o *office) roleOf(_ context.Context, _ snowflake.GuildID, user snowflake.UserID) (access.Role, error) {
	if o.unsure.Load() {
		return access.None, context.DeadlineExceeded
	}
	switch user {
	case owner:
		return access.Owner, nil
	case admin:
		return access.Admin, nil
	case mod:
		return access.Moderator, nil
	}
	return access.Viewer, nil
}

// RoleIn makes the same people the roster of access.
func (o *office) RoleIn(ctx context.Context, guild snowflake.GuildID, actor access.Actor) (access.Role, error) {
	return o.roleOf(ctx, guild, actor.User())
}

func granted[R access.Right](o *office, user snowflake.UserID) access.Grant[R] {
	o.Helper()
	grant, err := access.Check[R](context.Background(), o, access.Person(user, false), harbour)
	if err != nil {
		o.Fatal(err)
	}
	return grant
}

// ruled saves a rule against words in text.
func (o *office) ruled(word string, change func(*rule.Rule)) {
	o.Helper()
	r := rule.Rule{Name: "No " + word, Kind: rule.Words, Mode: rule.Enforce, Severity: moderation.SeverityMedium,
		Respond: rule.RespondWarn, Spec: rule.Spec{Words: []string{word}}}
	if change != nil {
		change(&r)
	}
	if _, err := o.SaveRule(context.Background(), granted[access.UpdateRules](o, owner), r, ""); err != nil {
		o.Fatal(err)
	}
}

func (o *office) event(e moderation.Event) {
	o.Helper()
	if err := o.Handle(context.Background(), moderation.NewTally(), e); err != nil {
		o.Fatal(err)
	}
	if err := o.Settled(context.Background()); err != nil {
		o.Fatal(err)
	}
}

// said is a member's message.
func said(id snowflake.MessageID, who snowflake.UserID, text string) moderation.MessagePosted {
	now := time.Now()
	return moderation.MessagePosted{Origin: moderation.Origin{Guild: harbour, At: now}, Message: id, Channel: channel,
		Author: moderation.Member{User: moderation.User{ID: who, Name: "x"}, JoinedAt: now.Add(-time.Hour)},
		Texts:  []moderation.Text{{Surface: moderation.SurfaceContent, Value: text}}}
}
