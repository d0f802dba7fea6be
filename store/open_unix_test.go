//go:build unix

package store

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"guildwatch/internal/fault"
)

// F06: a directory that cannot be one, and one that this user may not write.
func TestUnwritablePlaces(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, place := range []string{file, filepath.Join(file, "data"), ""} {
		if _, err := open(place); err == nil || fault.Of(err) == fault.Internal ||
			!strings.Contains(err.Error(), "data directory") {
			t.Errorf("%q: %v", place, err)
		}
	}
	d := filled(t, 1)
	before := contents(t, d)
	for what, spoil := range map[string]func() error{
		"a directory": func() error { return os.Chmod(string(d), 0o500) },
		"a database":  func() error { return os.Chmod(d.database(), 0o400) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		said := openAsSomebody(t, d)
		if !strings.Contains(said, "writ") || !strings.Contains(said, string(d)) || strings.Contains(said, "panic") {
			t.Errorf("%s that may not be written: %s", what, said)
		}
		if err := os.Chmod(string(d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	same(t, before, contents(t, d))
}

// openAsSomebody opens a store in a process without the rights of root, which no mode bits stop, and gives what it
// said.
func openAsSomebody(t *testing.T, d dir) string {
	t.Helper()
	process := child("open", string(d))
	if os.Getuid() == 0 {
		const nobody = 65534
		place, err := os.MkdirTemp("", "store")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(place) })
		program, err := os.ReadFile(os.Args[0])
		if err != nil {
			t.Fatal(err)
		}
		process.Path = filepath.Join(place, "test")
		if err := os.WriteFile(process.Path, program, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{place, filepath.Dir(string(d)), filepath.Dir(filepath.Dir(string(d)))} {
			os.Chmod(path, 0o755)
		}
		for _, path := range []string{string(d), d.database(), d.lockPath()} {
			if err := os.Chown(path, nobody, nobody); err != nil {
				t.Fatal(err)
			}
		}
		process.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	output, err := process.CombinedOutput()
	if err == nil {
		t.Error("it was opened")
	}
	return string(output)
}
