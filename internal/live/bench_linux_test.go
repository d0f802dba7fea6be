package live

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// full makes the benchmarks as large as docs/PERFORMANCE.md reports them: minutes instead of seconds.
var full = flag.Bool("live.full", false, "run the benchmarks and the largest tests at full size")

// rounds is how often a benchmark at full size runs each server, in turn.
var rounds = flag.Int("live.rounds", 5, "rounds of a benchmark at full size")

// child is a process of this binary that plays a part of a benchmark.
type child struct {
	b       testing.TB
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
}

// spawn starts this binary in a role.
func spawn(b testing.TB, role string, env ...string) *child {
	b.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(append(os.Environ(), "LIVE_BENCH_ROLE="+role), env...)
	command.Stderr = os.Stderr
	in, _ := command.StdinPipe()
	out, _ := command.StdoutPipe()
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	return &child{b, command, in, bufio.NewScanner(out)}
}

func (c *child) say(format string, args ...any) { fmt.Fprintf(c.in, format+"\n", args...) }

// hear reads the next line of the child's answer into a value, or gives it as text when value is nil.
func (c *child) hear(value any) string {
	c.b.Helper()
	if !c.out.Scan() {
		c.b.Fatalf("the %s process ended early", c.command.Env[len(c.command.Env)-1])
	}
	if value != nil {
		if err := json.Unmarshal(c.out.Bytes(), value); err != nil {
			c.b.Fatalf("%s: %v", c.out.Text(), err)
		}
	}
	return c.out.Text()
}

func (c *child) stop() {
	_ = c.in.Close()
	_ = c.command.Wait()
}

// plan is what a run does.
type plan struct {
	streams, stalled int
	frames, every    int // every so many microseconds; 0 as fast as it can
}

// measured is what a run of one server gave.
type measured struct {
	result
	cost
	idle  float64 // KB per stream before any load
	micro float64 // microseconds of server CPU per delivery
}

// measure runs p against a new server process with empty caches of its own.
func measure(b testing.TB, role string, p plan) measured {
	b.Helper()
	host := spawn(b, role, fmt.Sprint("LIVE_BENCH_TOTAL=", p.streams))
	defer host.stop()
	var addr string
	var before, after int
	fmt.Sscan(host.hear(nil), &addr, &before)
	fleet := spawn(b, "fleet", "LIVE_BENCH_ADDR="+addr, fmt.Sprint("LIVE_BENCH_STREAMS=", p.streams),
		fmt.Sprint("LIVE_BENCH_STALLED=", p.stalled))
	defer fleet.stop()
	fleet.hear(nil)
	host.say("wait %d", p.streams)
	fmt.Sscan(host.hear(nil), &after)
	m := measured{idle: float64(after-before) / float64(p.streams)}
	warm := plan{frames: 10, every: p.every}
	for _, p := range []plan{warm, p} {
		fleet.say("run %d", p.frames)
		host.say("load %d %d", p.frames, p.every)
		fleet.hear(&m.result)
		host.hear(&m.cost)
	}
	m.micro = m.CPU * 1e6 / float64(p.frames*p.streams)
	return m
}

// report prints a run's figures: a benchmark's own log keeps ten lines only.
func report(role string, p plan, m measured) {
	fmt.Fprintf(os.Stderr, "%-7s p50 %6.1f p99 %6.1f max %6.1f ms %8.0f/s %5.1f us/delivery  lost %d doubled %d"+
		"  KB %5.1f idle %5.1f after  slowest publish %5.1f ms\n",
		role, m.P50, m.P99, m.Max, m.PerSecond, m.micro, m.Lost, m.Doubled, m.idle,
		float64(m.RSS)/float64(p.streams), m.Slowest)
}

// interleave runs every role in turn, rounds times, each round beginning with another.
func interleave(b testing.TB, rounds int, p plan, roles ...string) map[string][]measured {
	runs := make(map[string][]measured)
	for round := range rounds {
		for i := range roles {
			role := roles[(round+i)%len(roles)]
			m := measure(b, role, p)
			runs[role] = append(runs[role], m)
			report(role, p, m)
		}
	}
	return runs
}

// ratio reports the median of the rounds' ratios of a figure between two roles, and logs the range.
func ratio(b *testing.B, runs map[string][]measured, over, under, unit string, figure func(measured) float64) {
	ratios := make([]float64, len(runs[over]))
	for i := range ratios {
		ratios[i] = figure(runs[over][i]) / figure(runs[under][i])
	}
	slices.Sort(ratios)
	b.Logf("%s: %.2f (%.2f-%.2f)", unit, ratios[len(ratios)/2], ratios[0], ratios[len(ratios)-1])
	b.ReportMetric(ratios[len(ratios)/2], strings.ReplaceAll(unit, " ", "-"))
}

func p50(m measured) float64       { return m.P50 }
func p99(m measured) float64       { return m.P99 }
func micro(m measured) float64     { return m.micro }
func idle(m measured) float64      { return m.idle }
func perSecond(m measured) float64 { return m.PerSecond }

func nothingLost(b *testing.B, runs []measured) {
	lost, doubled := 0, 0
	for _, m := range runs {
		lost, doubled = lost+m.Lost, doubled+m.Doubled
	}
	b.ReportMetric(float64(lost), "lost")
	if lost != 0 || doubled != 0 {
		b.Errorf("lost %d frames, doubled %d", lost, doubled)
	}
}

// TestEveryStreamUpToTheTotalAndNoMore is F25: all get the frames, the next reader gets 503.
func TestEveryStreamUpToTheTotalAndNoMore(t *testing.T) {
	n, every := 200, 100_000
	if *full {
		n, every = 10_000, 1_000_000
	}
	host := spawn(t, "live", fmt.Sprint("LIVE_BENCH_TOTAL=", n))
	defer host.stop()
	var addr string
	var before, after int
	fmt.Sscan(host.hear(nil), &addr, &before)
	fleet := spawn(t, "fleet", "LIVE_BENCH_ADDR="+addr, fmt.Sprint("LIVE_BENCH_STREAMS=", n))
	defer fleet.stop()
	fleet.hear(nil)
	host.say("wait %d", n)
	fmt.Sscan(host.hear(nil), &after)
	response, err := http.Get("http://" + addr + "/?user=77777")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("stream %d: status %d, want 503", n+1, response.StatusCode)
	}
	var got result
	fleet.say("run 5")
	host.say("load 5 %d", every)
	fleet.hear(&got)
	t.Logf("%d streams: %.1f KB each, p50 %.1f ms, p99 %.1f ms", n, float64(after-before)/float64(n), got.P50, got.P99)
	if got.Lost != 0 || got.Doubled != 0 {
		t.Errorf("%d frames lost, %d doubled", got.Lost, got.Doubled)
	}
}

// BenchmarkSteady is 10 frames of 1 KB a second to each of many streams, beside one write(2) per client ("raw") and a
// net/http handler written by hand.
func BenchmarkSteady(b *testing.B) {
	n, p := 1, plan{streams: 200, frames: 20, every: 100_000}
	if *full {
		n, p = *rounds, plan{streams: 5000, frames: 100, every: 100_000}
	}
	for b.Loop() {
		runs := interleave(b, n, p, "raw", "hand", "live")
		ratio(b, runs, "live", "hand", "p50/hand", p50)
		ratio(b, runs, "live", "hand", "p99/hand", p99)
		ratio(b, runs, "live", "raw", "p50/raw", p50)
		ratio(b, runs, "live", "raw", "p99/raw", p99)
		ratio(b, runs, "live", "hand", "cpu/hand", micro)
		ratio(b, runs, "live", "hand", "rss/hand", idle)
		nothingLost(b, runs["live"])
	}
}

// BenchmarkBurst publishes as fast as it can.
func BenchmarkBurst(b *testing.B) {
	n, p := 1, plan{streams: 100, frames: 500}
	if *full {
		n, p = *rounds, plan{streams: 1000, frames: 2000}
	}
	for b.Loop() {
		runs := interleave(b, n, p, "raw", "hand", "live")
		ratio(b, runs, "live", "hand", "delivered/hand", perSecond)
		ratio(b, runs, "live", "hand", "cpu/hand", micro)
		nothingLost(b, runs["live"])
	}
}

// BenchmarkStalled lets one reader in a hundred stop reading, and looks at the others.
func BenchmarkStalled(b *testing.B) {
	n, p := 1, plan{streams: 100, frames: 100, every: 5_000}
	if *full {
		n, p = *rounds, plan{streams: 1000, frames: 1000, every: 10_000}
	}
	stalled := p
	stalled.stalled = p.streams / 100
	for b.Loop() {
		runs := make(map[string][]measured)
		for i := range n {
			for _, role := range [][]string{{"with", "without"}, {"without", "with"}}[i%2] {
				q := p
				if role == "with" {
					q = stalled
				}
				m := measure(b, "live", q)
				report(role, p, m)
				runs[role] = append(runs[role], m)
			}
		}
		ratio(b, runs, "with", "without", "p99/without", p99)
		nothingLost(b, append(runs["with"], runs["without"]...))
	}
}
