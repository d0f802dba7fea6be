package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by the release build: -ldflags "-X main.version=1.2.3".
var version = "dev"

// build is what a binary knows about itself.
type build struct {
	Version, Commit, Time, Go string
}

// about reads the build's stamps; a build outside a checkout has no commit.
func about() build {
	b := build{Version: version, Commit: "unknown", Time: "unknown", Go: runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.Commit = s.Value[:min(12, len(s.Value))]
			case "vcs.time":
				b.Time = s.Value
			}
		}
	}
	return b
}

// versionCommand shows what is running.
type versionCommand struct{ flagless }

// run prints a line for each part.
func (versionCommand) run(t terminal) error {
	b := about()
	fmt.Fprintf(t.out, "guildwatch %s\ncommit     %s\nbuilt      %s\ngo         %s\n", b.Version, b.Commit, b.Time, b.Go)
	return nil
}
