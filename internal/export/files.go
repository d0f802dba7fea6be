package export

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// shelf is the directory of the files: one below it for each guild, in it a file for each finished export. Nothing
// outside of it can be named, whatever an id says.
type shelf struct {
	root   *os.Root
	create func(name string) (*os.File, error)
}

// openShelf makes the directory, which nobody but guildwatch's own user may enter.
func openShelf(dir string) (shelf, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return shelf{}, err
	}
	root, err := os.OpenRoot(dir)
	return shelf{root, func(name string) (*os.File, error) {
		return root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	}}, err
}

const unfinished = ".part"

func place(e *store.Export) string {
	return snowflake.String(e.Guild) + "/" + e.ID + "." + e.Format
}

// write makes an export's file: under another name until it is whole, and safe on the disk before it has its own.
func (s shelf) write(e *store.Export, fill func(io.Writer) error) error {
	if err := s.root.Mkdir(snowflake.String(e.Guild), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	name := place(e) + unfinished
	file, err := s.create(name)
	if err != nil {
		return err
	}
	err = fill(file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = s.root.Rename(name, place(e))
	}
	if err != nil {
		return errors.Join(err, ignoreAbsent(s.root.Remove(name)))
	}
	return nil
}

// open opens the file of a finished export.
func (s shelf) open(e *store.Export) (*os.File, error) { return s.root.Open(place(e)) }

// remove removes the file of an export, where there is one.
func (s shelf) remove(e *store.Export) error { return ignoreAbsent(s.root.Remove(place(e))) }

// sweep removes every file in and below a folder that keep does not want.
func (s shelf) sweep(folder string, keep func(guild snowflake.GuildID, id string) (bool, error)) error {
	var errs []error
	err := fs.WalkDir(s.root.FS(), folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		folder, name, _ := strings.Cut(path, "/")
		id, _, _ := strings.Cut(name, ".")
		guild, err := snowflake.Parse[snowflake.GuildID](folder)
		if err != nil {
			return nil // nothing of ours
		}
		wanted, err := keep(guild, id)
		if err == nil && !wanted {
			err = ignoreAbsent(s.root.Remove(path))
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", path, err))
		}
		return nil
	})
	return errors.Join(append(errs, err)...)
}

func ignoreAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
