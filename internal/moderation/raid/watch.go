package raid

import (
	"slices"
	"sync"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

const (
	// mostJoins bounds the joins kept of a minute: beyond it the oldest is forgotten, the count stays far above every
	// threshold.
	mostJoins = 512
	// idle is how long after its last event a guild is forgotten.
	idle = 5 * time.Minute
	// decision is how long after a trigger was reported more is told until Heat says whether it is to be.
	decision = 5 * time.Second
	// stale is how old what arrives may be: what is read back after a break says nothing about now.
	stale = 2 * time.Minute
)

// Watch looks at the joins and messages of all guilds. It is safe for concurrent use.
type Watch struct {
	clock func() time.Time
	wake  chan struct{}
	mu    sync.RWMutex
	gates map[snowflake.GuildID]*gate
}

// NewWatch makes a watch; a nil clock is time.Now.
func NewWatch(clock func() time.Time) *Watch {
	if clock == nil {
		clock = time.Now
	}
	return &Watch{clock: clock, wake: make(chan struct{}, 1), gates: map[snowflake.GuildID]*gate{}}
}

// Noticed has a value once something was noticed that may switch raid mode on.
func (w *Watch) Noticed() <-chan struct{} { return w.wake }

// gate is what is remembered of one guild.
type gate struct {
	mu      sync.Mutex
	touched time.Time
	hot     time.Time // until then more of what is known is told: raid mode is on
	joins   []Join    // within the last minute, oldest first
	crowd   *crowd    // of similar messages; nil before the first one

	// What has not been reported.
	sign     time.Time // of the newest trigger; zero: none
	triggers []Trigger
	newcome  []Join
}

func (w *Watch) gate(guild snowflake.GuildID) *gate {
	w.mu.RLock()
	g := w.gates[guild]
	w.mu.RUnlock()
	if g != nil {
		return g
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if g = w.gates[guild]; g == nil {
		g = &gate{}
		w.gates[guild] = g
	}
	return g
}

// Joined notes somebody who came in.
func (w *Watch) Joined(guild snowflake.GuildID, user snowflake.UserID, at time.Time) {
	now := w.clock()
	if guild == 0 || now.Sub(at) > stale {
		return
	}
	g := w.gate(guild)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.touched = now
	join := Join{user, at}
	if slices.Contains(g.joins, join) {
		return // told again
	}
	g.joins = slices.DeleteFunc(g.joins, func(j Join) bool { return at.Sub(j.At) >= joinWindow })
	if len(g.joins) >= mostJoins {
		g.joins = g.joins[1:]
	}
	g.joins = append(g.joins, join)
	if now.Before(g.hot) || len(g.triggers) > 0 {
		g.come(join)
	}
	fresh, all := g.count()
	if fresh >= sensitiveJoins && join.New() {
		w.notice(g, at, now, ByNewJoins)
	}
	if all >= balancedJoins && fresh*100 >= all*balancedShare {
		w.notice(g, at, now, ByJoins)
	}
}

func (g *gate) count() (fresh, all int) {
	for _, j := range g.joins {
		if j.New() {
			fresh++
		}
	}
	return fresh, len(g.joins)
}

// come keeps a join for the next report.
func (g *gate) come(j Join) {
	if len(g.newcome) < mostJoins && !slices.Contains(g.newcome, j) {
		g.newcome = append(g.newcome, j)
	}
}

// notice keeps a trigger for the next report, which says what set it off as well. Nobody is woken for a raid that is
// known: of 5 000 messages a second each would be one more transaction.
func (w *Watch) notice(g *gate, at, now time.Time, trigger Trigger) {
	first := len(g.triggers) == 0 && !now.Before(g.hot)
	if at.After(g.sign) {
		g.sign = at
	}
	if !slices.Contains(g.triggers, trigger) {
		g.triggers = append(g.triggers, trigger)
		slices.SortFunc(g.triggers, func(a, b Trigger) int { return rank(a) - rank(b) })
	}
	for _, j := range g.joins {
		g.come(j)
	}
	if !first {
		return
	}
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func rank(t Trigger) int {
	return slices.Index([]Trigger{ByPerson, ByNewJoins, ByJoins, ByMessages}, t)
}

// Posted looks at a message. One that is like no other costs a hash of its letters and nothing that has to be freed.
func (w *Watch) Posted(guild snowflake.GuildID, user snowflake.UserID, at time.Time, texts []moderation.Text) {
	k := keysOf(texts)
	if k.n == 0 || guild == 0 {
		return
	}
	now := w.clock()
	if now.Sub(at) > stale {
		return
	}
	g := w.gate(guild)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.touched = now
	if g.crowd == nil {
		g.crowd = newCrowd()
	}
	if g.crowd.post(k, user, at, texts, now.Before(g.hot)) {
		w.notice(g, at, now, ByMessages)
	}
}

// Heat has more of what is known told for a guild until a time: raid mode is on there.
func (w *Watch) Heat(guild snowflake.GuildID, until time.Time) {
	g := w.gate(guild)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.touched = w.clock()
	if until.After(g.hot) {
		g.hot = until
	}
}

// Cool ends what Heat began.
func (w *Watch) Cool(guild snowflake.GuildID) {
	g := w.gate(guild)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hot = time.Time{}
}

// Reports takes what was noticed since the last call, and forgets guilds in which nothing happens.
func (w *Watch) Reports() (reports []Report) {
	now := w.clock()
	w.mu.RLock()
	gates := make(map[snowflake.GuildID]*gate, len(w.gates))
	for guild, g := range w.gates {
		gates[guild] = g
	}
	w.mu.RUnlock()
	var quiet []snowflake.GuildID
	for guild, g := range gates {
		r, there, over := g.report(guild, now)
		if there {
			reports = append(reports, r)
		}
		if over {
			quiet = append(quiet, guild)
		}
	}
	if len(quiet) > 0 {
		w.forget(quiet, now)
	}
	return reports
}

func (g *gate) report(guild snowflake.GuildID, now time.Time) (r Report, there, over bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	r = Report{Guild: guild, At: g.sign, Triggers: g.triggers, Joins: g.newcome}
	r.NewJoins, r.AllJoins = g.count()
	if g.crowd != nil {
		r.Clusters = g.crowd.report(len(g.triggers) > 0 || now.Before(g.hot))
	}
	if until := now.Add(decision); len(g.triggers) > 0 && until.After(g.hot) {
		g.hot = until
	}
	g.sign, g.triggers, g.newcome = time.Time{}, nil, nil
	if r.At.IsZero() {
		r.At = now
	}
	return r, len(r.Triggers)+len(r.Joins)+len(r.Clusters) > 0, now.Sub(g.touched) > idle && !now.Before(g.hot)
}

func (w *Watch) forget(quiet []snowflake.GuildID, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, guild := range quiet {
		g := w.gates[guild]
		g.mu.Lock()
		if now.Sub(g.touched) > idle { // whoever holds it from before writes into nothing for one event at most
			delete(w.gates, guild)
		}
		g.mu.Unlock()
	}
}
