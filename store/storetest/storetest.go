// Package storetest gives tests a real store, on a file of its own.
package storetest

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"guildwatch/store"
)

// template is an empty database of the newest schema. Copying it costs a twentieth of migrating.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "storetest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(context.Background(), store.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "guildwatch.db"))
})

// New opens a store in a temporary directory and closes it when the test ends. Each of change may alter the options.
func New(t testing.TB, change ...func(*store.Options)) *store.Store {
	t.Helper()
	s, err := Open(t.TempDir(), change...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	return s
}

// Open opens a store in a directory, putting an empty database there unless there is one. The caller closes it.
func Open(dir string, change ...func(*store.Options)) (*store.Store, error) {
	options := store.Options{Dir: dir, Logger: slog.New(slog.DiscardHandler)}
	for _, set := range change {
		set(&options)
	}
	data, err := template()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(options.Dir, "guildwatch.db")
	if _, err := os.Lstat(file); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(file, data, 0o600); err != nil {
			return nil, err
		}
	}
	return store.Open(context.Background(), options)
}
