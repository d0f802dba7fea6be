package raid

import (
	"strings"
	"time"
	"unicode/utf8"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

const (
	// slotsLeast and slotsMost are how many keys of the last 30 s are remembered: a quiet guild's take 6 KB, those of one
	// with 100 messages a second 96 KB.
	slotsLeast = 256
	slotsMost  = 4096
	// mostSuspects is how many texts that came twice are counted, mostText how many bytes of each are kept, and mostBy
	// how many members of each are told in one report.
	mostSuspects = 32
	mostText     = 300
	mostBy       = 256
	// remembered is how many messages of a cluster are looked at together: one member who floods does not push out the
	// five who make a raid.
	remembered = 64
)

// crowd finds similar messages of one guild.
type crowd struct {
	slots    []slot
	filled   int       // slots written since grown
	grown    time.Time // when filled was last 0
	suspects map[uint64]*suspect
}

// slot remembers that a key was seen once, until another one takes its place.
type slot struct {
	key  uint64
	user snowflake.UserID
	at   int64 // ms
}

// suspect is a text that came more than once.
type suspect struct {
	text    string
	first   time.Time
	last    time.Time
	seen    [remembered]sight // the last messages, as a circle
	n       int
	tripped bool    // it was ten from five once: from then on all of it is told while raid mode is on
	by      []Wrote // not reported yet
}

type sight struct {
	user snowflake.UserID
	at   time.Time
}

func newCrowd() *crowd {
	return &crowd{slots: make([]slot, slotsLeast), suspects: map[uint64]*suspect{}}
}

// post counts a message and says whether it makes a raid with those before it.
func (c *crowd) post(k keys, user snowflake.UserID, at time.Time, texts []moderation.Text, hot bool) (raid bool) {
	for _, key := range k.key[:k.n] {
		if s := c.suspects[key]; s != nil {
			return s.add(sight{user, at}, hot)
		}
	}
	ms := at.UnixMilli()
	for _, key := range k.key[:k.n] {
		s := &c.slots[key&uint64(len(c.slots)-1)]
		if s.key != key || ms-s.at >= messageWindow.Milliseconds() {
			continue
		}
		before := sight{s.user, time.UnixMilli(s.at).UTC()}
		c.suspect(key, textOf(texts), before).add(sight{user, at}, hot)
		return false
	}
	for _, key := range k.key[:k.n] {
		c.slots[key&uint64(len(c.slots)-1)] = slot{key, user, ms}
		c.filled++
	}
	c.grow(at)
	return false
}

// grow makes room where more keys come in half a minute than there are slots for twice as many.
func (c *crowd) grow(at time.Time) {
	switch {
	case c.grown.IsZero(), at.Sub(c.grown) > messageWindow:
		c.grown, c.filled = at, 0
	case c.filled > len(c.slots)/2 && len(c.slots) < slotsMost:
		old := c.slots
		c.slots, c.grown, c.filled = make([]slot, 4*len(old)), at, 0
		for _, s := range old {
			if s.key != 0 {
				c.slots[s.key&uint64(len(c.slots)-1)] = s
			}
		}
	}
}

// suspect begins to count a text; the one that was silent for longest makes room.
func (c *crowd) suspect(key uint64, text string, first sight) *suspect {
	if len(c.suspects) >= mostSuspects {
		var oldest uint64
		for k, s := range c.suspects {
			if o := c.suspects[oldest]; o == nil || s.last.Before(o.last) {
				oldest = k
			}
		}
		delete(c.suspects, oldest)
	}
	s := &suspect{text: text, first: first.at}
	s.add(first, false)
	c.suspects[key] = s
	return s
}

func (s *suspect) add(one sight, hot bool) (raid bool) {
	s.seen[s.n%remembered] = one
	s.n++
	s.last = one.at
	if s.tripped && (hot || len(s.by) > 0) {
		s.note(one.user)
	}
	count, members := s.within(one.at)
	if count < similarMessages || members < similarMembers {
		return false
	}
	if !s.tripped {
		s.tripped = true
		s.by = nil
		for _, seen := range s.kept() {
			s.note(seen.user)
		}
	}
	return true
}

// kept are the messages that are remembered.
func (s *suspect) kept() []sight { return s.seen[:min(s.n, remembered)] }

// within is how many of the messages are of the last 30 s, and from how many members, counted up to five.
func (s *suspect) within(now time.Time) (count, members int) {
	var who [similarMembers]snowflake.UserID
next:
	for _, seen := range s.kept() {
		if now.Sub(seen.at) >= messageWindow {
			continue
		}
		count++
		for _, other := range who[:members] {
			if other == seen.user {
				continue next
			}
		}
		if members < similarMembers {
			who[members] = seen.user
			members++
		}
	}
	return count, members
}

func (s *suspect) note(user snowflake.UserID) {
	for i := range s.by {
		if s.by[i].User == user {
			s.by[i].Messages++
			return
		}
	}
	if len(s.by) < mostBy {
		s.by = append(s.by, Wrote{user, 1})
	}
}

// report takes what has not been told of clusters. Where nobody wants to know, it is forgotten.
func (c *crowd) report(wanted bool) (clusters []Cluster) {
	for key, s := range c.suspects {
		if s.tripped && wanted && len(s.by) > 0 {
			clusters = append(clusters, Cluster{Key: int64(key), Text: s.text, First: s.first, Last: s.last, By: s.by})
		}
		s.by = nil
	}
	return clusters
}

// textOf is a copy of what was written, cut at a character: the message itself is not kept for it.
func textOf(texts []moderation.Text) string {
	for i := range texts {
		value := texts[i].Value
		if value == "" || texts[i].Surface == moderation.SurfaceEmbed {
			continue
		}
		if len(value) > mostText {
			end := mostText
			for end > 0 && !utf8.RuneStart(value[end]) {
				end--
			}
			value = value[:end]
		}
		return strings.Clone(value)
	}
	return ""
}
