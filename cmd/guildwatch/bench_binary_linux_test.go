package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"guildwatch/internal/fleet"
)

// The bars of the static binary, in bytes.
const (
	mostBinary = 30e6
	mostIdle   = 60e6
)

func TestTheBinaryIsSmallAndIdlesInLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("building the program takes a minute where nothing of it is built yet")
	}
	info, err := os.Stat(binary(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the binary takes %.1f MB", float64(info.Size())/1e6)
	if info.Size() >= mostBinary {
		t.Errorf("the binary takes %.1f MB", float64(info.Size())/1e6)
	}
	s := newStage(t)
	serve := s.serve(t.TempDir())
	s.address = serve.address
	s.settled()
	idle := serve.resident()
	t.Logf("idle: %.1f MB", float64(idle)/1e6)
	if idle >= mostIdle {
		t.Errorf("serve takes %.1f MB while nothing happens", float64(idle)/1e6)
	}
	serve.stop()
}

// BenchmarkStart measures from the start of the process: to the first good answer of /health with the demo's 90 days in
// the database, and to the demo's first page, which writes those 90 days before.
func BenchmarkStart(b *testing.B) {
	data := b.TempDir()
	spawn(b, nil, "demo", "--data", data).stop()
	b.Run("serve", func(b *testing.B) {
		s := newStage(b)
		var ready, idle []float64
		for b.Loop() {
			serve := s.serve(data)
			ready = append(ready, serve.answered("/health"))
			s.address = serve.address
			s.settled()
			idle = append(idle, float64(serve.resident())/1e6)
			serve.stop()
		}
		fleet.Report(b, "ready-ms", ready)
		fleet.Report(b, "idle-MB", idle)
	})
	b.Run("demo", func(b *testing.B) {
		var first []float64
		for b.Loop() {
			demo := spawn(b, nil, "demo")
			first = append(first, demo.answered("/"))
			demo.stop()
		}
		fleet.Report(b, "first-page-ms", first)
	})
}

// workshop is where the program was built; empty when no test has needed it.
var workshop string

// built makes the program as a release does, once.
var built = sync.OnceValues(func() (path string, err error) {
	if workshop, err = os.MkdirTemp("", "guildwatch-build-"); err != nil {
		return "", err
	}
	path = filepath.Join(workshop, "guildwatch")
	command := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, ".")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func binary(tb testing.TB) string {
	tb.Helper()
	path, err := built()
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

// process is the built program at work.
type process struct {
	testing.TB
	command *exec.Cmd
	began   time.Time
	address string
	rest    chan struct{} // closed when the output has ended
}

// serve starts the built program on the stand-in.
func (s *stage) serve(data string) *process {
	s.Helper()
	env := []string{"DISCORD_TOKEN=" + s.sim.Token(), "DISCORD_API_URL=" + s.sim.URL()}
	return spawn(s.TB, env, "serve", "--data", data)
}

// settled waits until the bot has seen the guild and recorded it. Pages would not say so: nobody is signed in.
func (s *stage) settled() {
	s.Helper()
	s.until("the guild is recorded", func() bool {
		metrics := s.get("/metrics")
		return strings.Contains(metrics, "\nguildwatch_gateway_guilds 1\n") &&
			strings.Contains(metrics, "\nguildwatch_events_queued 0\n")
	})
}

var dashboard = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`)

// spawn starts the built program on a free port and waits until it has told its address.
func spawn(tb testing.TB, env []string, args ...string) *process {
	tb.Helper()
	args = append(args, "--listen", "127.0.0.1:0", "--log-level", "warn")
	p := &process{TB: tb, command: exec.Command(binary(tb), args...), rest: make(chan struct{})}
	p.command.Env, p.command.Stderr = append(os.Environ(), env...), tb.Output()
	out, err := p.command.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	p.began = time.Now()
	if err := p.command.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = p.command.Process.Kill() })
	lines := bufio.NewScanner(out)
	for p.address == "" && lines.Scan() {
		if found := dashboard.FindStringSubmatch(lines.Text()); found != nil {
			p.address = found[1]
		}
	}
	go func() { defer close(p.rest); _, _ = io.Copy(io.Discard, out) }()
	if p.address == "" {
		tb.Fatalf("%s ended before it said where its dashboard is: %v", strings.Join(args, " "), p.command.Wait())
	}
	return p
}

// answered is how many milliseconds after the start a whole good answer was there.
func (p *process) answered(path string) float64 {
	p.Helper()
	for {
		response, err := http.Get("http://" + p.address + path)
		if err != nil {
			p.Fatal(err)
		}
		_, err = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if err == nil && response.StatusCode == http.StatusOK {
			return float64(time.Since(p.began).Microseconds()) / 1000
		}
		if time.Since(p.began) > patience {
			p.Fatalf("%s answers %s", path, response.Status)
		}
	}
}

// resident is the memory, in bytes, that the process holds.
func (p *process) resident() int {
	p.Helper()
	bytes, err := fleet.Resident(p.command.Process.Pid)
	if err != nil {
		p.Fatal(err)
	}
	return bytes
}

// stop asks the process to stop, as Ctrl-C does, and expects it to stop well.
func (p *process) stop() {
	p.Helper()
	if err := p.command.Process.Signal(syscall.SIGINT); err != nil {
		p.Fatal(err)
	}
	<-p.rest
	if err := p.command.Wait(); err != nil {
		p.Errorf("the program stopped with: %v", err)
	}
}
