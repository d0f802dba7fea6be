package storetest

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"testing"
)

// Tamper runs statements on the database in a directory as another program would, whether guildwatch is running on it
// or not.
func Tamper(t testing.TB, dir string, statements ...string) {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(dir, "guildwatch.db"))
	if err != nil {
		t.Fatal(err)
	}
	address := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: "mode=rw&_pragma=busy_timeout(5000)"}
	handle, err := sql.Open("sqlite", address.String())
	if err != nil {
		t.Fatal(err)
	}
	defer handle.Close()
	for _, statement := range statements {
		if _, err := handle.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}
