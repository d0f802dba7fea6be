package discordsim

import (
	"bytes"
	"compress/zlib"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// conn is one socket of the gateway. Its reader and its writer have a goroutine each; frames are queued, so that nobody
// ever waits for a client while holding the Sim's lock.
type conn struct {
	sim     *Sim
	ws      *websocket.Conn
	cork    *corkConn // nil when served without Start
	deflate *zlib.Writer
	packed  bytes.Buffer
	query   url.Values
	session *session // guarded by Sim.mu
	sends   []time.Time

	mu      sync.Mutex
	queue   [][]byte
	closing *websocket.CloseError
	over    bool
	wake    chan struct{}
	drained chan struct{} // told each time the queue was written out
	gone    chan struct{} // closed by the reader when it is through
	silent  chan struct{} // closed by the writer when it is
}

func newConn(s *Sim, ws *websocket.Conn, query url.Values) *conn {
	c := &conn{
		sim: s, ws: ws, query: query,
		wake: make(chan struct{}, 1), drained: make(chan struct{}, 1), gone: make(chan struct{}), silent: make(chan struct{}),
	}
	c.cork, _ = ws.NetConn().(*corkConn)
	if query.Get("compress") == "zlib-stream" {
		c.deflate, _ = zlib.NewWriterLevel(&c.packed, zlib.BestSpeed)
	}
	return c
}

// send queues one frame; after a close was asked for it is dropped. Sim.mu is held.
func (c *conn) send(data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over || c.closing != nil {
		return
	}
	if len(c.queue) >= c.sim.knobs.MostUnsent {
		c.over = true
		c.ws.NetConn().Close()
		c.nudge()
		return
	}
	c.queue = append(c.queue, data)
	c.nudge()
}

// nudge wakes the writer, to look at the queue and the knobs anew.
func (c *conn) nudge() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// close asks for a close frame with this code behind all that is queued; the first code counts.
func (c *conn) close(code int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing == nil {
		c.closing = &websocket.CloseError{Code: code, Text: reason}
		c.nudge()
	}
}

// closingNow says whether a close was asked for.
func (c *conn) closingNow() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing != nil
}

// drop cuts the socket without a close frame.
func (c *conn) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	c.ws.NetConn().Close()
	c.nudge()
}

// ended says whether the reader is through.
func (c *conn) ended() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}

// waiting is how many frames the client has not been sent yet.
func (c *conn) waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.queue)
}

// write sends what is queued, all that is there in one system call, until the socket is gone.
func (c *conn) write() {
	defer close(c.silent)
	var batch [][]byte
	for {
		select {
		case <-c.wake:
		case <-c.gone:
			return
		}
		frozen := c.sim.frozen()
		c.mu.Lock()
		closing, over := c.closing, c.over
		if !frozen {
			batch, c.queue = c.queue, batch[:0]
		}
		c.mu.Unlock()
		switch {
		case over:
			return
		case frozen:
			continue
		}
		if err := c.writeBatch(batch); err != nil {
			c.drop()
			return
		}
		clear(batch)
		select {
		case c.drained <- struct{}{}:
		default:
		}
		if closing != nil {
			c.writeClose(closing)
			return
		}
	}
}

func (c *conn) writeBatch(batch [][]byte) error {
	if c.cork != nil {
		c.cork.hold()
	}
	for _, data := range batch {
		if err := c.writeFrame(data); err != nil {
			return err
		}
	}
	if c.cork != nil {
		return c.cork.release()
	}
	return nil
}

func (c *conn) writeFrame(data []byte) error {
	if c.deflate == nil {
		return c.ws.WriteMessage(websocket.TextMessage, data)
	}
	c.packed.Reset()
	if _, err := c.deflate.Write(data); err != nil {
		return err
	}
	if err := c.deflate.Flush(); err != nil {
		return err
	}
	return c.ws.WriteMessage(websocket.BinaryMessage, c.packed.Bytes())
}

// writeClose gives the client 5 s to answer with its own close frame; then the reader gives up.
func (c *conn) writeClose(e *websocket.CloseError) {
	deadline := time.Now().Add(5 * time.Second)
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(e.Code, e.Text), deadline)
	_ = c.ws.SetReadDeadline(deadline)
}
