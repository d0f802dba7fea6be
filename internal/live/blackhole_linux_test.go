package live

import (
	"context"
	"net"
	"net/http/httptest"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// vanish makes the kernel throw away whatever comes for conn, so that nothing is ever answered: the cable is cut.
func vanish(t *testing.T, conn net.Conn) {
	t.Helper()
	file, err := conn.(*net.TCPConn).File()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	dropAll := []unix.SockFilter{{Code: unix.BPF_RET | unix.BPF_K, K: 0}}
	program := &unix.SockFprog{Len: 1, Filter: &dropAll[0]}
	if err := unix.SetsockoptSockFprog(int(file.Fd()), unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, program); err != nil {
		t.Skipf("this kernel gives no socket filter: %v", err)
	}
}

func TestPeerThatVanishedIsGone(t *testing.T) {
	beat, timeout, limit := 200*time.Millisecond, 200*time.Millisecond, 30*time.Second
	if *full {
		beat, timeout, limit = 20*time.Second, userTimeout, 40*time.Second
	}
	s := newStage(t, Options{Heartbeat: beat}, func(server *httptest.Server) {
		server.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
			return tuned(ctx, conn, timeout)
		}
	})
	conn := s.deaf("")
	s.joined(1)
	vanish(t, conn)
	at := time.Now()
	gone, look := time.NewTimer(limit), time.NewTicker(10*time.Millisecond)
	defer gone.Stop()
	defer look.Stop()
	for s.admitted() > 0 {
		select {
		case <-look.C:
		case <-gone.C:
			t.Fatalf("the stream of a vanished peer is still open after %v", limit)
		}
	}
	t.Logf("gone after %v", time.Since(at))
}

func TestKernelHoldsLittleForAStalledReader(t *testing.T) {
	s := newStage(t, Options{QueueBytes: 1 << 30, WriteTimeout: time.Minute})
	s.deaf("")
	s.joined(1)
	row := make([]byte, 8<<10)
	for seq := int64(1); seq <= 512; seq++ { // 4 MB, what the kernel would take by itself
		s.Publish(Guild(guild), event(seq, string(row)))
	}
	s.settled()
	if taken := s.Stats().Bytes; taken > 512<<10 {
		t.Errorf("the kernel took %d KB for a reader that reads nothing", taken>>10)
	}
}

// settled waits until everything published has come out of the library at every stream.
func (s *stage) settled() {
	s.t.Helper()
	want := s.Stats().Published
	until(s.t, "all frames are delivered", func() bool { return s.Stats().Frames >= want })
}
