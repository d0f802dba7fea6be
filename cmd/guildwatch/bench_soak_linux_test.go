package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/config"
	"guildwatch/internal/demo"
	"guildwatch/internal/discordsim"
	"guildwatch/internal/fleet"
)

// soakTime makes TestSoak as long as it should be before a release: an hour.
var soakTime = flag.Duration("soak.time", 0, "how long TestSoak lasts, for example 1h; 0 is a dozen rounds")

// The size of TestSoak. Between the rounds that are compared lie 240 visits: a goroutine left by one in twenty of them,
// or the 40 KB of a stream by each, is more than is allowed.
const (
	soakRounds  = 12
	soakVisits  = 40 // a round
	soakSpare   = 12 // goroutines: connections that are being closed, lookups of names
	soakBytes   = 4 << 20
	soakPercent = 5
)

// TestSoak is F49: the demo's world lives, visitors come and go, and what that takes does not grow. The first quarter
// is warm-up; the second quarter is compared with the last.
func TestSoak(t *testing.T) {
	s := newTown(t)
	visitors := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	pace := time.NewTicker(time.Second)
	defer pace.Stop()
	var goroutines, memory []int
	for began := time.Now(); len(memory) < soakRounds || time.Since(began) < *soakTime; {
		s.visit(visitors)
		s.until("all streams are closed", func() bool {
			return strings.Contains(s.get("/metrics"), "\nguildwatch_streams_open 0\n")
		})
		fewest := runtime.NumGoroutine()
		s.until("the visits' goroutines are gone", func() bool {
			fewest = min(fewest, runtime.NumGoroutine())
			return len(goroutines) == 0 || fewest <= goroutines[0]+soakSpare
		})
		goroutines, memory = append(goroutines, fewest), append(memory, fleet.Settled())
		if *soakTime > 0 {
			<-pace.C
		}
	}
	before, after := quarters(goroutines)
	t.Logf("goroutines: %d, then %d", before, after)
	if after > before+soakSpare {
		t.Errorf("goroutines grew from %d to %d", before, after)
	}
	allowed := soakBytes
	if *soakTime > 0 {
		allowed = 0 // what a young process still fills does not count for an hour
	}
	before, after = quarters(memory)
	t.Logf("memory: %.1f MB, then %.1f MB", float64(before)/1e6, float64(after)/1e6)
	if after > before+before*soakPercent/100+allowed {
		t.Errorf("memory grew from %.1f to %.1f MB", float64(before)/1e6, float64(after)/1e6)
	}
	s.close()
}

// quarters are the medians of the second and the last quarter.
func quarters(figures []int) (second, last int) {
	n := len(figures) / 4
	return median(figures[n : 2*n]), median(figures[len(figures)-n:])
}

func median(figures []int) int { return slices.Sorted(slices.Values(figures))[len(figures)/2] }

// town is the program on the demo's world, without the history.
type town struct {
	*stage
	*demo.Town
}

// newTown starts the program and the traffic of the demo.
func newTown(t testing.TB) town {
	t.Helper()
	world := demo.NewTown(1, time.Now())
	sim := discordsim.New(discordsim.Options{Owner: world.Owner})
	world.Settle(sim)
	if err := sim.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	s := town{&stage{TB: t, sim: sim, guild: world.Guilds[0].ID, quiet: *soakTime > 0}, world}
	s.config = config.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), APIURL: sim.URL(),
		Token: config.NewSecret(sim.Token()), StreamsPerUser: 5, StreamsTotal: 1000, PublicStats: true}
	s.open()
	// Whoever measures memory must not begin while the lists of 14 000 members still come: a GUILD_CREATE for each
	// guild, and its members by the thousand.
	const chunk = 1000
	listed := 0
	for _, g := range world.Guilds {
		listed += 1 + (len(sim.Members(g.ID))+chunk-1)/chunk
	}
	s.until("all members are listed", func() bool {
		metrics := s.get("/metrics")
		return s.metric(metrics, "guildwatch_events_received_total") >= listed &&
			s.metric(metrics, "guildwatch_events_queued") == 0
	})
	ctx, stop := context.WithCancel(context.Background())
	played := make(chan struct{})
	go func() {
		defer close(played)
		world.Play(ctx, sim)
	}()
	t.Cleanup(func() { stop(); <-played })
	return s
}

// visit lets visitors open a page and its stream, ten at once, read until the stream has shown something, and go.
func (s town) visit(client *http.Client) {
	s.Helper()
	guild := s.Guilds[1].ID.String()
	// /api/stats itself is left out: it allows an address 60 requests a minute.
	pairs := [][2]string{{"/", "/live"}, {s.page(), "/live/" + s.guild.String()}, {"/g/" + guild, "/live/" + guild},
		{"/", "/api/stats/realtime"}, {"/api/servers/" + guild + "/metrics", "/api/servers/" + guild + "/events"}}
	ended, places := make(chan error), make(chan struct{}, 10)
	for i := range soakVisits {
		go func() {
			places <- struct{}{}
			defer func() { <-places }()
			ended <- s.look(client, pairs[i%len(pairs)][0], pairs[i%len(pairs)][1])
		}()
	}
	var failed error
	for range soakVisits {
		failed = errors.Join(failed, <-ended)
	}
	if failed != nil {
		s.Fatal(failed)
	}
}

// look is one visit.
func (s town) look(client *http.Client, page, stream string) error {
	ctx, leave := context.WithTimeout(context.Background(), patience)
	defer leave()
	for _, path := range []string{page, stream} {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address+path, nil)
		if err != nil {
			return err
		}
		answer, err := client.Do(request)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: %s", path, answer.Status)
		}
		if path == page {
			if _, err := io.Copy(io.Discard, answer.Body); err != nil {
				return err
			}
			continue
		}
		lines := bufio.NewScanner(answer.Body)
		lines.Buffer(nil, 1<<20)
		shown := false
		for !shown && lines.Scan() {
			shown = strings.HasPrefix(lines.Text(), "event:")
		}
		if !shown {
			return errors.Join(fmt.Errorf("%s ended before it showed anything", path), lines.Err())
		}
	}
	return nil
}

// metric is the value of a metric without labels on the page of /metrics; -1 while it is not there.
func (s town) metric(page, name string) int {
	_, after, found := strings.Cut("\n"+page, "\n"+name+" ")
	text, _, _ := strings.Cut(after, "\n")
	value, err := strconv.ParseFloat(text, 64)
	if !found || err != nil {
		return -1
	}
	return int(value)
}
