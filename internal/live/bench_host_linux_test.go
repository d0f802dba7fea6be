package live

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/fleet"
	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
)

// broadcaster is a server that is measured.
type broadcaster interface {
	http.Handler
	publish(number int64, data []byte)
	streams() int
}

// cost is what a run took on the server's side.
type cost struct {
	CPU     float64 // seconds
	Slowest float64 // milliseconds of the slowest publish
	RSS     int     // KB, after the run
}

// totalVariable tells the server process how many streams it has room for.
const totalVariable = "LIVE_BENCH_TOTAL"

// host is the server process. It answers "wait N" with its RSS in KB when N streams are open, and "load N I" with a
// cost after publishing N frames of 1 KB, one each I microseconds, or as fast as it can for 0.
func host(role string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	var b broadcaster
	switch role {
	case "raw":
		raw := &rawServer{}
		go raw.accept(listener)
		b = raw
	case "hand":
		hand := &handServer{clients: make(map[chan []byte]struct{})}
		go func() { _ = http.Serve(listener, hand) }()
		b = hand
	case "live":
		total, _ := strconv.Atoi(os.Getenv(totalVariable))
		hub := &liveServer{Hub: New(Options{Total: total})}
		server := http.Server{Handler: hub, ConnContext: ConnContext}
		go func() { _ = server.Serve(listener) }()
		b = hub
	}
	fmt.Println(listener.Addr(), fleet.Settled()/1024)
	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		var n, every int
		if _, err := fmt.Sscanf(commands.Text(), "wait %d", &n); err == nil {
			for look := time.Tick(time.Millisecond); b.streams() != n; {
				<-look
			}
			fmt.Println(fleet.Settled() / 1024)
			continue
		}
		if _, err := fmt.Sscanf(commands.Text(), "load %d %d", &n, &every); err != nil {
			return err
		}
		if err := json.NewEncoder(os.Stdout).Encode(load(b, n, time.Duration(every)*time.Microsecond)); err != nil {
			return err
		}
	}
	return nil
}

func load(b broadcaster, n int, every time.Duration) cost {
	data := bytes.Repeat([]byte("<li>row</li> "), 80)[:1024]
	var c cost
	before, began := fleet.CPU(), time.Now()
	for i := range n {
		if wait := time.Until(began.Add(time.Duration(i) * every)); wait > 0 {
			<-time.After(wait)
		}
		at := time.Now()
		copy(data, fleet.Mark(int64(i), at))
		b.publish(int64(i), data)
		c.Slowest = max(c.Slowest, float64(time.Since(at).Microseconds())/1000)
	}
	for used := fleet.CPU(); time.Since(began) < 5*time.Minute; { // until the last frame is out
		<-time.After(100 * time.Millisecond)
		now := fleet.CPU()
		if now-used < 5*time.Millisecond {
			break
		}
		used = now
	}
	resident, _ := fleet.Resident(0) // the file is always there for oneself
	c.CPU, c.RSS = (fleet.CPU() - before).Seconds(), resident/1024
	return c
}

func encoded(number int64, data []byte) []byte {
	return fmt.Appendf(nil, "id: %d\nevent: event\ndata: %s\n\n", number+1, data)
}

// rawServer is the floor: one write(2) for each client and event, by one thread.
type rawServer struct {
	http.Handler
	mu  sync.Mutex
	fds []int
}

func (s *rawServer) accept(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		file, err := conn.(*net.TCPConn).File()
		if err != nil {
			panic(err)
		}
		_ = conn.Close()
		fd, _ := syscall.Dup(int(file.Fd()))
		_ = file.Close()
		_ = syscall.SetNonblock(fd, false)
		_, _ = syscall.Read(fd, make([]byte, 4096))
		_, _ = syscall.Write(fd, []byte("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"))
		s.mu.Lock()
		s.fds = append(s.fds, fd)
		s.mu.Unlock()
	}
}

func (s *rawServer) publish(number int64, data []byte) {
	wire := encoded(number, data)
	for _, fd := range s.fds {
		for rest := wire; len(rest) > 0; {
			n, err := syscall.Write(fd, rest)
			if err != nil && err != syscall.EINTR {
				break
			}
			rest = rest[max(n, 0):]
		}
	}
}

func (s *rawServer) streams() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.fds)
}

// handServer is what one writes by hand: a buffered channel for each client, one Write and one Flush for each event.
type handServer struct {
	mu      sync.Mutex
	clients map[chan []byte]struct{}
}

func (s *handServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	flusher := w.(http.Flusher)
	flusher.Flush()
	frames := make(chan []byte, 256)
	s.mu.Lock()
	s.clients[frames] = struct{}{}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.clients, frames)
		s.mu.Unlock()
	}()
	for {
		select {
		case <-r.Context().Done():
			return
		case wire := <-frames:
			if _, err := w.Write(wire); err != nil {
				return
			}
			flusher.Flush()
		}
	}
}

func (s *handServer) publish(number int64, data []byte) {
	wire := encoded(number, data)
	s.mu.Lock()
	defer s.mu.Unlock()
	for frames := range s.clients {
		frames <- wire
	}
}

func (s *handServer) streams() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.clients)
}

// liveServer is the hub as it is used.
type liveServer struct {
	*Hub
	seq atomic.Int64
}

func (s *liveServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user, _ := strconv.ParseInt(r.URL.Query().Get("user"), 10, 64)
	if err := s.Serve(w, r, Subscription{Topic: Guild(1), User: snowflake.UserID(user), After: -1}); err != nil {
		w.WriteHeader(fault.Of(err).Status())
	}
}

func (s *liveServer) publish(_ int64, data []byte) {
	s.Publish(Guild(1), Frame{Seq: s.seq.Add(1), Name: frame.Event, Data: data})
}

func (s *liveServer) streams() int { return s.Stats().Open }
