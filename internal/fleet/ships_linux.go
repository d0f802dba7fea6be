package fleet

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// bufferSize is what one read takes at most.
const bufferSize = 256 << 10

// quiet is how long nothing may come before the missing counts as lost.
const quiet = 3 * time.Second

// ships are many sockets read by one thread, so that the readers take as little as possible of the cores that they
// share with the server.
type ships struct {
	epoll   int
	readers map[int32]*reader
	buffer  []byte
}

type reader struct {
	next int64  // number of the mark that comes next
	tail []byte // of a mark that was cut by the end of a read
}

// launch connects the plan's readers.
func launch(plan Plan) (*ships, error) {
	epoll, err := syscall.EpollCreate1(0)
	if err != nil {
		return nil, err
	}
	s := &ships{epoll: epoll, readers: make(map[int32]*reader, plan.Readers), buffer: make([]byte, bufferSize)}
	for i := range plan.Readers {
		fd, err := connect(plan, i)
		if err != nil {
			return nil, fmt.Errorf("reader %d: %w", i+1, err)
		}
		if i >= plan.Readers-plan.Silent {
			continue
		}
		s.readers[int32(fd)] = &reader{}
		event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}
		if err := syscall.EpollCtl(epoll, syscall.EPOLL_CTL_ADD, fd, &event); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// connect opens one socket, sends the request and reads the head of the answer. Sources spread over 127.0.0.0/8: one
// address has 28 000 ports.
func connect(plan Plan, i int) (fd int, err error) {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+i%8))}, Timeout: 30 * time.Second}
	conn, err := dialer.Dial("tcp", plan.Addr)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	path := strings.ReplaceAll(plan.Path, "%d", fmt.Sprint(i+1))
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, plan.Addr); err != nil {
		return 0, err
	}
	if err := readHead(conn); err != nil {
		return 0, err
	}
	file, err := conn.(*net.TCPConn).File()
	if err != nil {
		return 0, err
	}
	defer file.Close()
	return syscall.Dup(int(file.Fd()))
}

// readHead reads up to the empty line. What came with it is lost, and holds no mark: nobody counts yet.
func readHead(conn net.Conn) error {
	if err := conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return err
	}
	lines := bufio.NewReaderSize(conn, 4<<10)
	status, err := lines.ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.Contains(status, " 200 ") {
		return fmt.Errorf("answered with %s", strings.TrimSpace(status))
	}
	for {
		if line, err := lines.ReadString('\n'); err != nil || line == "\r\n" {
			return err
		}
	}
}

// count reads until each reader got its marks or all are quiet.
func (s *ships) count(marks int) Result {
	want := marks * len(s.readers)
	c := &count{samples: make([]int32, 0, want)}
	for _, r := range s.readers {
		*r = reader{tail: r.tail[:0]}
	}
	events := make([]syscall.EpollEvent, 1024)
	for heard := time.Now(); c.received < want && time.Since(heard) < quiet; {
		n, err := syscall.EpollWait(s.epoll, events, 100)
		if err != nil && err != syscall.EINTR {
			fmt.Fprintln(os.Stderr, "epoll:", err)
			break
		}
		before := c.received
		for _, e := range events[:max(n, 0)] {
			s.read(e.Fd, c)
		}
		if c.received > before {
			heard = time.Now()
		}
	}
	return c.result(want)
}

func (s *ships) read(fd int32, c *count) {
	r := s.readers[fd]
	held := copy(s.buffer, r.tail)
	n, err := syscall.Read(int(fd), s.buffer[held:])
	if n <= 0 {
		if err != syscall.EINTR && err != syscall.EAGAIN {
			_ = syscall.EpollCtl(s.epoll, syscall.EPOLL_CTL_DEL, int(fd), nil)
		}
		return
	}
	now := time.Now()
	for data := s.buffer[:held+n]; ; {
		number, at, rest, found := cutMark(data)
		if !found {
			r.tail = append(r.tail[:0], rest...)
			return
		}
		data = rest
		if number < r.next {
			c.doubled++
			continue
		}
		r.next = number + 1
		c.note(at, now)
	}
}
