package discordsim

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"guildwatch/internal/leak"
)

func TestMain(m *testing.M) {
	// A stand-in that was closed leaves nothing running; the test client's idle HTTP connections are not its own.
	leak.Main(m, goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"),
		goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"))
}

// soon bounds each wait of a test; it is only ever reached by a failing one.
const soon = 20 * time.Second

// start runs a stand-in for the length of the test, with one guild of a channel "general" and the member ada.
func start(t testing.TB, opt Options) *Sim {
	t.Helper()
	s := New(opt)
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	t.Cleanup(cancel)
	return ctx
}

// client is a gateway client as plain as can be.
type client struct {
	testing.TB
	ws      *websocket.Conn
	inflate io.ReadCloser
	packed  bytes.Buffer
	seq     int64
	session string
}

// packet is a payload of the gateway.
type packet struct {
	Op int             `json:"op"`
	T  string          `json:"t"`
	S  int64           `json:"s"`
	D  json.RawMessage `json:"d"`
}

func dial(t testing.TB, s *Sim, query string) *client {
	t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial(s.GatewayURL()+"/?"+cmp.Or(query, "v=10&encoding=json"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	return &client{TB: t, ws: ws}
}

// connect dials and identifies, up to and including READY.
func connect(t testing.TB, s *Sim, intents Intents) *client {
	t.Helper()
	c := dial(t, s, "")
	c.want(opHello)
	c.identify(s, intents)
	c.ready()
	return c
}

func (c *client) ready() {
	c.Helper()
	var ready struct {
		SessionID string `json:"session_id"`
	}
	c.decode(c.event("READY"), &ready)
	c.session = ready.SessionID
}

func (c *client) identify(s *Sim, intents Intents) {
	c.send(opIdentify, map[string]any{
		"token": s.Token(), "intents": intents, "properties": map[string]string{"os": "linux"},
	})
}

func (c *client) resume(s *Sim, session string, seq int64) {
	c.send(opResume, map[string]any{"token": s.Token(), "session_id": session, "seq": seq})
}

func (c *client) send(op int, d any) {
	c.Helper()
	if err := c.ws.WriteJSON(map[string]any{"op": op, "d": d}); err != nil {
		c.Fatal(err)
	}
}

// read takes the next payload; the error is a *websocket.CloseError when the stand-in closed the socket.
func (c *client) read() (packet, error) {
	var p packet
	_ = c.ws.SetReadDeadline(time.Now().Add(soon))
	kind, data, err := c.ws.ReadMessage()
	if err != nil {
		return p, err
	}
	if kind == websocket.BinaryMessage {
		data = c.unpack(data)
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return p, err
	}
	if p.Op == opDispatch {
		c.seq = p.S
	}
	return p, nil
}

// unpack inflates one message of a zlib-stream.
func (c *client) unpack(data []byte) []byte {
	c.Helper()
	if !bytes.HasSuffix(data, []byte{0, 0, 0xff, 0xff}) {
		c.Fatalf("a message of the stream ends in %x", data[max(0, len(data)-4):])
	}
	c.packed.Write(data)
	if c.inflate == nil {
		inflate, err := zlib.NewReader(&c.packed)
		if err != nil {
			c.Fatal(err)
		}
		c.inflate = inflate
	}
	var p json.RawMessage
	if err := json.NewDecoder(c.inflate).Decode(&p); err != nil {
		c.Fatal(err)
	}
	return p
}

// want reads one payload, which must be of this operation.
func (c *client) want(op int) packet {
	c.Helper()
	p, err := c.read()
	if err != nil || p.Op != op {
		c.Fatalf("got op %d (%s), %v; want op %d", p.Op, p.T, err, op)
	}
	return p
}

// event reads one payload, which must be this event.
func (c *client) event(name string) json.RawMessage {
	c.Helper()
	p := c.want(opDispatch)
	if p.T != name {
		c.Fatalf("got %s %.200s, want %s", p.T, p.D, name)
	}
	return p.D
}

// closed reads until the stand-in closes the socket, and returns the code.
func (c *client) closed() int {
	c.Helper()
	for {
		_, err := c.read()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			return closed.Code
		}
		if err != nil {
			c.Fatal(err)
		}
	}
}

func (c *client) decode(data []byte, v any) {
	c.Helper()
	if err := json.Unmarshal(data, v); err != nil {
		c.Fatalf("%v in %.300s", err, data)
	}
}

// do sends a REST request as the bot and returns status and body.
func do(t testing.TB, s *Sim, method, path, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(within(t), method, s.URL()+"/v10"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bot "+s.Token())
	r.Header.Set("X-Audit-Log-Reason", "because%20of%20it")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(data)
}
