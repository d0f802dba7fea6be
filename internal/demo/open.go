package demo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"guildwatch/internal/fault"
)

// Open gives the town whose history is in dir, and writes that history when dir holds none. A directory that is opened
// again goes on with the town of its first start, whatever the hour: the same guilds and people.
func Open(ctx context.Context, dir string, seed uint64, now time.Time) (*Town, error) {
	file := filepath.Join(dir, "demo")
	text, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		town := NewTown(seed, now)
		if err := town.Write(ctx, dir); err != nil {
			return nil, err
		}
		return town, os.WriteFile(file, fmt.Appendf(nil, "seed %d start %d\n", seed, now.Unix()), 0o600)
	case err != nil:
		return nil, err
	}
	var first, start int64
	if _, err := fmt.Sscanf(string(text), "seed %d start %d", &first, &start); err != nil {
		return nil, fault.New(fault.Invalid, "%s cannot be read. Choose another directory with --data.", file)
	}
	if uint64(first) != seed {
		return nil, fault.New(fault.Conflict, "%s holds the demo of seed %d. Start it with --seed %d, or choose another directory with --data.",
			dir, first, first)
	}
	return NewTown(seed, time.Unix(start, 0)), nil
}
