package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"guildwatch/internal/fault"
)

// dir is a data directory. Only the names in this file are used in it by the store.
type dir string

func (d dir) database() string { return filepath.Join(string(d), "guildwatch.db") }

// unfinished is where a new database is made: it gets its real name once it is whole, so an empty or half-made database
// is damage, never a first start that was cut short.
func (d dir) unfinished() string { return filepath.Join(string(d), "guildwatch.new.db") }

// before is where a copy goes before the schema leaves version.
func (d dir) before(version int64) string {
	return filepath.Join(string(d), fmt.Sprintf("guildwatch.before-v%d.db", version+1))
}

func (d dir) lockPath() string { return filepath.Join(string(d), "lock") }

func (d dir) make() error {
	if d == "" {
		return fault.New(fault.Invalid, "No data directory is set.")
	}
	return os.MkdirAll(string(d), 0o700)
}

// exists says whether there is a database. A link or a directory of its name is an error.
func (d dir) exists() (bool, error) {
	info, err := os.Lstat(d.database())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode().IsRegular():
		return false, fault.New(fault.Unavailable, "%s is no file. Move it away, or choose another data directory.",
			d.database())
	}
	return true, nil
}

// touch makes an empty file that only its owner may read: SQLite gives the WAL the same mode, and 0644 to what it makes
// itself.
func touch(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// writable makes sure that an existing database may be written: SQLite would open it for reading without a word, and
// refuse the first write. It must come before SQLite opens the file.
func (d dir) writable() error {
	file, err := os.OpenFile(d.database(), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return file.Close()
}

// adopt gives the finished new database its real name.
func (d dir) adopt() error {
	if err := os.Rename(d.unfinished(), d.database()); err != nil {
		return err
	}
	return d.sync()
}

// discard removes what an interrupted start has left.
func discard(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// sync makes a rename in the directory survive a power cut. It opens the directory, never the database: closing any
// descriptor of the database would drop this process's locks on it.
func (d dir) sync() error {
	handle, err := os.Open(string(d))
	if err != nil {
		return err
	}
	return errors.Join(ignoreUnsupported(handle.Sync()), handle.Close())
}

// ignoreUnsupported forgives file systems and systems that cannot sync a directory.
func ignoreUnsupported(err error) error {
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return err
}
