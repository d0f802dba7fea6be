package discordsim

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"guildwatch/internal/snowflake"
)

// The gateway's operations.
const (
	opDispatch  = 0
	opHeartbeat = 1
	opIdentify  = 2
	opPresence  = 3
	opVoice     = 4
	opResume    = 6
	opReconnect = 7
	opMembers   = 8
	opInvalid   = 9
	opHello     = 10
	opACK       = 11
	opSounds    = 31
)

// What a client may send.
const (
	payloadLimit   = 4096 // bytes at once
	sendsPerMinute = 120
)

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// serveGateway speaks with one client until either side closes the socket.
func (s *Sim) serveGateway(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	refuse := s.knobs.RefuseSockets
	s.mu.Unlock()
	if refuse {
		http.Error(w, "upstream connect error", http.StatusServiceUnavailable)
		return
	}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := newConn(s, ws, r.URL.Query())
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		ws.Close()
		return
	}
	s.conns[c] = struct{}{}
	s.greet(c)
	s.running.Go(c.write)
	s.running.Go(func() {
		c.read()
		s.part(c)
	})
}

// greet says HELLO, or what the knobs say instead.
func (s *Sim) greet(c *conn) {
	s.record.Sockets++
	s.changed()
	switch version := c.query.Get("v"); {
	case version != "" && version != "9" && version != "10":
		c.close(4012, "Invalid API version.")
	case c.query.Get("encoding") != "" && c.query.Get("encoding") != "json":
		c.close(4002, "Error while decoding payload.")
	case s.knobs.NoHello.take():
	case s.knobs.Op7InsteadOfHello.take():
		c.op(opReconnect, nil)
	default:
		c.op(opHello, map[string]any{
			"heartbeat_interval": s.knobs.HeartbeatInterval.Milliseconds(), "_trace": []string{"[\"discordsim\"]"},
		})
	}
}

// part notes that a socket is gone. Codes 1000 and 1001 end the session, any other leaves it for RESUME.
func (s *Sim) part(c *conn) {
	close(c.gone)
	c.ws.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
	if x := c.session; x != nil && x.conn == c {
		s.detach(x)
		if n := len(s.record.Closes); n > 0 && s.record.Closes[n-1].conn == c {
			if code := s.record.Closes[n-1].Code; code == 1000 || code == 1001 {
				s.forget(x)
			}
		}
	}
	s.changed()
}

// op queues a frame that is not an event.
func (c *conn) op(op int, d any) {
	c.send(encode(struct {
		T  *string `json:"t"`
		S  *int64  `json:"s"`
		Op int     `json:"op"`
		D  any     `json:"d"`
	}{Op: op, D: d}))
}

// read takes what the client sends until the socket ends.
func (c *conn) read() {
	c.ws.SetReadLimit(1 << 20)
	for {
		c.sim.patience(c)
		_, data, err := c.ws.ReadMessage()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			c.sim.noteClose(c, closed.Code, closed.Text)
			return
		}
		if err != nil {
			var timeout net.Error
			if errors.As(err, &timeout) && timeout.Timeout() && !c.closingNow() && !c.sim.frozen() {
				c.close(4009, "Session timed out.")
				<-c.silent // nothing more can be read, but the close frame shall go out
			}
			return
		}
		if !c.sim.take(c, data) {
			c.lastWords()
			return
		}
	}
}

// take handles one payload of a client; false when the socket is about to be closed.
func (s *Sim) take(c *conn, data []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.changed()
	if s.knobs.Frozen {
		return true
	}
	var p struct {
		Op int             `json:"op"`
		D  json.RawMessage `json:"d"`
	}
	switch {
	case len(data) > payloadLimit, json.Unmarshal(data, &p) != nil:
		c.close(4002, "Error while decoding payload.")
		return false
	case !c.maySend(s.Now()):
		c.close(4008, "You are being rate limited.")
		return false
	}
	code, reason := s.obey(c, p.Op, p.D)
	if code != 0 {
		c.close(code, reason)
	}
	return code == 0
}

// maySend counts the sends of the last minute.
func (c *conn) maySend(now time.Time) bool {
	for len(c.sends) > 0 && now.Sub(c.sends[0]) >= time.Minute {
		c.sends = c.sends[1:]
	}
	c.sends = append(c.sends, now)
	return len(c.sends) <= sendsPerMinute
}

// obey carries out one operation. A code other than 0 closes the socket.
func (s *Sim) obey(c *conn, op int, d json.RawMessage) (code int, reason string) {
	switch op {
	case opHeartbeat:
		return s.heartbeat(c, d)
	case opIdentify:
		return s.identify(c, d)
	case opResume:
		return s.resume(c, d)
	}
	if c.session == nil {
		return 4003, "Not authenticated."
	}
	switch op {
	case opMembers:
		return s.requestMembers(c.session, d)
	case opPresence, opVoice, opSounds:
		return 0, ""
	}
	return 4001, "Unknown opcode."
}

// frozen says whether sockets stand still.
func (s *Sim) frozen() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.knobs.Frozen
}

// shardOf reads the pair [id, count] of an IDENTIFY.
func shardOf(pair []int64) ([2]int64, bool) {
	switch {
	case pair == nil:
		return [2]int64{0, 1}, true
	case len(pair) != 2 || pair[1] < 1 || pair[0] < 0 || pair[0] >= pair[1]:
		return [2]int64{}, false
	}
	return [2]int64{pair[0], pair[1]}, true
}

// guildsOf are the guilds of a session's shard that the bot is in.
func (s *Sim) guildsOf(x *session) []*guild {
	var guilds []*guild
	for _, g := range byID[snowflake.GuildID](s.world.guilds) {
		if x.sees(g) && !g.away {
			guilds = append(guilds, g)
		}
	}
	return guilds
}
