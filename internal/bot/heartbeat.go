package bot

import (
	"encoding/json"
	"time"
)

// beat sends heartbeats until the connection ends. A heartbeat without an answer within 15 s closes it: the peer is
// gone though the socket does not know. Close code 4000 keeps the session.
func (c *conn) beat() {
	defer recovered(c.log, "sending heartbeats", func() { c.socket.close(closeResume) })
	next := time.NewTimer(time.Duration(float64(c.interval) * c.jitter()))
	defer next.Stop()
	patience := min(c.pace.ack, c.interval)
	dead := time.NewTimer(time.Hour)
	dead.Stop()
	var sent time.Time  // of the heartbeat that waits for its answer; zero: none does
	var asked time.Time // the same by the Bot's clock
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-next.C:
			next.Reset(c.interval)
		case <-c.asked:
		case at := <-c.acks:
			if !sent.IsZero() {
				dead.Stop()
				c.answered(asked, at.Sub(sent))
				sent = time.Time{}
			}
			continue
		case <-dead.C:
			c.zombie.Store(true)
			c.socket.close(closeResume)
			return
		}
		if sent.IsZero() {
			sent, asked = time.Now(), c.clock()
			dead.Reset(patience)
		}
		if c.sendBeat() != nil {
			c.socket.close(closeResume)
			return
		}
	}
}

func (c *conn) sendBeat() error {
	var seq *int64
	if at := c.in.position(); at.Seq > 0 {
		seq = &at.Seq
	}
	payload, err := json.Marshal(map[string]any{"op": opHeartbeat, "d": seq})
	if err != nil {
		return err
	}
	return c.socket.send(payload)
}

// answered counts the latency of the heartbeat sent at asked.
func (c *conn) answered(asked time.Time, latency time.Duration) {
	latency = max(latency, time.Microsecond)
	c.board.note(func(s *Status) { s.Latency = latency }) // first: what is flushed is shown
	c.in.beat(asked, latency)
}
