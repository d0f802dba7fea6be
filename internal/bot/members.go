package bot

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"sync"
	"time"

	"guildwatch/internal/snowflake"
)

// memberList asks Discord for the members of each guild, one guild at a time: a guild arrives without them. The next is
// asked for when the lanes have read the last part of the one before, so a thousand large guilds never fill the lanes.
// A list that is not there whole is asked for again.
type memberList struct {
	pace pace

	mu    sync.Mutex
	on    bool // the intent was granted
	queue []snowflake.GuildID
	roll  *roll                           // of the guild that was asked for and is not complete; nil when there is none
	last  int64                           // number of a list, above those of earlier processes: their parts are not ours
	ended map[snowflake.GuildID]bool      // whose list was read whole and is not recorded yet
	whole map[snowflake.GuildID]bool      // whose members are recorded, as of this session
	later map[snowflake.GuildID]time.Time // before which a guild is not asked for again
	wake  chan struct{}
}

func newMemberList(p pace) *memberList {
	return &memberList{
		pace: p, last: time.Now().UnixMilli(), ended: map[snowflake.GuildID]bool{}, whole: map[snowflake.GuildID]bool{},
		later: map[snowflake.GuildID]time.Time{}, wake: make(chan struct{}, 1),
	}
}

// allow says whether Discord lets the bot list members.
func (m *memberList) allow(on bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.on = on
}

// hears says whether Discord tells who comes and leaves.
func (m *memberList) hears() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.on
}

// follows says whether the guild's members are recorded as Discord has them.
func (m *memberList) follows(guild snowflake.GuildID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.on && m.whole[guild]
}

// want queues a guild whose members are not known, or not any more.
func (m *memberList) want(guild snowflake.GuildID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unlearn(guild)
	if !slices.Contains(m.queue, guild) {
		m.queue = append(m.queue, guild)
		m.nudge()
	}
}

// need queues a guild unless its list is there or on its way.
func (m *memberList) need(guild snowflake.GuildID) {
	m.mu.Lock()
	known := m.whole[guild] || m.ended[guild] || m.roll != nil && m.roll.guild == guild
	m.mu.Unlock()
	if !known {
		m.want(guild)
	}
}

// drop forgets a guild that is out of reach, or of which something was missed.
func (m *memberList) drop(guild snowflake.GuildID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unlearn(guild)
	m.queue = slices.DeleteFunc(m.queue, func(queued snowflake.GuildID) bool { return queued == guild })
	if m.roll != nil && m.roll.guild == guild {
		m.roll = nil
		m.nudge()
	}
}

// forget forgets all guilds: the session is gone, and with it what happened until the next.
func (m *memberList) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.queue, m.roll = nil, nil
	clear(m.ended)
	clear(m.whole)
	clear(m.later)
}

func (m *memberList) unlearn(guild snowflake.GuildID) {
	delete(m.whole, guild)
	delete(m.ended, guild)
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
	if m.roll != nil && m.roll.guild == snowflake.GuildID(p.Meta.GuildID) {
		m.putOff(time.Duration(min(max(p.RetryAfter, 0), 600) * float64(time.Second)))
	}
}

// putOff ends the current list; the guild is asked for again, no sooner than in d.
func (m *memberList) putOff(d time.Duration) {
	guild := m.roll.guild
	if !slices.Contains(m.queue, guild) {
		m.queue = append(m.queue, guild)
	}
	m.roll, m.later[guild] = nil, time.Now().Add(d)
	m.nudge()
}

func (m *memberList) nudge() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// run asks over one connection until ctx ends. What was not complete then is asked for again over the next.
func (m *memberList) run(ctx context.Context, send func([]byte) error) {
	defer m.interrupt()
	for {
		r, wait := m.next()
		if r != nil {
			payload, _ := json.Marshal(map[string]any{"op": opMembers, "d": map[string]any{
				"guild_id": r.guild, "query": "", "limit": 0, "nonce": strconv.FormatInt(r.number, 10),
			}})
			if send(payload) != nil {
				return
			}
			if !m.collect(ctx, r) {
				return
			}
			wait = m.pace.sendEvery
		}
		if !m.sleep(ctx, wait, r == nil) {
			return
		}
	}
}

// next begins the list of the first guild in the queue that may be asked for; nil and how long to wait when there is
// none, a negative wait for no end.
func (m *memberList) next() (*roll, time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.on {
		return nil, -1
	}
	soonest := time.Duration(-1)
	for i, guild := range m.queue {
		wait := time.Until(m.later[guild])
		if wait <= 0 {
			m.queue = slices.Delete(m.queue, i, i+1)
			delete(m.later, guild)
			m.last++
			m.roll = &roll{guild: guild, number: m.last, since: map[snowflake.UserID]bool{}}
			return m.roll, 0
		}
		if soonest < 0 || wait < soonest {
			soonest = wait
		}
	}
	return nil, soonest
}

// collect waits for the rest of a list; one that stops coming is put off. False when ctx ends.
func (m *memberList) collect(ctx context.Context, r *roll) bool {
	for seen := 0; ; {
		m.mu.Lock()
		done, parts := m.roll != r, r.parts
		m.mu.Unlock()
		if done {
			return true
		}
		timer := time.NewTimer(m.pace.chunks)
		select {
		case <-m.wake:
		case <-timer.C:
			m.mu.Lock()
			if m.roll == r && r.parts == seen {
				m.putOff(m.pace.chunks)
			}
			m.mu.Unlock()
		case <-ctx.Done():
			timer.Stop()
			return false
		}
		timer.Stop()
		seen = parts
	}
}

// interrupt ends the current list; its guild goes back to the head of the queue.
func (m *memberList) interrupt() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.roll != nil && !slices.Contains(m.queue, m.roll.guild) {
		m.queue = append([]snowflake.GuildID{m.roll.guild}, m.queue...)
	}
	m.roll = nil
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
