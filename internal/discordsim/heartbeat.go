package discordsim

import (
	"encoding/json"
	"time"
)

// lastWords waits for the client's own close frame, which ends the socket cleanly.
func (c *conn) lastWords() {
	_ = c.ws.SetReadDeadline(time.Now().Add(5 * time.Second))
	for {
		if _, _, err := c.ws.ReadMessage(); err != nil {
			return
		}
	}
}

// Heartbeat is one that a client sent, with the sequence number in it (0 for null).
type Heartbeat struct {
	At  time.Time
	Seq int64
}

func (s *Sim) heartbeat(c *conn, d json.RawMessage) (int, string) {
	var seq *int64
	if json.Unmarshal(d, &seq) != nil {
		return 4002, "Error while decoding payload."
	}
	beat := Heartbeat{At: s.Now()}
	if seq != nil {
		beat.Seq = *seq
	}
	s.record.Heartbeats = keep(append(s.record.Heartbeats, beat))
	switch delay := s.knobs.ACKDelay; {
	case s.knobs.StopACK:
	case delay == 0:
		c.op(opACK, nil)
	default:
		time.AfterFunc(delay, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			c.op(opACK, nil) // nothing, when the socket has gone meanwhile
		})
	}
	return 0, ""
}

// patience sets how long the socket may stay silent.
func (s *Sim) patience(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !c.closingNow() {
		_ = c.ws.SetReadDeadline(time.Now().Add(s.knobs.HeartbeatInterval + s.knobs.HeartbeatPatience))
	}
}
