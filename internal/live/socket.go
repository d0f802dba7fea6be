package live

import (
	"context"
	"net"
	"time"
)

const (
	// sendBuffer bounds what the kernel holds for one stalled reader; by default it grows to 4 MB.
	sendBuffer = 64 << 10
	// userTimeout is how long sent bytes may stay unanswered. A peer that vanishes just after a heartbeat is noticed
	// with the next, 20 s later, and gone 38.5 s after it went; 30 s would make that 50, and 40 are promised.
	userTimeout = 18 * time.Second
)

type connKey struct{}

// ConnContext is for http.Server.ConnContext. It bounds what the kernel keeps for a reader and how long it waits for a
// vanished one, and lets Serve find the connection; without it streams work, more slowly and with neither bound.
func ConnContext(ctx context.Context, conn net.Conn) context.Context {
	return tuned(ctx, conn, userTimeout)
}

func tuned(ctx context.Context, conn net.Conn, timeout time.Duration) context.Context {
	raw := conn
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS
		raw = wrapped.NetConn()
	}
	tcp, ok := raw.(*net.TCPConn)
	if !ok {
		return ctx
	}
	_ = tcp.SetWriteBuffer(sendBuffer)
	setUserTimeout(tcp, timeout)
	if raw != conn {
		return ctx
	}
	return context.WithValue(ctx, connKey{}, tcp)
}
