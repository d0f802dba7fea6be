package store

import (
	"fmt"
	"os"
	"testing"
	"time"
)

// The database gets what the log has while the writer is at work, long before the writer would copy it itself.
func TestTheLogIsCopiedBesideTheWriter(t *testing.T) {
	s := openIn(t, t.TempDir())
	size := func() int64 {
		file, err := os.Stat(s.dir.database())
		if err != nil {
			t.Fatal(err)
		}
		return file.Size()
	}
	before := size()
	for i := range 16 { // 16 MB: half of what the writer leaves in the log
		if err := s.write(t.Context(), large(fmt.Sprint("large ", i))); err != nil {
			t.Fatal(err)
		}
	}
	if size() != before {
		t.Fatal("the writer has copied the log: there is nothing to prove")
	}
	for i := range checkpointAfter {
		if err := s.write(t.Context(), put(fmt.Sprint("small ", i))); err != nil {
			t.Fatal(err)
		}
	}
	for deadline := time.Now().Add(10 * time.Second); size() == before; {
		if time.Now().After(deadline) {
			t.Fatal("nothing was copied")
		}
		if err := s.write(t.Context(), put("small")); err != nil {
			t.Fatal(err)
		}
	}
}
