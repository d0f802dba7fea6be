package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/config"
	"guildwatch/internal/discordsim"
)

func TestTheDemoIsAlive(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	read, write := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- execute(ctx, []string{"demo", "--listen", "127.0.0.1:0", "--seed", "4"}, write, t.Output())
		_ = write.Close()
	}()
	banner := make([]byte, 4096)
	n, err := read.Read(banner)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, read) }()
	address := regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`).FindStringSubmatch(string(banner[:n]))
	if address == nil {
		t.Fatalf("the terminal says no address: %s", banner[:n])
	}
	s := &stage{TB: t, address: address[1], longest: demoPatience}
	page := s.get("/")
	for _, want := range []string{"Pixel Harbour", "Copper Wire Club", "Moss &amp; Fern"} {
		if !strings.Contains(page, want) {
			t.Errorf("the overview lacks %q", want)
		}
	}
	if public := s.get("/api/stats"); !strings.Contains(public, `"guilds":{"count":3,`) {
		t.Errorf("the demo's /api/stats is closed: %s", public)
	}
	s.expect(s.stream("/live"), "an event by itself", func(m message) bool { return m.name == "event" })
	began := time.Now()
	cancel()
	if code := <-ended; code != 0 || time.Since(began) > 2*stopTime {
		t.Errorf("the demo stopped with %d after %s", code, time.Since(began))
	}
}

// demoPatience bounds a wait for the demo: its 90 days are made in a second, under the race detector in half a minute.
const demoPatience = 3 * time.Minute

func TestTheDemoBreaksRulesAndGuildwatchActs(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), demoPatience)
	defer cancel()
	cfg := config.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), LogLevel: slog.LevelWarn}
	d, err := openDemo(ctx, cfg, 4, logger(cfg, t.Output()))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- d.play(ctx, nil) }()
	taken, err := d.sim.WaitRequest(ctx, func(r discordsim.Request) bool {
		return r.Method == http.MethodDelete && strings.HasPrefix(r.Path, "/channels/") && strings.Contains(r.Path, "/messages/")
	})
	if err != nil {
		t.Fatalf("nobody has broken a rule: %v", err)
	}
	if taken.Status != http.StatusNoContent || !strings.HasPrefix(taken.Reason, "guildwatch") {
		t.Errorf("the message was taken away with %d, %q", taken.Status, taken.Reason)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
