package store

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// firstDay is when these tests begin.
var firstDay = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// worldClock is a machine's two clocks: the wall clock can be set, the monotonic one cannot.
type worldClock struct {
	wall    time.Time
	jumped  time.Duration // by how much the wall clock was set on, in all
	atStart time.Duration // jumped when the store was opened
}

func (c *worldClock) now() time.Time       { return c.wall }
func (c *worldClock) pass(d time.Duration) { c.wall = c.wall.Add(d) }
func (c *worldClock) set(by time.Duration) { c.wall = c.wall.Add(by); c.jumped += by }
func (c *worldClock) steady() time.Time    { return c.wall.Add(c.atStart - c.jumped) }
func (c *worldClock) open(dir string) *Store {
	return c.opened(Open(context.Background(), c.options(dir)))
}

func (c *worldClock) options(dir string) Options {
	return Options{Dir: dir, Clock: c.now}
}

func (c *worldClock) opened(s *Store, err error) *Store {
	if err != nil {
		panic(err)
	}
	c.atStart = c.jumped
	start := c.wall
	// What time.Time does by its monotonic reading, which no test can set apart from the wall clock.
	s.steady.since = func(t time.Time) time.Duration { return t.Sub(start) - (c.jumped - c.atStart) }
	return s
}

// sessionModel is what the store must know of one session.
type sessionModel struct {
	id       int64
	user     snowflake.UserID
	expires  time.Time
	lastUsed time.Time // in the table
	found    time.Time // in memory: lost at a restart
	address  string
	ended    bool
}

func (m *sessionModel) use() time.Time {
	if m.found.After(m.lastUsed) {
		return m.found
	}
	return m.lastUsed
}

func (m *sessionModel) over(now time.Time) bool {
	return m.ended || !now.Before(m.expires) || now.Sub(m.use()) >= SessionIdle
}

// A session that was ended, or refused once, is never found again, whatever comes in between; none ends early and none
// late, whatever the wall clock is set to while guildwatch runs (F39); and all of it survives a restart.
func TestSessionsAgreeWithTheModel(t *testing.T) {
	unsynced(t)
	run := &sessionRun{dir: t.TempDir(), clock: &worldClock{wall: firstDay}}
	run.open()
	defer func() { run.s.Close() }()
	raw := rawHandle(t, run.s.dir.database())
	rapid.Check(t, func(r *rapid.T) {
		// One database for all, emptied: to make or to open one costs more than all steps together.
		change(r, raw, "DELETE FROM sessions")
		run.s.DropCaches()
		run.clock.set(firstDay.Sub(run.clock.wall))
		run.byTok, run.gone, run.told = map[string]*sessionModel{}, map[int64]bool{}, map[int64]bool{}
		r.Repeat(map[string]func(*rapid.T){
			"start": run.start, "find": run.find, "touch": run.touch, "end": run.end, "end others": run.endOthers,
			"pass": run.pass, "set the clock": run.set, "sweep": run.sweep, "restart": run.restart, "list": run.list, "": run.check,
		})
	})
	run.s.proveAudit(t)
}

type sessionRun struct {
	clock *worldClock
	dir   string
	s     *Store
	byTok map[string]*sessionModel
	gone  map[int64]bool // every session that was ever ended or refused
	told  map[int64]bool // of whose end the listeners were told
}

func (run *sessionRun) open() {
	run.s = run.clock.open(run.dir)
	run.s.OnSessionsEnded(func(ids []int64) {
		for _, id := range ids {
			run.told[id] = true
		}
	})
}

func (run *sessionRun) pick(r *rapid.T) (string, *sessionModel) {
	token := fmt.Sprint("token-", rapid.IntRange(0, 2).Draw(r, "token"))
	return token, run.byTok[token]
}

func (run *sessionRun) actor(r *rapid.T) access.Actor {
	return access.Person(snowflake.UserID(rapid.IntRange(1, 2).Draw(r, "user")), false)
}

func (run *sessionRun) start(r *rapid.T) {
	token, known := run.pick(r)
	actor := run.actor(r)
	err := run.s.StartSession(r.Context(), token, Session{User: actor.User(), Device: "Firefox", Address: "192.0.2.1"})
	if known != nil {
		if fault.Of(err) != fault.Conflict {
			r.Fatalf("%s began a second time: %v", token, err)
		}
		return
	}
	if err != nil {
		r.Fatal(err)
	}
	now := run.clock.steady()
	id := run.idOf(r, token)
	if run.gone[id] {
		r.Fatalf("session %d came back under a new token", id)
	}
	run.byTok[token] = &sessionModel{id: id, user: actor.User(), expires: now.Add(SessionLife), lastUsed: now, address: "192.0.2.1"}
}

func (run *sessionRun) idOf(r *rapid.T, token string) int64 {
	row, err := run.s.reads.GetSession(r.Context(), token)
	if err != nil {
		r.Fatal(err)
	}
	return row.SessionID
}

func (run *sessionRun) find(r *rapid.T) {
	token, m := run.pick(r)
	ctx, glance := r.Context(), rapid.Bool().Draw(r, "glance")
	if glance {
		ctx = Glance(ctx)
	}
	got, ok, err := run.s.FindSession(ctx, token)
	now := run.clock.steady()
	want := m != nil && !m.over(now)
	if err != nil || ok != want {
		r.Fatalf("%s: found = %v, %v; want %v (%+v)", token, ok, err, want, m)
	}
	if !ok {
		if m != nil {
			run.markGone(m)
		}
		return
	}
	if run.gone[got.ID] || got.ID != m.id || got.User != m.user || got.Expires.Sub(run.clock.wall) != m.expires.Sub(now) {
		r.Fatalf("%s: got %+v, want %+v", token, got, m)
	}
	if !glance {
		m.found = now
	}
}

func (run *sessionRun) markGone(m *sessionModel) { m.ended, run.gone[m.id] = true, true }

func (run *sessionRun) touch(r *rapid.T) {
	_, m := run.pick(r)
	touch := Touch{ID: 4711, At: run.clock.now().Add(-rapid.SampledFrom([]time.Duration{0, time.Minute, -day}).Draw(r, "ago")),
		Address: fmt.Sprint("192.0.2.", rapid.IntRange(1, 2).Draw(r, "address"))}
	if m != nil {
		touch.ID = m.id
	}
	if err := run.s.TouchSessions(r.Context(), []Touch{touch}); err != nil || m == nil {
		if err != nil {
			r.Fatal(err)
		}
		return
	}
	now := run.clock.steady()
	at := now.Add(touch.At.Sub(run.clock.now()))
	if at.After(now) {
		at = now
	}
	if m.over(at) || !now.Before(m.expires) {
		return
	}
	m.lastUsed = m.use()
	if at.After(m.lastUsed) {
		m.lastUsed = at
	}
	if touch.Address != m.address {
		m.address, m.found = touch.Address, time.Time{}
	}
}

func (run *sessionRun) end(r *rapid.T) {
	_, m := run.pick(r)
	actor := run.actor(r)
	id := int64(4711)
	if m != nil {
		id = m.id
	}
	now := run.clock.steady()
	may := m != nil && m.user == actor.User() && !m.ended && now.Before(m.expires)
	err := run.s.EndSession(r.Context(), actor, id)
	switch {
	case may && err == nil:
		run.markGone(m)
	case may && m.over(now) && fault.Of(err) == fault.NotFound: // too long unused: it is over either way
	case may || fault.Of(err) != fault.NotFound:
		r.Fatalf("ending %+v: %v", m, err)
	}
}

func (run *sessionRun) endOthers(r *rapid.T) {
	_, m := run.pick(r)
	actor := run.actor(r)
	var except int64
	if m != nil {
		except = m.id
	}
	got, err := run.s.EndSessions(r.Context(), actor, except)
	if err != nil {
		r.Fatal(err)
	}
	want := 0
	for _, m := range run.byTok {
		if m.user == actor.User() && m.id != except && !m.ended {
			run.markGone(m)
			want++
		}
	}
	if got != want {
		r.Fatalf("%d sessions were ended, want %d", got, want)
	}
}

func (run *sessionRun) pass(r *rapid.T) {
	run.clock.pass(rapid.SampledFrom([]time.Duration{time.Minute, time.Hour, 6 * time.Hour, 11 * time.Hour, SessionIdle,
		2 * day}).Draw(r, "for"))
}

func (run *sessionRun) set(r *rapid.T) {
	run.clock.set(rapid.SampledFrom([]time.Duration{-time.Hour, time.Hour, -day, day, -400 * day}).Draw(r, "by"))
}

func (run *sessionRun) sweep(r *rapid.T) {
	if err := run.s.SweepIdentity(r.Context(), run.clock.now()); err != nil {
		r.Fatal(err)
	}
	now := run.clock.steady()
	for token, m := range run.byTok {
		switch {
		case !now.Before(m.expires):
			run.markGone(m)
			delete(run.byTok, token)
		case m.ended || now.Sub(m.lastUsed) < SessionIdle+touchPace:
		case now.Sub(m.use()) < SessionIdle:
			m.lastUsed = m.use()
		default:
			run.markGone(m)
		}
	}
}

func (run *sessionRun) restart(r *rapid.T) {
	if rapid.IntRange(0, 4).Draw(r, "spare the time") > 0 {
		return
	}
	if err := run.s.Close(); err != nil {
		r.Fatal(err)
	}
	run.open()
	for _, m := range run.byTok {
		m.found = time.Time{}
	}
}

func (run *sessionRun) list(r *rapid.T) {
	now := run.clock.steady()
	for user := snowflake.UserID(1); user <= 2; user++ {
		list, err := run.s.Sessions(r.Context(), access.Person(user, false))
		if err != nil || !slices.IsSortedFunc(list, func(a, b Session) int { return b.LastUsed.Compare(a.LastUsed) }) {
			r.Fatalf("%+v, %v", list, err)
		}
		var got, want []int64
		for _, session := range list {
			got = append(got, session.ID)
		}
		for _, m := range run.byTok {
			if m.user == user && !m.over(now) {
				want = append(want, m.id)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			r.Fatalf("sessions of %d: %v, want %v", user, got, want)
		}
	}
}

func (run *sessionRun) check(r *rapid.T) {
	for id := range run.told {
		if !run.gone[id] {
			r.Fatalf("the end of session %d was told, and it has not ended", id)
		}
	}
	for id := range run.gone {
		if !run.told[id] {
			r.Fatalf("session %d ended, and nobody was told", id)
		}
	}
}
