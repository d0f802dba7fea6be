// Package loopback gives tests a place of their own on this machine.
package loopback

import (
	"net/netip"
	"os"
	"runtime"
)

// Host is an address of this machine at which no other process of the tests listens. A server that is stopped and
// started again finds its port free there: at 127.0.0.1 the port has meanwhile been given to another package's test
// once in some hundred runs. Only Linux answers at all of 127.0.0.0/8.
func Host() string {
	if runtime.GOOS != "linux" {
		return "127.0.0.1"
	}
	pid := os.Getpid()
	return netip.AddrFrom4([4]byte{127, byte(64 + pid>>16%128), byte(pid >> 8), byte(pid)}).String()
}
