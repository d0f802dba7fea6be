package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// F38: SIGTERM reaches the built program while it writes an export. It ends in time, the export is called aborted, and
// nothing is left that could be taken for its file.
func TestF38ASignalCutsAnExportShort(t *testing.T) {
	if testing.Short() {
		t.Skip("building the program takes a minute where nothing of it is built yet")
	}
	s := newStage(t)
	made := s.awaitsExport(10_000)
	program := exec.Command(binary(t), "serve", "--data", s.config.Data, "--listen", "127.0.0.1:0", "--log-level", "warn")
	program.Env = append(os.Environ(), "DISCORD_TOKEN="+s.sim.Token(), "DISCORD_API_URL="+s.sim.URL())
	program.Stderr = t.Output()
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Process.Kill() })
	files := func(pattern string) []string {
		found, err := filepath.Glob(filepath.Join(s.config.Data, "exports", "*", pattern))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); len(files("*.part")) == 0; <-tick.C {
		if time.Now().After(deadline) || len(files("*.json")) > 0 {
			t.Fatal("the export was not seen while it was written")
		}
	}
	// Held, so that it is still being written when the other signal is there.
	for _, signal := range []os.Signal{syscall.SIGSTOP, syscall.SIGTERM, syscall.SIGCONT} {
		if err := program.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	if err := program.Wait(); err != nil || time.Since(began) > stopTime+time.Second {
		t.Errorf("it ended after %s: %v", time.Since(began), err)
	}
	if left := files("*"); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	s.stored(func(st *store.Store) {
		err := st.Read(t.Context(), func(now *store.Snapshot) {
			if row, _ := now.Export(s.guild, made.ID); row.State != store.ExportAborted || row.Problem == "" {
				t.Errorf("the export is %+v", row)
			}
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// awaitsExport fills the stage's data with violations, and asks for an export of them that nobody writes yet.
func (s *stage) awaitsExport(violations int) (made store.Export) {
	s.Helper()
	end := time.Now()
	err := store.Import(context.Background(), store.Options{Dir: s.config.Data}, func(im *store.Importer) error {
		im.Guild(moderation.Guild{ID: s.guild, Name: "Harbour", Owner: s.sim.OwnerID(), JoinedAt: end.AddDate(0, 0, -30)}, "UTC")
		for i := range violations {
			at := end.Add(time.Duration(i-violations) * time.Minute)
			im.Violation(moderation.Violation{Guild: s.guild, At: at, Source: moderation.SourceAutoMod,
				Severity: moderation.SeverityLow, Rule: "automod:7", User: s.bob, Channel: s.channel,
				Message: snowflake.At[snowflake.MessageID](at, int64(i%4096)), Content: strings.Repeat(fmt.Sprint("flurb ", i), 9)})
		}
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	s.stored(func(st *store.Store) {
		grant, err := access.Check[access.Export](s.Context(), standings{st}, access.Person(s.sim.OwnerID(), false), s.guild)
		if err == nil {
			made, err = st.AskExport(s.Context(), grant, store.ExportOrder{What: "violations", Format: "json"})
		}
		if err != nil {
			s.Fatal(err)
		}
	})
	return made
}

// stored does something with the stage's data while no program has them.
func (s *stage) stored(do func(*store.Store)) {
	s.Helper()
	st, err := store.Open(s.Context(), store.Options{Dir: s.config.Data})
	if err != nil {
		s.Fatal(err)
	}
	do(st)
	if err := st.Close(); err != nil {
		s.Error(err)
	}
}
