//go:build !linux

package export

// yielding does something. Other systems have no rank of a single thread that a program may lower for itself.
func yielding(do func()) { do() }
