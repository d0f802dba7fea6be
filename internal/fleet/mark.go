// Package fleet is for benchmarks of live streams: thousands of readers in a process of their own, which say when each
// frame's bytes had been read, and what every such benchmark needs besides. It knows sockets and marks, not frames or
// pages.
package fleet

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// MarkSize is how many bytes a mark takes.
const MarkSize = 33

// Mark is what readers look for: '@', the number and the moment in nanoseconds, each as 16 hexadecimal digits. It
// passes unchanged through JSON and HTML, so it can travel as text of a user. Numbers begin with 0 in each count and go
// up by one.
func Mark(number int64, at time.Time) []byte {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], uint64(number))
	binary.BigEndian.PutUint64(raw[8:], uint64(at.UnixNano()))
	return hex.AppendEncode([]byte{'@'}, raw[:])
}

// cutMark finds the first mark in data and what is behind it. Without one, rest is what may be the beginning of one.
func cutMark(data []byte) (number, at int64, rest []byte, found bool) {
	for {
		begin := bytes.IndexByte(data, '@')
		if begin < 0 {
			return 0, 0, nil, false
		}
		data = data[begin:]
		if len(data) < MarkSize {
			return 0, 0, data, false
		}
		var raw [16]byte
		if _, err := hex.Decode(raw[:], data[1:MarkSize]); err == nil {
			return int64(binary.BigEndian.Uint64(raw[:8])), int64(binary.BigEndian.Uint64(raw[8:])), data[MarkSize:], true
		}
		data = data[1:] // somebody's name
	}
}
