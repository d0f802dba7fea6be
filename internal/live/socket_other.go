//go:build !linux

package live

import (
	"net"
	"time"
)

func setUserTimeout(*net.TCPConn, time.Duration) {}

// directly gives no link: every write goes through net/http and a goroutine of its own.
func directly(*net.TCPConn) link { return nil }
