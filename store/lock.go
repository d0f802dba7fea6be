package store

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"guildwatch/internal/fault"
)

// lock keeps a second process off the data directory. It is a file of its own, because closing a descriptor of the
// database itself would drop SQLite's locks. The operating system releases it when the process dies.
type lock struct{ file *os.File }

// lockFile takes the lock and writes this process's id into it. It does not wait.
func lockFile(path string) (*lock, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	got, err := tryLock(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if !got {
		holder := "another process"
		if text, err := io.ReadAll(io.LimitReader(file, 20)); err == nil && len(text) > 0 {
			holder = "process " + strings.TrimSpace(string(text))
		}
		return nil, errors.Join(fault.New(fault.Conflict,
			"The data directory %s is in use by %s. Stop that first, or choose another directory with --data.",
			filepath.Dir(path), holder), file.Close())
	}
	if err := file.Truncate(0); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if _, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &lock{file}, nil
}

func (l *lock) release() error { return l.file.Close() }
