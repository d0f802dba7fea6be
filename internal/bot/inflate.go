package bot

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
)

// sizes bound one payload, in bytes.
type sizes struct {
	frame int64 // a larger one is skipped
	bomb  int64 // a larger one, skipped or not, ends the connection
}

// Discord's largest payloads are guilds of some MB.
var defaultSizes = sizes{frame: 16 << 20, bomb: 64 << 20}

const windowSize = 32 << 10 // how far back deflate may refer

var (
	errTooLarge = errors.New("bot: a gateway frame is too large")
	errBomb     = errors.New("bot: a gateway frame is so large that it can only be meant badly")
	errDeflate  = errors.New("bot: the compressed stream is damaged")
)

var syncMark = []byte{0x00, 0x00, 0xff, 0xff}

// inflater undoes zlib-stream: one deflate stream over the whole connection, flushed after each payload. Go's reader
// cannot go on after it has met the end of its input, so each payload is read by a fresh one that starts with the last
// 32 KB as its dictionary.
type inflater struct {
	sizes   sizes
	started bool
	packed  []byte // of a payload that came in several frames
	window  []byte
	source  bytes.Reader
	reader  io.ReadCloser
}

// add takes one binary frame. It writes the payload to out and answers true when it is complete. errTooLarge means that
// the payload was skipped and the stream goes on; any other error ends the stream.
func (z *inflater) add(frame []byte, out *bytes.Buffer) (bool, error) {
	if int64(len(z.packed)+len(frame)) > z.sizes.frame {
		return false, errBomb
	}
	z.packed = append(z.packed, frame...)
	if !bytes.HasSuffix(z.packed, syncMark) {
		return false, nil
	}
	data := z.packed
	z.packed = z.packed[:0]
	if !z.started {
		if len(data) < 2 || data[0]&0x0f != 8 || (int(data[0])<<8|int(data[1]))%31 != 0 || data[1]&0x20 != 0 {
			return false, errDeflate
		}
		z.started, data = true, data[2:]
	}
	z.source.Reset(data)
	if z.reader == nil {
		z.reader = flate.NewReaderDict(&z.source, z.window)
	} else if err := z.reader.(flate.Resetter).Reset(&z.source, z.window); err != nil {
		return false, err
	}
	return true, z.inflate(out)
}

func (z *inflater) inflate(out *bytes.Buffer) error {
	start := out.Len()
	_, err := io.CopyN(out, z.reader, z.sizes.frame)
	z.remember(out.Bytes()[start:])
	total := z.sizes.frame
	for err == nil && total <= z.sizes.bomb {
		out.Truncate(start)
		var n int64
		n, err = io.CopyN(out, z.reader, windowSize)
		z.remember(out.Bytes()[start:])
		total += n
	}
	switch {
	case err == nil:
		return errBomb
	case !errors.Is(err, io.ErrUnexpectedEOF) || z.source.Len() > 0:
		return errDeflate
	case total > z.sizes.frame:
		return errTooLarge
	}
	return nil
}

// remember keeps the last 32 KB of what was inflated.
func (z *inflater) remember(data []byte) {
	if len(data) >= windowSize {
		z.window = append(z.window[:0], data[len(data)-windowSize:]...)
		return
	}
	if over := len(z.window) + len(data) - windowSize; over > 0 {
		z.window = append(z.window[:0], z.window[over:]...)
	}
	z.window = append(z.window, data...)
}
