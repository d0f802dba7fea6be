package live

import (
	"net"
	"syscall"
	"time"
)

// tcpUserTimeout is TCP_USER_TIMEOUT of linux/tcp.h, in milliseconds.
const tcpUserTimeout = 18

func setUserTimeout(conn *net.TCPConn, timeout time.Duration) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(timeout.Milliseconds()))
	})
}

// socket writes to the connection itself.
type socket struct {
	conn    *net.TCPConn
	raw     syscall.RawConn
	attempt func(fd uintptr) bool // one closure for the stream's life: it is called for every frame

	p   []byte // the attempt's argument and results
	n   int
	err error
}

func directly(conn *net.TCPConn) link {
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil
	}
	s := &socket{conn: conn, raw: raw}
	s.attempt = s.once
	return s
}

// once writes what the send buffer takes and is done, whether that was all or nothing.
func (s *socket) once(fd uintptr) bool {
	for {
		s.n, s.err = syscall.Write(int(fd), s.p)
		if s.err != syscall.EINTR {
			return true
		}
	}
}

func (s *socket) try(p []byte) (int, error) {
	s.p = p
	err := s.raw.Write(s.attempt)
	s.p = nil
	switch {
	case err != nil:
		return 0, err
	case s.err == syscall.EAGAIN:
		return 0, nil
	case s.err != nil:
		return 0, s.err
	}
	return s.n, nil
}

func (s *socket) write(p []byte) error {
	_, err := s.conn.Write(p)
	return err
}

func (s *socket) deadline(t time.Time) { _ = s.conn.SetWriteDeadline(t) }

// reset closes without waiting for the peer, so that the kernel's 64 KB for it go at once.
func (s *socket) reset() {
	_ = s.conn.SetLinger(0)
	_ = s.conn.Close()
}
