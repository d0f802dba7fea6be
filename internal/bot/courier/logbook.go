package courier

import (
	"sync"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

const (
	// logEvery is how long a guild's log channel rests between two messages: what happens meanwhile is in one.
	logEvery = 2 * time.Second
	// logKept is how many lines of a guild wait at most. Beyond it they are counted: a raid of thousands is on the
	// dashboard, and in the channel a handful of messages.
	logKept = 60
	// logLines is how many lines are in one message.
	logLines = 15
	// logRests is how long a channel is left alone in which guildwatch cannot write.
	logRests = 10 * time.Minute
)

// logbook gathers what is to be written into log channels. It is bounded by the guilds that guildwatch is in.
type logbook struct {
	mu     sync.Mutex
	guilds map[snowflake.GuildID]*logPage
	wake   chan struct{}
}

// logPage is what waits for one guild.
type logPage struct {
	lines   []moderation.Change
	dropped int
	due     time.Time // not before
	taken   bool      // a message is under way
}

func newLogbook() *logbook {
	return &logbook{guilds: map[snowflake.GuildID]*logPage{}, wake: make(chan struct{}, 1)}
}

// add notes a change.
func (b *logbook) add(change moderation.Change) {
	b.mu.Lock()
	page := b.guilds[change.Guild]
	if page == nil {
		page = &logPage{}
		b.guilds[change.Guild] = page
	}
	if len(page.lines) < logKept {
		page.lines = append(page.lines, change)
	} else {
		page.dropped++
	}
	b.mu.Unlock()
	b.rouse()
}

// rouse lets whoever waits look again.
func (b *logbook) rouse() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// take gives the lines of the guild that has waited longest, and how long to wait where no guild is due: negative where
// none waits at all. What was taken must be given back by done.
func (b *logbook) take(now time.Time) (guild snowflake.GuildID, lines []moderation.Change, dropped int, wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var oldest *logPage
	wait = -1
	for id, page := range b.guilds {
		switch {
		case page.taken || len(page.lines) == 0:
		case page.due.After(now):
			if left := page.due.Sub(now); wait < 0 || left < wait {
				wait = left
			}
		case oldest == nil || page.lines[0].At.Before(oldest.lines[0].At):
			oldest, guild = page, id
		}
	}
	if oldest == nil {
		return 0, nil, 0, wait
	}
	n := min(logLines, len(oldest.lines))
	lines, dropped = oldest.lines[:n:n], oldest.dropped
	oldest.taken = true
	return guild, lines, dropped, 0
}

// done ends what take began. The first n lines are gone, and what was dropped is told; the next message may follow after
// a rest. What came while the message was under way could not be taken then, and nobody waits for it.
func (b *logbook) done(guild snowflake.GuildID, n, dropped int, due time.Time) {
	b.mu.Lock()
	page := b.guilds[guild]
	page.lines, page.dropped = append([]moderation.Change(nil), page.lines[n:]...), page.dropped-dropped
	page.taken, page.due = false, due
	b.mu.Unlock()
	b.rouse()
}

// drop forgets all that waits for a guild: there is nowhere to write it.
func (b *logbook) drop(guild snowflake.GuildID, due time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.guilds[guild] = &logPage{due: due}
}
