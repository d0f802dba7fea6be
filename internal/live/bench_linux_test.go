package live

import (
	"flag"
	"fmt"
	"net/http"
	"testing"

	"guildwatch/internal/fleet"
	"guildwatch/internal/leak"
)

// full makes the benchmarks as large as docs/PERFORMANCE.md reports them: minutes instead of seconds.
var full = flag.Bool("live.full", false, "run the benchmarks and the largest tests at full size")

// rounds is how often a benchmark at full size runs each server, in turn.
var rounds = flag.Int("live.rounds", 5, "rounds of a benchmark at full size")

// TestMain lets this binary be the server or the readers of a benchmark.
func TestMain(m *testing.M) {
	roles := make(map[string]func() error)
	for _, role := range []string{"raw", "hand", "live"} {
		roles[role] = func() error { return host(role) }
	}
	fleet.Main(roles)
	leak.Main(m)
}

// plan is what a run does.
type plan struct {
	streams, stalled int
	frames, every    int // every so many microseconds; 0 as fast as it can
}

// measured is what a run of one server gave.
type measured struct {
	fleet.Result
	cost
	idle  float64 // KB per stream before any load
	micro float64 // microseconds of server CPU per delivery
}

// serverOf starts a server with room for so many streams, and gives its address and its memory in KB before the first.
func serverOf(b testing.TB, role string, streams int) (host *fleet.Child, addr string, before int) {
	b.Helper()
	host = fleet.Spawn(b, role, fmt.Sprint(totalVariable, "=", streams))
	fmt.Sscan(host.Hear(nil), &addr, &before)
	return host, addr, before
}

func launch(b testing.TB, addr string, p plan) *fleet.Fleet {
	b.Helper()
	return fleet.Launch(b, fleet.Plan{Addr: addr, Path: "/?user=%d", Readers: p.streams, Silent: p.stalled})
}

// measure runs p against a new server process with empty caches of its own.
func measure(b testing.TB, role string, p plan) measured {
	b.Helper()
	host, addr, before := serverOf(b, role, p.streams)
	defer host.Stop()
	readers := launch(b, addr, p)
	defer readers.Stop()
	after := before
	host.Say("wait %d", p.streams)
	fmt.Sscan(host.Hear(nil), &after)
	m := measured{idle: float64(after-before) / float64(p.streams)}
	warm := plan{frames: 10, every: p.every}
	for _, p := range []plan{warm, p} {
		readers.Count(p.frames)
		host.Say("load %d %d", p.frames, p.every)
		m.Result = readers.Result()
		host.Hear(&m.cost)
	}
	m.micro = m.CPU * 1e6 / float64(p.frames*p.streams)
	return m
}

// report prints a run's figures.
func report(role string, p plan, m measured) {
	fleet.Print("%-7s p50 %6.1f p99 %6.1f max %6.1f ms %8.0f/s %5.1f us/delivery  lost %d doubled %d"+
		"  KB %5.1f idle %5.1f after  slowest publish %5.1f ms",
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
	b.Helper()
	figures := func(role string) (all []float64) {
		for _, m := range runs[role] {
			all = append(all, figure(m))
		}
		return all
	}
	fleet.Ratio(b, unit, figures(over), figures(under))
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
	host, addr, before := serverOf(t, "live", n)
	defer host.Stop()
	readers := launch(t, addr, plan{streams: n})
	defer readers.Stop()
	after := before
	host.Say("wait %d", n)
	fmt.Sscan(host.Hear(nil), &after)
	response, err := http.Get("http://" + addr + "/?user=77777")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("stream %d: status %d, want 503", n+1, response.StatusCode)
	}
	readers.Count(5)
	host.Say("load 5 %d", every)
	got := readers.Result()
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
