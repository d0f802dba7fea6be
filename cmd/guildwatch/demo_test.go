package main

import (
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
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
	s := &stage{TB: t, address: address[1]}
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
	if code := <-ended; code != 0 || time.Since(began) > stopTime+2*time.Second {
		t.Errorf("the demo stopped with %d after %s", code, time.Since(began))
	}
}
