package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	gatewayVersion = "10"
	sendLimit      = 4096 // bytes that Discord takes in one payload
)

// socket is one connection to the gateway. One goroutine reads; any may send.
type socket struct {
	ws      *websocket.Conn
	sizes   sizes
	inflate *inflater // nil without compression
	raw     bytes.Buffer
	write   time.Duration

	mu     sync.Mutex
	closed bool
}

// dialSocket opens address, which must be ws or wss. Everything until the first frame is under the caller's context.
func dialSocket(ctx context.Context, address string, compress bool, p pace, b sizes) (*socket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "ws" && u.Scheme != "wss" || u.Host == "" {
		return nil, fmt.Errorf("bot: %.100q is no gateway address", address)
	}
	query := url.Values{"v": {gatewayVersion}, "encoding": {"json"}}
	if compress {
		query.Set("compress", "zlib-stream")
	}
	u.RawQuery = query.Encode()
	if u.Path == "" {
		u.Path = "/"
	}
	ctx, cancel := context.WithTimeout(ctx, p.dial)
	defer cancel()
	dialer := websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, HandshakeTimeout: p.dial, ReadBufferSize: 64 << 10, WriteBufferSize: sendLimit,
		NetDialContext: (&net.Dialer{KeepAlive: 15 * time.Second}).DialContext,
	}
	ws, response, err := dialer.DialContext(ctx, u.String(), http.Header{"User-Agent": {userAgent}})
	if err != nil {
		if response != nil {
			err = fmt.Errorf("%w (the gateway answered %s)", err, response.Status)
		}
		return nil, err
	}
	ws.SetReadLimit(b.bomb)
	// The default handler echoes the code, and a 1000 from our side would end the session.
	ws.SetCloseHandler(func(int, string) error { return nil })
	s := &socket{ws: ws, sizes: b, write: p.write}
	if compress {
		s.inflate = &inflater{sizes: b}
	}
	return s, nil
}

// read waits until deadline for the next payload and leaves it in out, which it empties first. errTooLarge means that
// one was skipped; after any other error the socket is of no more use.
func (s *socket) read(deadline time.Time, out *bytes.Buffer) error {
	if err := s.ws.SetReadDeadline(deadline); err != nil {
		return err
	}
	out.Reset()
	for {
		messageType, frame, err := s.ws.NextReader()
		if err != nil {
			return err
		}
		if s.inflate == nil || messageType == websocket.TextMessage {
			return s.readLimited(frame, out)
		}
		s.raw.Reset()
		if err := s.readLimited(frame, &s.raw); err != nil {
			return errBomb
		}
		if done, err := s.inflate.add(s.raw.Bytes(), out); done || err != nil {
			return err
		}
	}
}

func (s *socket) readLimited(frame io.Reader, out *bytes.Buffer) error {
	n, err := out.ReadFrom(io.LimitReader(frame, s.sizes.frame+1))
	if err != nil || n <= s.sizes.frame {
		return err
	}
	out.Reset()
	if _, err := io.Copy(io.Discard, frame); err != nil {
		return err
	}
	return errTooLarge
}

var errSendTooLarge = fmt.Errorf("bot: a payload is larger than the %d bytes that Discord takes", sendLimit)

// send writes one payload.
func (s *socket) send(payload []byte) error {
	if len(payload) > sendLimit {
		return errSendTooLarge
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return net.ErrClosed
	}
	if err := s.ws.SetWriteDeadline(time.Now().Add(s.write)); err != nil {
		return err
	}
	return s.ws.WriteMessage(websocket.TextMessage, payload)
}

// close says goodbye with code and ends the connection at once; the reader's read fails. Later calls do nothing.
func (s *socket) close(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.closed = true
	// One second: a peer that takes no close frame is not worth waiting for.
	_ = s.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	_ = s.ws.Close()
}

// closeCodeOf is the code with which Discord closed the socket; 0 when it did not.
func closeCodeOf(err error) int {
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		return 0
	}
	switch closed.Code {
	case websocket.CloseAbnormalClosure, websocket.CloseNoStatusReceived:
		return 0
	}
	return closed.Code
}
