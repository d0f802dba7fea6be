package bot

import (
	"bytes"
	"sync"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// item is one thing in a lane: a raw payload, an event that the loop made itself, a page of history, or a mark.
type item struct {
	kind    kind
	guild   snowflake.GuildID
	at      time.Time        // when it arrived
	payload []byte           // within buf
	buf     *bytes.Buffer    // given back after handling; nil for all but payloads of the gateway
	event   moderation.Event // kindMade
	mark    *mark
	page    *page // kindPage
}

// bounds are the sizes at which a lane gives up: messages beyond the soft ones, everything beyond the hard ones.
type bounds struct {
	soft, hard           int // items
	softBytes, hardBytes int
}

// A lane of 16 384 messages is 0.8 s of the whole product's peak rate and about 16 MB; records get four times the
// bytes, because a burst of GUILD_CREATE at the start is large and must not be lost.
var defaultBounds = bounds{soft: 16_384, hard: 32_768, softBytes: 16 << 20, hardBytes: 64 << 20}

// lane is a queue in order, bounded by shedding, never by making the socket wait.
type lane struct {
	bounds bounds

	mu     sync.Mutex
	wake   sync.Cond
	ring   []item
	head   int
	count  int
	bytes  int
	closed bool

	worker // touched by the lane's goroutine alone
}

func newLane(b bounds, w worker) *lane {
	l := &lane{bounds: b, ring: make([]item, 64), worker: w}
	l.wake.L = &l.mu
	return l
}

// push appends it; false when it was shed instead. Marks are never shed.
func (l *lane) push(it item) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	count, size := l.bounds.hard, l.bounds.hardBytes
	if it.kind < kindMade && routes[it.kind].rank == rankMessage {
		count, size = l.bounds.soft, l.bounds.softBytes
	}
	if it.mark == nil && (l.closed || l.count >= count || l.bytes+len(it.payload) > size) {
		return false
	}
	if l.count == len(l.ring) {
		l.grow()
	}
	l.ring[(l.head+l.count)%len(l.ring)] = it
	l.count++
	l.bytes += len(it.payload)
	if l.count == 1 {
		l.wake.Signal()
	}
	return true
}

func (l *lane) grow() {
	ring := make([]item, 2*len(l.ring))
	n := copy(ring, l.ring[l.head:])
	copy(ring[n:], l.ring[:l.head])
	l.ring, l.head = ring, 0
}

// take waits for the next item; false once the lane is closed and empty.
func (l *lane) take() (item, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.count == 0 {
		if l.closed {
			return item{}, false
		}
		l.wake.Wait()
	}
	it := l.ring[l.head]
	l.ring[l.head] = item{}
	l.head = (l.head + 1) % len(l.ring)
	l.count--
	l.bytes -= len(it.payload)
	return it, true
}

// close lets the lane run empty and takes no more.
func (l *lane) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.wake.Broadcast()
}

// depth is how many items wait.
func (l *lane) depth() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count
}

// buffers hold payloads between socket and lane. Large ones are left to the collector: 2 500 guilds at the start must
// not stay.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const keepBuffer = 16 << 10

func giveBack(buf *bytes.Buffer) {
	if buf != nil && buf.Cap() <= keepBuffer {
		buf.Reset()
		buffers.Put(buf)
	}
}
