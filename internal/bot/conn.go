package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"guildwatch/internal/moderation"
)

// phase is how far a connection has come.
type phase int

const (
	phaseHello phase = iota // nothing heard yet
	phaseAsked              // IDENTIFY or RESUME sent
	phaseLive
)

// conn is one connection. Its reader does nothing that could wait: decode the outside, count, enqueue.
type conn struct {
	*gateway
	socket   *socket
	resuming bool
	phase    phase
	opened   time.Time
	heard    time.Time // the last frame
	moved    time.Time // RESUME or IDENTIFY sent, or the last event before the connection is live
	interval time.Duration
	seqAt    int64 // the position when the connection began

	ctx    context.Context
	tasks  sync.WaitGroup
	acks   chan time.Time
	asked  chan struct{}
	zombie atomic.Bool
}

func newConn(g *gateway, s *socket, resuming bool) *conn {
	now := time.Now()
	return &conn{
		gateway: g, socket: s, resuming: resuming, opened: now, heard: now, seqAt: g.in.position().Seq,
		acks: make(chan time.Time, 16), asked: make(chan struct{}, 1),
	}
}

// serve reads until the connection ends and leaves no goroutine behind.
func (c *conn) serve(ctx context.Context) ending {
	ctx, cancel := context.WithCancel(ctx)
	c.ctx = ctx
	end := c.read()
	cancel()
	c.socket.close(closeResume)
	c.tasks.Wait()
	c.reckon(&end)
	return end
}

// reckon draws conclusions from how far the connection came.
func (c *conn) reckon(end *ending) {
	moved := c.in.position().Seq != c.seqAt
	if c.phase == phaseLive {
		c.link.lost(c.heard)
	}
	if c.phase == phaseLive && time.Since(c.opened) > c.pace.steady {
		c.attempt = 0
	} else if c.phase == phaseLive {
		c.attempt = min(c.attempt, 1) // a session that flaps is tried about once a second
	}
	// A frame that breaks the connection would break it again after every resume: the session is worth less than the
	// connection.
	if c.resuming && c.phase == phaseAsked && !moved && !end.lost {
		if c.stalls++; c.stalls >= stallLimit {
			end.lost, end.reason = true, "the session could not be resumed: "+end.reason
		}
	}
}

// stallLimit is how many resumes in a row may bring nothing before the session is given up.
const stallLimit = 5

func (c *conn) read() (end ending) {
	defer recovered(c.log, "reading the gateway", func() {
		c.in.quarantined.Add(1)
		end = ending{reason: errPanic.Error()}
	})
	buf := buffers.Get().(*bytes.Buffer)
	for {
		err := c.socket.read(c.deadline(), buf)
		if errors.Is(err, errTooLarge) {
			c.in.malformed.Add(1)
			c.log.Warn("a gateway frame was too large and was skipped")
			continue
		}
		if err != nil {
			giveBack(buf)
			return c.broken(err)
		}
		c.heard = time.Now()
		e, err := openEnvelope(buf.Bytes())
		if err != nil {
			c.in.malformed.Add(1)
			c.log.Warn("a gateway frame could not be read", "bytes", buf.Len(), "err", err)
			continue
		}
		kept, end := c.take(e, buf)
		if end != nil {
			giveBack(buf)
			return *end
		}
		if kept {
			buf = buffers.Get().(*bytes.Buffer)
		}
	}
}

// deadline is when silence has lasted too long.
func (c *conn) deadline() time.Time {
	alive := c.heard.Add(c.interval + c.pace.ack)
	switch {
	case c.phase == phaseHello:
		return c.opened.Add(c.pace.hello)
	case c.phase == phaseAsked && c.moved.Add(c.pace.ready).Before(alive):
		return c.moved.Add(c.pace.ready)
	}
	return alive
}

// broken reads the end of the socket.
func (c *conn) broken(err error) ending {
	if c.zombie.Load() { // whatever the peer says after our own close
		return ending{reason: "a heartbeat was not answered"}
	}
	if code := closeCodeOf(err); code != 0 {
		end := ending{reason: fmt.Sprintf("Discord closed the connection with code %d", code), lost: sessionLost(code)}
		if code == 4014 && intentsWanted&^c.out&(intentMembers|intentContent) != 0 {
			end.refused = true
			return end
		}
		if code == 4004 && c.resuming {
			// The session belongs to another token than the one that REST has just accepted: start one of our own.
			end.lost = true
			return end
		}
		end.fatal = stopped(code)
		return end
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return ending{reason: "the connection fell silent"}
	}
	return ending{reason: err.Error()}
}

// take acts on one frame. Discord may send op 7 and op 9 at any time, even instead of HELLO.
func (c *conn) take(e envelope, buf *bytes.Buffer) (kept bool, _ *ending) {
	switch e.op {
	case opDispatch:
		return c.dispatch(e, buf)
	case opHeartbeat:
		select {
		case c.asked <- struct{}{}:
		default:
		}
	case opReconnect:
		return false, &ending{reason: "Discord asked for a new connection"}
	case opInvalid:
		least, most := c.pace.invalidLeast, c.pace.invalidMost
		wait := least + time.Duration(float64(most-least)*c.jitter())
		resumable := string(bytes.TrimSpace(e.data)) == "true"
		return false, &ending{reason: "Discord called the session invalid", lost: !resumable, wait: wait}
	case opHello:
		return false, c.hello(e)
	case opACK:
		select {
		case c.acks <- c.heard:
		default:
		}
	}
	return false, nil
}

func (c *conn) dispatch(e envelope, buf *bytes.Buffer) (kept bool, _ *ending) {
	if c.phase == phaseHello {
		return false, nil
	}
	c.moved = c.heard
	switch e.kind {
	case kindReady:
		if c.resuming || c.phase == phaseLive {
			return false, nil
		}
		if err := c.welcome(e); err != nil {
			return false, &ending{reason: err.Error()}
		}
		c.goLive()
		return false, nil
	case kindResumed:
		c.in.accept(e, buf, c.clock())
		c.goLive()
		return false, nil
	}
	if c.phase == phaseAsked && !c.resuming {
		return false, nil // an event before READY belongs to no session
	}
	return c.in.accept(e, buf, c.clock()), nil
}

func (c *conn) goLive() {
	if c.phase == phaseLive {
		return
	}
	c.phase = phaseLive
	c.live()
	c.tasks.Go(func() {
		if !pause(c.ctx, c.pace.arrive) {
			return
		}
		for _, guild := range c.guilds.overdue() {
			c.in.submit(moderation.GuildLost{Origin: moderation.Origin{Guild: guild, At: c.clock().UTC()}, Outage: true})
		}
	})
	c.tasks.Go(func() {
		defer recovered(c.log, "listing members", func() {})
		c.members.run(c.ctx, c.socket.send)
	})
}

// hello starts the heartbeat and asks for a session.
func (c *conn) hello(e envelope) *ending {
	if c.phase != phaseHello {
		return nil
	}
	var hello struct {
		Interval float64 `json:"heartbeat_interval"`
	}
	if err := decode(e.data, &hello); err != nil || hello.Interval < 1 || hello.Interval > 10*60*1000 {
		return &ending{reason: "HELLO without a usable heartbeat interval"}
	}
	c.interval = time.Duration(hello.Interval * float64(time.Millisecond))
	c.tasks.Go(c.beat)
	var err error
	if c.resuming {
		err = c.gateway.resume(c.socket)
	} else {
		err = c.gateway.identify(c.ctx, c.socket)
	}
	if err != nil {
		return &ending{reason: "could not ask for a session: " + err.Error()}
	}
	c.phase, c.moved = phaseAsked, time.Now()
	return nil
}
