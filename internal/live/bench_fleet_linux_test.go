package live

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// fleet is the client process: many sockets read by one thread, so that it takes as little as possible of the cores
// that it shares with the server. It does not parse frames; it looks for the mark in each.
type fleet struct {
	epoll    int
	readers  map[int32]*vessel
	received int
	doubled  int
	samples  []int32 // microseconds from Publish to read
	first    time.Time
	last     time.Time
}

type vessel struct {
	next int64  // number of the mark that comes next
	tail []byte // of a mark that was cut by the end of a read
	over bool
}

// A mark is '@', the frame's number and the nanosecond of its publishing, each in 16 hexadecimal digits.
const markSize = 33

func mark(data []byte, number int64) {
	data[0] = '@'
	copy(data[1:], fmt.Appendf(nil, "%016x%016x", number, time.Now().UnixNano()))
}

// result is what a run's readers saw.
type result struct {
	Received, Lost, Doubled int
	P50, P99, Max           float64 // milliseconds
	PerSecond               float64
}

// sail connects n readers to addr, of which the last stalled never read, and answers "run N" with a result after each
// reader has got N frames, or none has got any for 3 s.
func sail(addr string, n, stalled int) error {
	epoll, err := syscall.EpollCreate1(0)
	if err != nil {
		return err
	}
	f := &fleet{epoll: epoll, readers: make(map[int32]*vessel, n)}
	for i := range n {
		fd, err := launch(addr, i)
		if err != nil {
			return err
		}
		if i >= n-stalled {
			continue
		}
		f.readers[int32(fd)] = &vessel{}
		event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}
		if err := syscall.EpollCtl(epoll, syscall.EPOLL_CTL_ADD, fd, &event); err != nil {
			return err
		}
	}
	fmt.Println("ready")
	var frames int
	for {
		if _, err := fmt.Scanf("run %d\n", &frames); err != nil {
			return nil
		}
		if err := json.NewEncoder(os.Stdout).Encode(f.run(frames)); err != nil {
			return err
		}
	}
}

// launch opens one socket and sends a request on it. Sources spread over 127.0.0.0/8: one address has 28 000 ports.
func launch(addr string, i int) (int, error) {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+i%8))}}
	conn, err := dialer.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	if _, err := fmt.Fprintf(conn, "GET /?guild=1&user=%d HTTP/1.1\r\nHost: localhost\r\n\r\n", i+1); err != nil {
		return 0, err
	}
	file, err := conn.(*net.TCPConn).File()
	if err != nil {
		return 0, err
	}
	_ = conn.Close()
	fd, err := syscall.Dup(int(file.Fd()))
	_ = file.Close()
	return fd, err
}

func (f *fleet) run(frames int) result {
	*f = fleet{epoll: f.epoll, readers: f.readers, samples: make([]int32, 0, frames*len(f.readers))}
	for _, v := range f.readers {
		v.next = 0
	}
	want := frames * len(f.readers)
	buffer := make([]byte, 256<<10)
	events := make([]syscall.EpollEvent, 1024)
	for quiet := time.Now(); f.received < want && time.Since(quiet) < 3*time.Second; {
		n, err := syscall.EpollWait(f.epoll, events, 100)
		if err != nil && err != syscall.EINTR {
			panic(err)
		}
		before := f.received
		for _, e := range events[:max(n, 0)] {
			f.read(e.Fd, buffer)
		}
		if f.received > before {
			quiet = time.Now()
		}
	}
	return f.result(want)
}

func (f *fleet) read(fd int32, buffer []byte) {
	v := f.readers[fd]
	held := copy(buffer, v.tail)
	n, err := syscall.Read(int(fd), buffer[held:])
	if n <= 0 {
		if err != syscall.EINTR && err != syscall.EAGAIN {
			_ = syscall.EpollCtl(f.epoll, syscall.EPOLL_CTL_DEL, int(fd), nil)
			v.over = true
		}
		return
	}
	now := time.Now()
	data := buffer[:held+n]
	v.tail = v.tail[:0]
	for {
		at := bytes.IndexByte(data, '@')
		if at < 0 {
			return
		}
		data = data[at:]
		if len(data) < markSize {
			v.tail = append(v.tail, data...)
			return
		}
		number, _ := strconv.ParseInt(string(data[1:17]), 16, 64)
		sent, _ := strconv.ParseInt(string(data[17:33]), 16, 64)
		data = data[markSize:]
		if number < v.next {
			f.doubled++
			continue
		}
		v.next = number + 1
		f.received++
		f.samples = append(f.samples, int32((now.UnixNano()-sent)/1000))
		if f.first.IsZero() {
			f.first = time.Unix(0, sent)
		}
		f.last = now
	}
}

func (f *fleet) result(want int) result {
	r := result{Received: f.received, Lost: want - f.received, Doubled: f.doubled}
	if f.received == 0 {
		return r
	}
	slices.Sort(f.samples)
	at := func(q float64) float64 { return float64(f.samples[int(q*float64(len(f.samples)-1))]) / 1000 }
	r.P50, r.P99, r.Max = at(0.5), at(0.99), at(1)
	r.PerSecond = float64(f.received) / f.last.Sub(f.first).Seconds()
	return r
}

// TestMain lets this binary be the server or the clients of a benchmark.
func TestMain(m *testing.M) {
	if role := os.Getenv("LIVE_BENCH_ROLE"); role != "" {
		number := func(name string) int { n, _ := strconv.Atoi(os.Getenv(name)); return n }
		err := error(nil)
		if role == "fleet" {
			err = sail(os.Getenv("LIVE_BENCH_ADDR"), number("LIVE_BENCH_STREAMS"), number("LIVE_BENCH_STALLED"))
		} else {
			err = host(role)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, role+":", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}
