package secret

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"guildwatch/internal/fault"
)

// FileName is the key file's name in the data directory.
const FileName = "guildwatch.key"

// Load gives the key that a setting has as 64 hexadecimal digits, or else that of the key file in the data directory,
// which it makes when it is not there. The error is a *fault.Error that says what to do.
func Load(dir, setting string, log *slog.Logger) (Key, error) {
	if setting != "" {
		key, err := Parse(setting)
		return key, fault.Wrap(err, fault.Invalid, "GUILDWATCH_KEY cannot be used: %v.", err)
	}
	path := filepath.Join(dir, FileName)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if text, err = create(dir, path); err == nil {
			log.Info("a key for secrets was made: keep a copy of it apart from the backups of the database; without "+
				"it, secrets must be entered again", "file", path)
		}
	}
	if err != nil {
		return Key{}, fault.Wrap(err, fault.Unavailable,
			"The key file %s cannot be read: %v. Give this user, and nobody else, the right to read it.", path, err)
	}
	warnIfOpen(path, log)
	key, err := Parse(string(text))
	return key, fault.Wrap(err, fault.Invalid,
		"The key file %s cannot be used: %v. Put your copy of it in its place. If there is none, move it away: a new "+
			"one is made, and secrets must be entered again.", path, err)
}

// create makes the key file, whole or not at all.
func create(dir, path string) ([]byte, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	var bytes [size]byte
	rand.Read(bytes[:]) // never fails: it ends the program instead
	text := "# Opens guildwatch's secrets. Keep a copy apart from the database's backups, and show it to nobody.\n" +
		"# To replace the key, put a new one (openssl rand -hex 32) on a line above the old one, and restart.\n" +
		hex.EncodeToString(bytes[:]) + "\n"
	file, err := os.CreateTemp(dir, FileName+".*") // made 0600
	if err != nil {
		return nil, err
	}
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		// A link, because a rename would replace a key that another process has just made.
		err = os.Link(file.Name(), path)
	}
	if err = errors.Join(err, os.Remove(file.Name())); errors.Is(err, fs.ErrExist) {
		return os.ReadFile(path)
	}
	return []byte(text), err
}

// warnIfOpen says so when others on this machine may read the key.
func warnIfOpen(path string, log *slog.Logger) {
	info, err := os.Stat(path)
	// Windows has no such bits and reports 0666.
	if err == nil && filepath.Separator == '/' && info.Mode().Perm()&0o077 != 0 {
		log.Warn("others on this machine may read the key file: chmod 600 it", "file", path,
			"mode", info.Mode().Perm().String())
	}
}
