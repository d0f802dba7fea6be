package bot

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"guildwatch/internal/snowflake"
)

// memberList asks Discord for the members of each guild, one guild at a time: a guild arrives without them. The next is
// asked for when the lanes have recorded the last part of the one before, so a thousand large guilds never fill the
// lanes.
type memberList struct {
	pace pace

	mu      sync.Mutex
	on      bool // the intent was granted
	queue   []snowflake.GuildID
	current snowflake.GuildID // asked for, not complete
	parts   int               // of it that came
	again   time.Time         // when Discord says that it may be asked for once more
	wake    chan struct{}
}

func newMemberList(p pace) *memberList { return &memberList{pace: p, wake: make(chan struct{}, 1)} }

// allow says whether Discord lets the bot list members.
func (m *memberList) allow(on bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.on = on
}

// want queues a guild.
func (m *memberList) want(guild snowflake.GuildID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, queued := range m.queue {
		if queued == guild {
			return
		}
	}
	if guild != m.current {
		m.queue = append(m.queue, guild)
		m.nudge()
	}
}

// arrived notes a recorded part of a guild's list.
func (m *memberList) arrived(guild snowflake.GuildID, last bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if guild != m.current {
		return
	}
	m.parts++
	if last {
		m.current = 0
	}
	m.nudge()
}

// limited takes RATE_LIMITED: the list was asked for too soon.
func (m *memberList) limited(payload []byte) {
	var p struct {
		Op         int     `json:"opcode"`
		RetryAfter float64 `json:"retry_after"`
		Meta       struct {
			GuildID id `json:"guild_id"`
		} `json:"meta"`
	}
	if decode(payload, &p) != nil || p.Op != opMembers {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if guild := snowflake.GuildID(p.Meta.GuildID); guild != 0 && guild == m.current {
		m.current, m.queue = 0, append(m.queue, guild)
		m.again = time.Now().Add(time.Duration(min(max(p.RetryAfter, 0), 600) * float64(time.Second)))
		m.nudge()
	}
}

func (m *memberList) nudge() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// run asks over one connection until ctx ends. What was not complete then is asked for again over the next.
func (m *memberList) run(ctx context.Context, send func([]byte) error) {
	defer m.giveUp(false)
	for {
		guild, wait := m.next()
		if guild != 0 {
			payload, _ := json.Marshal(map[string]any{
				"op": opMembers, "d": map[string]any{"guild_id": guild, "query": "", "limit": 0},
			})
			if send(payload) != nil {
				return
			}
			if !m.collect(ctx) {
				return
			}
			wait = m.pace.sendEvery
		}
		if !m.sleep(ctx, wait, guild == 0) {
			return
		}
	}
}

// next takes a guild from the queue; 0 and how long to wait when there is none to ask for now, a negative wait for no
// end.
func (m *memberList) next() (snowflake.GuildID, time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) == 0 || !m.on {
		return 0, -1
	}
	if wait := time.Until(m.again); wait > 0 {
		return 0, wait
	}
	m.current, m.parts = m.queue[0], 0
	m.queue = m.queue[1:]
	return m.current, 0
}

// collect waits for the rest of the current guild; a list that stops coming is given up. False when ctx ends.
func (m *memberList) collect(ctx context.Context) bool {
	for seen := 0; ; {
		m.mu.Lock()
		done, parts := m.current == 0, m.parts
		m.mu.Unlock()
		if done {
			return true
		}
		timer := time.NewTimer(m.pace.chunks)
		select {
		case <-m.wake:
		case <-timer.C:
			if parts == seen {
				m.giveUp(true)
				return true
			}
		case <-ctx.Done():
			timer.Stop()
			return false
		}
		timer.Stop()
		seen = parts
	}
}

// giveUp ends the current guild; unless for good it goes back to the head of the queue.
func (m *memberList) giveUp(good bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.current != 0 && !good {
		m.queue = append([]snowflake.GuildID{m.current}, m.queue...)
	}
	m.current = 0
}

// sleep waits for d (for ever when negative), or less when wakeable and something is new. False when ctx ends.
func (m *memberList) sleep(ctx context.Context, d time.Duration, wakeable bool) bool {
	var timeout <-chan time.Time
	if d >= 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		timeout = timer.C
	}
	wake := m.wake
	if !wakeable {
		wake = nil
	}
	select {
	case <-timeout:
	case <-wake:
	case <-ctx.Done():
		return false
	}
	return true
}
