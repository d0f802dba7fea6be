package live

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"guildwatch/internal/snowflake"
)

const (
	// coalesce is how much is gathered before it is written although more is on its way.
	coalesce = 16 << 10
	// chunk is how much one blocking write takes: a reader that moves 32 KB in WriteTimeout is slow, not gone.
	chunk = 32 << 10
	// grace is what a reader has, in all, to take what is pending and its End frame: 1 s is promised.
	grace = 800 * time.Millisecond
)

// stream is one open response. Whoever has bytes for it calls deliver, which never waits: what the socket does not take
// at once is kept in pending and written by drain, a goroutine that lives only while something is pending.
type stream struct {
	room   *room
	user   snowflake.UserID
	still  func() *Ending // may the reader go on; nil: always
	ctx    context.Context
	cancel context.CancelFunc
	stop   context.CancelFunc // ends catching up
	link   link
	drains sync.WaitGroup

	// Only the goroutine of the request touches these three.
	sent  int64  // newest change that reached the reader, by page or by stream; -1: whatever comes is new
	fresh bool   // joined by a page's seq, not by a Last-Event-ID
	lost  string // why changes were missed that cannot be replayed

	mu       sync.Mutex
	pending  []byte
	flying   int       // bytes that drain is writing
	draining bool      // one goroutine writes and may wait: drain, or the request's own until the stream has joined
	joined   bool      // live frames come to it
	ended    bool      // nothing is taken any more
	over     time.Time // when an ended stream is closed, whatever is pending
	frames   int64
	bytes    int64
}

// deliver takes whole frames, so many, perhaps none. more says that another is on its way already, so that both can
// leave in one write; then it is called again.
func (s *stream) deliver(wire []byte, frames int64, more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || len(wire) == 0 && len(s.pending) == 0 {
		return
	}
	s.frames += frames
	if s.draining || more || len(s.pending) > 0 {
		s.push(wire)
		if s.draining || more && len(s.pending) < coalesce {
			return
		}
		wire = s.pending
	}
	rest, err := s.offer(wire)
	if err != nil {
		s.drop(false)
		return
	}
	if len(s.pending) > 0 {
		s.pending = s.pending[:copy(s.pending, rest)]
	} else if len(rest) > 0 {
		s.push(rest)
	}
	s.settle()
}

// push keeps bytes for later and cuts the reader that has let too many gather.
func (s *stream) push(wire []byte) {
	if s.pending == nil {
		s.pending = takeBuffer()
	}
	s.pending = append(s.pending, wire...)
	if s.draining && s.flying+len(s.pending) > s.room.hub.options.QueueBytes {
		s.drop(true)
	}
}

// offer writes what the socket takes without waiting and gives back the rest.
func (s *stream) offer(wire []byte) ([]byte, error) {
	n, err := s.link.try(wire)
	s.bytes += int64(n)
	return wire[n:], err
}

// settle starts drain for what is left, or gives the buffer back.
func (s *stream) settle() {
	if len(s.pending) == 0 {
		giveBuffer(s.pending)
		s.pending = nil
		return
	}
	s.draining = true
	s.drains.Go(s.drain)
}

// drain writes what is pending until nothing is, and leaves writing to deliver again.
func (s *stream) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flush()
	s.draining = false
	if s.ended {
		s.cancel()
		return
	}
	s.link.deadline(time.Time{})
}

// flush writes what is pending and waits for the reader where it must. mu is held, but not while waiting.
func (s *stream) flush() {
	for len(s.pending) > 0 {
		out := s.pending
		s.pending, s.flying = nil, len(out)
		for part := out; len(part) > 0; {
			n := min(chunk, len(part))
			s.link.deadline(s.patience())
			s.mu.Unlock()
			err := s.link.write(part[:n])
			s.mu.Lock()
			if err != nil {
				s.drop(errors.Is(err, os.ErrDeadlineExceeded))
				return
			}
			s.bytes += int64(n)
			s.flying -= n
			part = part[n:]
		}
		giveBuffer(out)
	}
}

// patience is until when the next write may wait.
func (s *stream) patience() time.Time {
	if s.ended {
		return s.over
	}
	return time.Now().Add(s.room.hub.options.WriteTimeout)
}

// end makes wire the last thing the reader gets, and closes the stream when it is out, or after grace.
func (s *stream) end(wire []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	s.frames++
	s.ended, s.over = true, time.Now().Add(grace)
	s.pending = append(s.pending, wire...)
	if s.draining {
		s.stop()
		s.link.deadline(s.over)
		return
	}
	rest, err := s.offer(s.pending)
	if err != nil || len(rest) == 0 {
		s.pending = nil
		s.cancel()
		return
	}
	s.pending = s.pending[:copy(s.pending, rest)]
	s.settle()
}

// cut gives up a reader whose stream can no longer be trusted; it comes back and resumes.
func (s *stream) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(false)
}

// drop gives the reader up: what is unsent goes to nobody. mu is held.
func (s *stream) drop(slow bool) {
	s.pending = nil
	if slow && !s.ended {
		s.room.hub.tally.slow.Add(1)
	}
	s.ended = true
	s.link.reset()
	s.cancel()
}

// finish waits until nothing touches the response any more; the handler may return then.
func (s *stream) finish() {
	s.cancel()
	s.mu.Lock()
	s.ended, s.pending = true, nil
	if s.draining {
		s.link.deadline(time.Unix(1, 0))
	}
	s.mu.Unlock()
	s.drains.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room.hub.tally.add(s)
}

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 2<<10); return &b }}

func takeBuffer() []byte { return *buffers.Get().(*[]byte) }

// giveBuffer keeps small buffers only: a burst must not leave every stream's 256 KB behind.
func giveBuffer(b []byte) {
	if b != nil && cap(b) <= 2*chunk {
		b = b[:0]
		buffers.Put(&b)
	}
}
