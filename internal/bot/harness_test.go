package bot

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/leak"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/desk"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

func TestMain(m *testing.M) {
	leak.Main(m)
}

// soon bounds each wait of a test; only a failing one reaches it.
const soon = 20 * time.Second

func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	t.Cleanup(cancel)
	return ctx
}

// brisk is a pace at which nobody falls asleep.
func brisk() pace {
	p := defaultPace()
	p.identifyEvery, p.invalidLeast, p.invalidMost = time.Millisecond, time.Millisecond, 2*time.Millisecond
	p.retryLeast, p.retryMost, p.budgetEvery = time.Millisecond, 20*time.Millisecond, time.Millisecond
	p.sendEvery, p.flush = time.Millisecond, 5*time.Millisecond
	p.settleLoss, p.readEvery = soon, time.Millisecond
	p.drain, p.deferAfter = soon, soon // no test is about how busy the machine is
	p.ledgerLeast, p.ledgerMost = time.Millisecond, 5*time.Millisecond
	return p
}

// ledger is the real store; it also notes what it was asked, and can be made to fail.
type ledger struct {
	*store.Store

	mu     sync.Mutex
	calls  map[string]int
	gaps   []moderation.Gap
	at     moderation.Position // of the last Flush
	each   []flushed
	fails  func(call string) error
	change chan struct{}
}

// flushed is one Flush: the position and the messages counted with it.
type flushed struct {
	at       moderation.Position
	messages int64
}

func newLedger(s *store.Store) *ledger {
	return &ledger{Store: s, calls: map[string]int{}, change: make(chan struct{})}
}

// refuse says why a call must fail.
func (l *ledger) refuse(call string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fails == nil {
		return nil
	}
	return l.fails(call)
}

// note counts a call that succeeded, and answers err.
func (l *ledger) note(call string, err error, edit func()) error {
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls[call]++
	if edit != nil {
		edit()
	}
	close(l.change)
	l.change = make(chan struct{})
	return nil
}

func (l *ledger) failing(fails func(call string) error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fails = fails
}

// wait returns once done, which runs under the lock, is true.
func (l *ledger) wait(t testing.TB, what string, done func() bool) {
	t.Helper()
	ctx := within(t)
	for {
		l.mu.Lock()
		if done() {
			l.mu.Unlock()
			return
		}
		change := l.change
		l.mu.Unlock()
		select {
		case <-change:
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func (l *ledger) waitCalls(t testing.TB, call string, n int) {
	t.Helper()
	l.wait(t, call, func() bool { return l.calls[call] >= n })
}

func (l *ledger) waitGaps(t testing.TB, n int) []moderation.Gap {
	t.Helper()
	l.wait(t, "gaps", func() bool { return len(l.gaps) >= n })
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.gaps)
}

func (l *ledger) SeeGuild(ctx context.Context, e moderation.GuildSeen) error {
	return l.note("SeeGuild", l.Store.SeeGuild(ctx, e), nil)
}

func (l *ledger) SeeMembers(ctx context.Context, guild snowflake.GuildID, members []moderation.Member) error {
	return l.note("SeeMembers", l.Store.SeeMembers(ctx, guild, members), nil)
}

func (l *ledger) KeepMembers(ctx context.Context, e moderation.MembersComplete) error {
	return l.note("KeepMembers", l.Store.KeepMembers(ctx, e), nil)
}

func (l *ledger) Join(ctx context.Context, e moderation.MemberJoined) (bool, error) {
	if err := l.refuse("Join"); err != nil {
		return false, err
	}
	fresh, err := l.Store.Join(ctx, e)
	return fresh, l.note("Join", err, nil)
}

func (l *ledger) RecordCommand(ctx context.Context, e moderation.CommandRun) (bool, error) {
	fresh, err := l.Store.RecordCommand(ctx, e)
	return fresh, l.note("RecordCommand", err, nil)
}

func (l *ledger) Flush(ctx context.Context, tally *moderation.Tally, at moderation.Position, over ...moderation.Gap) error {
	if err := l.refuse("Flush"); err != nil {
		return err
	}
	var n int64
	for _, counts := range tally.Counts {
		n += counts.Messages
	}
	return l.note("Flush", l.Store.Flush(ctx, tally, at, over...), func() {
		l.at, l.each = at, append(l.each, flushed{at, n})
		l.gaps = append(l.gaps, over...)
	})
}

func (l *ledger) Lose(ctx context.Context, tally *moderation.Tally, lost moderation.Gap, over ...moderation.Gap) error {
	if err := l.refuse("Flush"); err != nil {
		return err
	}
	return l.note("Lose", l.Store.Lose(ctx, tally, lost, over...), func() { l.gaps = append(l.gaps, over...) })
}

func (l *ledger) PlanReadings(ctx context.Context, e moderation.ChannelsSeen) error {
	return l.note("PlanReadings", l.Store.PlanReadings(ctx, e), nil)
}

func (l *ledger) LeaveReadings(ctx context.Context, gap int64) error {
	return l.note("LeaveReadings", l.Store.LeaveReadings(ctx, gap), nil)
}

// watch gathers events as the lanes hand them to the desk.
type watch struct {
	mu     sync.Mutex
	events []moderation.Event
	change chan struct{}
}

func (w *watch) see(e moderation.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, e)
	close(w.change)
	w.change = make(chan struct{})
}

// eventsOf are those of one type so far.
func eventsOf[E moderation.Event](w *watch) []E {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []E
	for _, event := range w.events {
		if e, fits := event.(E); fits {
			out = append(out, e)
		}
	}
	return out
}

// waitEvents waits for at least n events of one type.
func waitEvents[E moderation.Event](t testing.TB, r *running, n int) []E {
	t.Helper()
	ctx := within(t)
	for {
		r.watch.mu.Lock()
		change := r.watch.change
		r.watch.mu.Unlock()
		if found := eventsOf[E](r.watch); len(found) >= n {
			return found
		}
		select {
		case <-change:
		case <-ctx.Done():
			t.Fatalf("saw %d of %d events %T; log:\n%s", len(eventsOf[E](r.watch)), n, *new(E), r.logged)
		}
	}
}

// logged is what was logged.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// running is a Bot at work on a stand-in.
type running struct {
	*Bot
	sim    *discordsim.Sim
	ledger *ledger
	watch  *watch
	logged *logged
	states chan Status
	cancel context.CancelFunc
	ended  chan error
	once   sync.Once
	err    error
}

// discord starts a stand-in with no guild in it.
func discord(t testing.TB, change ...func(*discordsim.Options)) *discordsim.Sim {
	t.Helper()
	var options discordsim.Options
	for _, set := range change {
		set(&options)
	}
	sim := discordsim.New(options)
	if err := sim.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	return sim
}

// harbour adds a guild with the channel general and the member ada.
func harbour(sim *discordsim.Sim) (snowflake.GuildID, snowflake.ChannelID, snowflake.UserID) {
	guild := sim.AddGuild(discordsim.Guild{Name: "Harbour", Channels: []discordsim.Channel{{Name: "general"}}})
	ada := sim.Join(guild, sim.AddUser(discordsim.User{Username: "ada", GlobalName: "Ada"}))
	return guild, sim.ChannelNamed(guild, "general"), ada
}

// start runs a Bot on the stand-in until the test ends.
func start(t testing.TB, sim *discordsim.Sim, l *ledger, change ...func(*Options)) *running {
	t.Helper()
	if l == nil {
		l = newLedger(storetest.New(t))
	}
	r := &running{
		sim: sim, ledger: l, watch: &watch{change: make(chan struct{})}, logged: &logged{}, states: make(chan Status, 1000),
		ended: make(chan error, 1),
	}
	b := newBot(t, sim, l, append([]func(*Options){func(o *Options) {
		o.Logger, o.seen = slog.New(slog.NewTextHandler(r.logged, nil)), r.watch.see
	}}, change...)...)
	r.Bot = b
	b.OnStatus(func(s Status) { r.states <- s })
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	go func() { r.ended <- b.Run(ctx) }()
	t.Cleanup(func() { _ = r.stop() })
	return r
}

// unruled is a desk in guilds without rules.
func unruled(l moderation.Ledger) *desk.Desk {
	none, _ := rule.Compile(0, nil, nil)
	return desk.New(desk.Options{Ledger: l,
		Rules: func(context.Context, snowflake.GuildID) (*rule.Set, error) { return none, nil }})
}

// newBot makes a Bot that is not connected.
func newBot(t testing.TB, sim *discordsim.Sim, l *ledger, change ...func(*Options)) *Bot {
	t.Helper()
	opt := Options{
		Token: sim.Token(), APIURL: sim.URL(), Desk: unruled(l), Ledger: l, Sessions: l,
		Jitter: func() float64 { return 0.5 }, pace: brisk(),
	}
	for _, set := range change {
		set(&opt)
	}
	b, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// stop ends the Bot and gives what Run returned.
func (r *running) stop() error {
	r.once.Do(func() {
		r.cancel()
		r.err = <-r.ended
	})
	return r.err
}

// wait waits for a state.
func (r *running) wait(t testing.TB, state State) Status {
	t.Helper()
	ctx := within(t)
	for {
		select {
		case s := <-r.states:
			if s.State == state {
				return s
			}
		case <-ctx.Done():
			t.Fatalf("never %s, but %+v; log:\n%s", state, r.Status(), r.logged)
		}
	}
}

// received returns when the Bot has read all that the stand-in has sent: a heartbeat asked for behind it was answered.
func received(t testing.TB, sim *discordsim.Sim) {
	t.Helper()
	n := len(sim.Heartbeats())
	sim.AskHeartbeat()
	if err := sim.WaitHeartbeats(within(t), n+1); err != nil {
		t.Fatal(err)
	}
}

// contents are the texts of messages in the order seen.
func contents(events []moderation.MessagePosted) []string {
	var out []string
	for _, e := range events {
		var parts []string
		for _, text := range e.Texts {
			parts = append(parts, text.Value)
		}
		out = append(out, strings.Join(parts, "|"))
	}
	return out
}
