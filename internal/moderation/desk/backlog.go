package desk

import (
	"context"
	"slices"
	"sync"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

const (
	// guildBacklog and wholeBacklog bound what waits: two seconds' worth of a guild's pace and of what the ledger records
	// at all, 4 000 cases a second. A mark waits no longer than that, and with it the counters of all guilds.
	guildBacklog = 500
	wholeBacklog = 8_000
	// A guild's first cases are recorded as they come, then 250 a second: six times as many as Discord allows deletions,
	// and a fifteenth of what the ledger can do. They are let through by fours, which share a commit.
	guildBurst = 64
	guildPace  = 4 * time.Millisecond
	guildLump  = 4
)

// backlog holds cases between the lane that has found them and the clerk who has them recorded. Guilds take turns. In a
// guild what a mark waits for goes first, then the gravest, then the oldest.
type backlog struct {
	wake chan struct{} // something was filed; nil never

	mu      sync.Mutex
	guilds  map[snowflake.GuildID]*shelf
	turns   []*shelf // those with cases; the first is next
	size    int
	mark    uint64         // number of the mark that what is filed now comes before
	open    map[uint64]int // by mark: cases that are neither recorded nor given up
	moved   chan struct{}  // closed when a mark has nothing open any more
	stuck   error          // why the ledger records nothing at the moment
	shed    int64
	missing map[snowflake.GuildID]*Missed
}

// shelf is what one guild has in the backlog.
type shelf struct {
	guild  snowflake.GuildID
	cases  [4][]filed // by severity, the mildest first; each in the order in which it came
	size   int
	credit int       // how many may be taken
	since  time.Time // when credit was given last
}

// filed is a case that waits.
type filed struct {
	moderation.Case
	mark uint64
}

// Missed is how many broken rules of a guild were not recorded, from when to when.
type Missed struct {
	Guild    snowflake.GuildID
	From, To time.Time
	Cases    int64
}

func newBacklog() *backlog {
	return &backlog{wake: make(chan struct{}, 1), guilds: map[snowflake.GuildID]*shelf{}, open: map[uint64]int{},
		moved: make(chan struct{}), missing: map[snowflake.GuildID]*Missed{}}
}

// file takes a case in. Beyond the bounds the mildest and newest of the guild with most is given up, and counted. While
// the ledger records nothing at all it takes no more than fits, and says why: then the lane holds what comes.
func (b *backlog) file(c moderation.Case) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.guilds[c.Violation.Guild]
	if s == nil {
		b.tidy(c.Detected)
		s = &shelf{guild: c.Violation.Guild}
		b.guilds[s.guild] = s
	}
	full := s.size >= guildBacklog || b.size >= wholeBacklog
	if full && b.stuck != nil {
		return b.stuck
	}
	if s.size == 0 {
		b.turns = append(b.turns, s)
	}
	s.put(filed{c, b.mark})
	b.size++
	b.open[b.mark]++
	if full {
		b.giveUp(s)
	}
	select {
	case b.wake <- struct{}{}:
	default:
	}
	return nil
}

// giveUp drops one case: of the guild that is beyond its bound, else of the one with most.
func (b *backlog) giveUp(s *shelf) {
	if s.size <= guildBacklog {
		s = slices.MaxFunc(b.turns, func(x, y *shelf) int { return x.size - y.size })
	}
	c := s.drop()
	b.size--
	if s.size == 0 {
		b.turns = slices.DeleteFunc(b.turns, func(other *shelf) bool { return other == s })
	}
	b.shed++
	b.miss(&c)
	b.close(c.mark)
}

// take gives at most so many cases whose turn it is; when there is none, how long until there is, 0 for until some are
// filed.
func (b *backlog) take(now time.Time, most int) (cases []filed, wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for early := 0; early < len(b.turns) && len(cases) < most; {
		s := b.turns[0]
		b.turns = b.turns[1:]
		if early++; s.ready(now) {
			early = 0
			cases = append(cases, s.take())
			b.size--
		} else if ahead := guildLump*guildPace - now.Sub(s.since); wait == 0 || ahead < wait {
			wait = ahead
		}
		if s.size > 0 {
			b.turns = append(b.turns, s)
		}
	}
	if len(cases) > 0 {
		wait = 0
	}
	return cases, wait
}

// recorded notes that cases are in the ledger.
func (b *backlog) recorded(cases []filed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stuck = nil
	for i := range cases {
		b.close(cases[i].mark)
	}
}

// stall notes why the ledger records nothing.
func (b *backlog) stall(why error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stuck = why
}

// lose notes that a case cannot be recorded.
func (b *backlog) lose(c *filed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.miss(c)
	b.close(c.mark)
}

// close notes that a case is dealt with. It is called under the lock, as is what follows.
func (b *backlog) close(mark uint64) {
	if b.open[mark]--; b.open[mark] > 0 {
		return
	}
	delete(b.open, mark)
	close(b.moved)
	b.moved = make(chan struct{})
}

func (b *backlog) miss(c *filed) {
	at := c.Detected
	m := b.missing[c.Violation.Guild]
	if m == nil {
		m = &Missed{Guild: c.Violation.Guild, From: at, To: at}
		b.missing[m.Guild] = m
	}
	if at.Before(m.From) {
		m.From = at
	}
	if at.After(m.To) {
		m.To = at
	}
	m.Cases++
}

// tidy forgets guilds whose pace is up to date, once they are many.
func (b *backlog) tidy(now time.Time) {
	if len(b.guilds) < 2*len(b.turns)+1000 {
		return
	}
	for guild, s := range b.guilds {
		if s.size == 0 && now.Sub(s.since) > guildBurst*guildPace {
			delete(b.guilds, guild)
		}
	}
}

// settled puts a mark behind all that was filed so far, and returns once that is recorded or given up.
func (b *backlog) settled(ctx context.Context) error {
	b.mu.Lock()
	mine := b.mark
	b.mark++
	b.mu.Unlock()
	for {
		b.mu.Lock()
		waiting, moved := false, b.moved
		for mark := range b.open {
			waiting = waiting || mark <= mine
		}
		b.mu.Unlock()
		if !waiting {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// missed hands out what was not recorded since the last time.
func (b *backlog) missed() (all []Missed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.missing {
		all = append(all, *m)
	}
	clear(b.missing)
	return all
}

func (s *shelf) put(c filed) {
	grade := grade(c.Violation.Severity)
	s.cases[grade] = append(s.cases[grade], c)
	s.size++
}

// ready says whether the guild's pace allows another case now.
func (s *shelf) ready(now time.Time) bool {
	if now.Before(s.since) {
		s.since = now // the clock was set back
	}
	if earned := int(now.Sub(s.since) / guildPace); earned >= guildLump {
		s.credit, s.since = min(guildBurst, s.credit+earned), now
	}
	return s.credit > 0
}

// take gives the case whose turn it is.
func (s *shelf) take() filed {
	s.credit--
	best := -1
	for grade := len(s.cases) - 1; grade >= 0; grade-- {
		if len(s.cases[grade]) > 0 && (best < 0 || s.cases[grade][0].mark < s.cases[best][0].mark) {
			best = grade
		}
	}
	c := s.cases[best][0]
	s.cases[best][0] = filed{} // its text is not kept
	s.cases[best] = s.cases[best][1:]
	s.size--
	return c
}

// drop gives the mildest case that came last.
func (s *shelf) drop() filed {
	grade := slices.IndexFunc(s.cases[:], func(list []filed) bool { return len(list) > 0 })
	list := s.cases[grade]
	c := list[len(list)-1]
	list[len(list)-1] = filed{}
	s.cases[grade] = list[:len(list)-1]
	s.size--
	return c
}

func grade(severity moderation.Severity) int {
	return max(0, slices.Index(moderation.Severities(), severity))
}
