package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guildwatch/handlers"
	"guildwatch/internal/config"
	"guildwatch/internal/moderation/rule/scam"
)

func TestTheListOfScamDomainsIsTheOperators(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "scam-domains.txt")
	var inUse scam.Domains
	w := newScamWatch(config.Config{Data: dir}, func(d scam.Domains) { inUse = d }, slog.New(slog.DiscardHandler))
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		w.look()
	}
	says := func(state handlers.State, parts ...string) {
		t.Helper()
		part := w.health()
		for _, want := range parts {
			if part.State != state || !strings.Contains(part.Reason, want) {
				t.Errorf("%s: %q, want %s with %q", part.State, part.Reason, state, want)
			}
		}
	}
	builtIn := fmt.Sprint(len(scam.Known()))
	if inUse != nil {
		t.Error("without a file another list is in use")
	}
	says(handlers.Well, builtIn+" domains, those that come with guildwatch")
	write("evil.example\n")
	if !inUse.Has("evil.example") || len(inUse) != 1 {
		t.Errorf("%d domains in use", len(inUse))
	}
	says(handlers.Well, "1 domains, those of "+path+" alone")
	write("include built-in\nevil.example\nhttps://x.example/\n")
	says(handlers.Degraded, fmt.Sprint(len(scam.Known())+1)+" domains", `line 3, "https://x.example/"`)
	write("<html>")
	says(handlers.Degraded, "the one before it stays", "no domain in it", `line 1, "<html>"`)
	if !inUse.Has("evil.example") {
		t.Error("a list that cannot be used took the place of one that could")
	}
	write(strings.Repeat("#", scam.MostBytes+1))
	says(handlers.Degraded, "larger than 16 MB")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	w.forget()
	w.look()
	says(handlers.Well, builtIn+" domains, those that come with guildwatch")
}

func TestAListThatWasAskedForMustBeThere(t *testing.T) {
	var out strings.Builder
	x := &examination{out: &out}
	x.scams(config.Config{ScamDomains: filepath.Join(t.TempDir(), "none.txt")})
	x.scams(config.Config{Data: t.TempDir()})
	if x.wrong != 1 || !strings.Contains(out.String(), "none.txt") || !strings.Contains(out.String(), "those that come with guildwatch") {
		t.Errorf("%d wrong: %s", x.wrong, out.String())
	}
}
