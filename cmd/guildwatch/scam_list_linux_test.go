package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"guildwatch/internal/config"
	"guildwatch/internal/moderation/rule/scam"
)

func TestSIGHUPHasTheListOfScamDomainsReadAtOnce(t *testing.T) {
	heard := make(chan os.Signal, 8) // without a listener the signal would end the tests
	signal.Notify(heard, syscall.SIGHUP)
	defer signal.Stop(heard)
	dir := t.TempDir()
	used := make(chan scam.Domains, 8)
	w := newScamWatch(config.Config{Data: dir}, func(d scam.Domains) { used <- d }, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); w.run(ctx) }()
	defer func() { stop(); <-ended }()
	if err := os.WriteFile(filepath.Join(dir, "scam-domains.txt"), []byte("late.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	again := time.NewTicker(20 * time.Millisecond) // until it listens
	defer again.Stop()
	deadline := time.After(patience)
	for {
		select {
		case d := <-used:
			if !d.Has("late.example") {
				t.Errorf("%d domains after SIGHUP", len(d))
			}
			return
		case <-again.C:
			if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
				t.Fatal(err)
			}
		case <-deadline:
			t.Fatal("SIGHUP was not heard")
		}
	}
}
