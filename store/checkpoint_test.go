package store

import (
	"fmt"
	"os"
	"sync"
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
	for deadline := time.Now().Add(time.Minute); size() == before; {
		if time.Now().After(deadline) {
			t.Fatal("nothing was copied")
		}
		if err := s.write(t.Context(), put("small")); err != nil {
			t.Fatal(err)
		}
	}
}

// However many read, one after the other and at the same time, the log begins anew: it stops growing.
func TestTheLogBeginsAnewBesideReaders(t *testing.T) {
	s := openIn(t, t.TempDir())
	over := make(chan struct{})
	var wait sync.WaitGroup
	defer wait.Wait()
	defer close(over)
	for range 3 {
		wait.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				if err := s.Read(t.Context(), func(now *Snapshot) {
					for began := time.Now(); time.Since(began) < 5*time.Millisecond; {
						now.Profile(1)
					}
				}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	size := func() int64 {
		file, err := os.Stat(s.dir.database() + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return file.Size()
	}
	for tries := 40; ; tries-- {
		before := size()
		for i := range 3 * checkpointAfter {
			if err := s.write(t.Context(), put(fmt.Sprint("small ", i))); err != nil {
				t.Fatal(err)
			}
		}
		if size() == before {
			return
		}
		if tries == 0 {
			t.Fatalf("the log has %d bytes, and grows", size())
		}
	}
}

// While the writer is held up, as by another program's lock, pages are read all the same.
func TestReadersDoNotWaitForAWriterThatIsHeldUp(t *testing.T) {
	s := openIn(t, t.TempDir())
	begun, release := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		s.write(t.Context(), func(*tx) error { close(begun); <-release; return nil })
	})
	defer wait.Wait()
	defer close(release)
	<-begun
	for range 3 { // the third is taken when the first checkpoint is over
		select {
		case s.writer.checkpoints.due <- struct{}{}:
		case <-time.After(time.Minute):
			t.Fatal("a checkpoint waits for the writer, and everybody who reads for it")
		}
	}
	if err := s.Read(t.Context(), func(*Snapshot) {}); err != nil {
		t.Error(err)
	}
}
