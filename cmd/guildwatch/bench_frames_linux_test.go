package main

import (
	"bytes"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guildwatch/handlers"
	"guildwatch/internal/discordsim"
	"guildwatch/internal/fleet"
	"guildwatch/internal/frame"
	"guildwatch/internal/live"
	"guildwatch/internal/snowflake"
)

// The size of BenchmarkFrameToBrowser: seconds by default, some minutes as docs/PERFORMANCE.md reports it.
var (
	framesFull   = flag.Bool("frames.full", false, "measure frame to browser with 1 000 streams, 10 s a run")
	framesRounds = flag.Int("frames.rounds", 5, "interleaved rounds of frame to browser at full size")
)

// traffic is what every reader of a run gets: so many frames, one each so often.
type traffic struct {
	streams, frames int
	every           time.Duration
}

// BenchmarkFrameToBrowser is the way of a moderator's deed: the stand-in writes the gateway frame; the program
// translates, records, renders and publishes it; every reader has the fragment's bytes. Beside it, in turn, a bare hub
// publishes the same fragment to as many streams of the same kind of server.
func BenchmarkFrameToBrowser(b *testing.B) {
	rounds, l := 1, traffic{streams: 100, frames: 20, every: 100 * time.Millisecond}
	if *framesFull {
		rounds, l = *framesRounds, traffic{streams: 1000, frames: 100, every: 100 * time.Millisecond}
	}
	fragment := rowOf(b)
	for b.Loop() {
		runs := map[string][]fleet.Result{}
		for round := range rounds {
			for i := range 2 {
				if (round+i)%2 == 0 {
					runs["whole"] = append(runs["whole"], wholeProgram(b, l))
				} else {
					runs["fan-out"] = append(runs["fan-out"], fanOut(b, l, fragment))
				}
			}
		}
		whole, bare := runs["whole"], runs["fan-out"]
		fleet.Ratio(b, "p99/fan-out", figures(whole, p99), figures(bare, p99))
		fleet.Ratio(b, "p50/fan-out", figures(whole, p50), figures(bare, p50))
		fleet.Report(b, "p50-ms", figures(whole, p50))
		fleet.Report(b, "p99-ms", figures(whole, p99))
		fleet.Report(b, "fan-out-p99-ms", figures(bare, p99))
		for _, r := range append(whole, bare...) {
			if r.Lost != 0 || r.Doubled != 0 {
				b.Errorf("%d frames lost, %d doubled", r.Lost, r.Doubled)
			}
		}
	}
}

func p50(r fleet.Result) float64 { return r.P50 }
func p99(r fleet.Result) float64 { return r.P99 }

func figures(runs []fleet.Result, figure func(fleet.Result) float64) []float64 {
	all := make([]float64, len(runs))
	for i, r := range runs {
		all[i] = figure(r)
	}
	return all
}

// moment is when a frame is sent. The moments fall on all parts of their hundred milliseconds alike: in step with the
// panels, which go out once a second, either every tenth frame would meet them or none.
func (l traffic) moment(number int) time.Duration {
	return l.every*time.Duration(number) + l.every*time.Duration(number*61%100)/125
}

// drive sends the frames and waits for the readers, once to warm up and once to measure.
func (l traffic) drive(b *testing.B, what string, readers *fleet.Fleet, send func(mark []byte)) (r fleet.Result) {
	b.Helper()
	var used time.Duration
	for _, frames := range []int{10, l.frames} {
		readers.Count(frames)
		before, start := fleet.CPU(), time.Now()
		for number := range frames {
			<-time.After(time.Until(start.Add(l.moment(number))))
			send(fleet.Mark(int64(number), time.Now()))
		}
		r, used = readers.Result(), fleet.CPU()-before
	}
	fleet.Print("%-8s p50 %5.1f  p99 %5.1f  max %5.1f ms  %5.1f us of CPU per delivery", what, r.P50, r.P99, r.Max,
		float64(used.Microseconds())/float64(max(r.Received, 1)))
	return r
}

// wholeProgram measures the program on a stand-in. Every reader is a visitor of its own, as in the demo.
func wholeProgram(b *testing.B, l traffic) fleet.Result {
	b.Helper()
	s := newStage(b)
	s.config.StreamsTotal = l.streams + 1
	// What is measured is the first frame of each deed. Behind its other one, the member's change, it would wait for
	// two commits.
	s.sim.Set(func(k *discordsim.Knobs) { k.AuditFirst = true })
	crowd := s.crowd(50)
	s.open()
	defer s.close()
	s.connected()
	readers := fleet.Launch(b, fleet.Plan{Addr: s.address, Path: "/live/" + s.guild.String(), Readers: l.streams})
	defer readers.Stop()
	next := 0
	return l.drive(b, "whole", readers, func(mark []byte) {
		s.timeout(crowd[next%len(crowd)], string(mark))
		next++
	})
}

// fanOut measures a hub alone, on the server that the program uses.
func fanOut(b *testing.B, l traffic, fragment string) fleet.Result {
	b.Helper()
	log := slog.New(slog.DiscardHandler)
	hub := live.New(live.Options{Total: l.streams})
	var visitor atomic.Int64
	server := handlers.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = hub.Serve(w, r, live.Subscription{Topic: live.Guild(1), User: snowflake.UserID(visitor.Add(1)), After: -1})
	}), hub, log)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	defer func() {
		hub.Shutdown("the run is over")
		_ = server.Close()
	}()
	readers := fleet.Launch(b, fleet.Plan{Addr: listener.Addr().String(), Path: "/", Readers: l.streams})
	defer readers.Stop()
	for look := time.Tick(time.Millisecond); hub.Stats().Open < l.streams; {
		<-look
	}
	seq, at := int64(0), strings.IndexByte(fragment, '@')
	return l.drive(b, "fan-out", readers, func(mark []byte) {
		data := []byte(fragment)
		copy(data[at:], mark)
		seq++
		hub.Publish(live.Guild(1), live.Frame{Seq: seq, Name: frame.Event, Data: data})
	})
}

// marked finds a mark in a row.
var marked = regexp.MustCompile(`@[0-9a-f]{32}`)

// rowOf is the fragment that the program sends for one deed, with a mark in it.
func rowOf(b *testing.B) string {
	b.Helper()
	s := newStage(b)
	s.open()
	defer s.close()
	s.connected()
	rows := s.stream("/live/" + s.guild.String() + "?after=0") // whatever comes while the stream opens is replayed
	s.timeout(s.bob, string(fleet.Mark(0, time.Now())))
	row := s.expect(rows, "the row", func(m message) bool {
		return m.name == string(frame.Event) && marked.MatchString(m.data)
	})
	if n := len(marked.FindAllString(row.data, -1)); n != 1 || bytes.Count([]byte(row.data), []byte("@")) != 1 {
		b.Fatalf("the row shows its mark %d times: %s", n, row.data)
	}
	b.Logf("a row takes %d bytes", len(row.data))
	return row.data
}

// crowd adds people to the guild.
func (s *stage) crowd(n int) []snowflake.UserID {
	people := make([]snowflake.UserID, n)
	for i := range people {
		people[i] = s.sim.AddUser(discordsim.User{Username: "passer-by"})
		s.sim.Join(s.guild, people[i])
	}
	return people
}

// timeout lets a moderator silence somebody, for a reason.
func (s *stage) timeout(who snowflake.UserID, reason string) {
	s.Helper()
	if !s.sim.Timeout(s.guild, s.ada, who, s.sim.Now().Add(time.Hour), reason) {
		s.Fatal("the stand-in refused a timeout")
	}
}
