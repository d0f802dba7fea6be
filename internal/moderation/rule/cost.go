package rule

import (
	"fmt"
	"regexp"
	"sync"
	"sync/atomic"
	"time"
)

// When an expression is saved its cost is measured on hard texts, but not on all there are. In use it may take, within
// costSpan, a tenth of a processor in all, and slowRun for slowMost messages. With 8 lanes and 20 000 messages a
// second a lane has 0.4 ms for each; a message of 10 ms holds up 25 others.
const (
	costSpan  = time.Minute
	costShare = 6 * time.Second
	slowRun   = 10 * time.Millisecond
	slowMost  = 3
)

// Overrun is an expression that took too long in use.
type Overrun struct {
	Rule *Rule
	Text string // a sentence with what was measured
}

// cost is what an expression took lately. It is safe for concurrent use.
type cost struct {
	mu    sync.Mutex
	since time.Time
	spent time.Duration
	runs  int
	slow  int
	worst time.Duration
}

// note adds a run, and says what is wrong once it is too much. A slow run is measured twice more and the best counts: a
// busy machine may have taken the processor away meanwhile.
func (c *cost) note(re *regexp.Regexp, text string, began time.Time) (problem string) {
	now := time.Now()
	took := now.Sub(began)
	for n := 0; n < 2 && took >= slowRun; n++ {
		again := time.Now()
		re.FindStringIndex(text)
		now = time.Now()
		took = min(took, now.Sub(again))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.since) >= costSpan {
		c.since, c.spent, c.runs, c.slow, c.worst = now, 0, 0, 0, 0
	}
	c.spent += took
	c.runs++
	c.worst = max(c.worst, took)
	if took >= slowRun {
		c.slow++
	}
	switch {
	case c.slow >= slowMost:
		problem = fmt.Sprintf("Its expression took up to %s for one message, %d times within a minute; %s is allowed.",
			c.worst.Round(100*time.Microsecond), c.slow, slowRun)
	case c.spent >= costShare:
		problem = fmt.Sprintf("Its expression took %s for %d messages within a minute; %s is allowed.",
			c.spent.Round(100*time.Millisecond), c.runs, costShare)
	default:
		return ""
	}
	c.since = time.Time{}
	return problem + " Use fewer repetitions, or say what it begins with."
}

// Overrun gives, once, a rule whose expression has taken too long since it was last asked; nil: none has. It costs
// nothing that could be measured.
func (s *Set) Overrun() *Overrun {
	for _, list := range []*expressions{s.folded, s.raw} {
		if list.overrun.Load() != nil {
			return list.overrun.Swap(nil)
		}
	}
	return nil
}

// overruns holds what is to be told of.
type overruns = atomic.Pointer[Overrun]
