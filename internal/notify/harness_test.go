package notify

import (
	"context"
	"io"
	"net"
	"testing"
	"time"
)

// pipe connects to somebody who hears the beginning of a request, answers this much, and then nothing for ever.
func pipe(answer string) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go func() {
			_, _ = far.Read(make([]byte, 4096))
			go func() { _, _ = io.WriteString(far, answer) }()
			_, _ = io.Copy(io.Discard, far)
		}()
		return near, nil
	}
}

// until waits for a condition, at most a minute.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(time.Minute); !holds(); {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}
