package store

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// together has jobs executed in one batch, and gives their errors.
func together(s *Store, jobs ...func(*tx) error) []error {
	begun, release := make(chan struct{}), make(chan struct{})
	errs := make([]error, len(jobs))
	var wait sync.WaitGroup
	wait.Go(func() {
		s.write(context.Background(), func(*tx) error { close(begun); <-release; return nil })
	})
	<-begun
	for i, run := range jobs {
		j := &job{run: run, done: make(chan error, 1)}
		if errs[i] = s.writer.enqueue(context.Background(), j); errs[i] == nil {
			wait.Go(func() { errs[i] = <-j.done })
		}
	}
	close(release)
	wait.Wait()
	return errs
}

func put(name string) func(*tx) error {
	return func(t *tx) error {
		if err := t.PutValue(t.ctx, db.PutValueParams{Name: name, Value: "x"}); err != nil {
			return err
		}
		return t.announce(moderation.Change{Kind: moderation.ChangeConfig, Label: name, At: time.Now()})
	}
}

// Work in the background goes on beside a writer that never rests, at once when there is nothing to write, and whoever gave up
// waiting for the writer holds nobody back.
func TestGivingWayEnds(t *testing.T) {
	s := openIn(t, t.TempDir())
	begun, release := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		s.write(context.Background(), func(*tx) error { close(begun); <-release; return nil })
	})
	<-begun
	s.GiveWay(context.Background())
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for range 5 * maxBatch { // more than the queue holds, so that some never come into it
		if err := s.write(gone, put("never")); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if s.writer.waiting.Load() < 1 {
		t.Error("the writer is at work, and nothing waits")
	}
	close(release)
	wait.Wait()
	for s.writer.waiting.Load() != 0 { // the writer answers before it counts
		runtime.Gosched()
	}
	s.GiveWay(context.Background())
}

func TestAFailingJobHarmsNobody(t *testing.T) {
	s := openIn(t, t.TempDir())
	wrong := errors.New("wrong")
	_, before, _ := s.Writes()
	errs := together(s,
		put("first"),
		func(t *tx) error { put("failed")(t); return wrong },
		func(t *tx) error { put("panicked")(t); panic("no") },
		func(t *tx) error {
			_, err := t.ListChangesAfter(t.ctx, db.ListChangesAfterParams{Max: -1})
			return errors.Join(err, t.InsertViolation(t.ctx, db.InsertViolationParams{GuildID: 1}),
				t.InsertViolation(t.ctx, db.InsertViolationParams{GuildID: 1}))
		},
		put("last"),
	)
	if errs[0] != nil || !errors.Is(errs[1], wrong) || errs[2] == nil || errs[3] == nil || errs[4] != nil {
		t.Fatalf("errors %v", errs)
	}
	if _, commits, _ := s.Writes(); commits-before != 2 {
		t.Errorf("%d commits, want 2: the gate and the batch", commits-before)
	}
	for name, want := range map[string]string{"first": "x", "failed": "", "panicked": "", "last": "x"} {
		if got, err := s.Value(context.Background(), name); got != want || err != nil {
			t.Errorf("%s is %q (%v), want %q", name, got, err, want)
		}
	}
	changes, err := s.NextChanges(context.Background(), 0, 10)
	if err != nil || len(changes) != 2 || changes[0].Seq != 1 || changes[1].Seq != 2 || changes[1].Label != "last" {
		t.Errorf("changes %+v, %v: want first and last as 1 and 2", changes, err)
	}
}

func TestCallersThatGiveUpDoNoHarm(t *testing.T) {
	s := openIn(t, t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	begun, release := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		err := s.write(ctx, func(t *tx) error {
			close(begun)
			<-release
			return put("begun")(t)
		})
		if err != nil {
			t.Errorf("a job that had begun: %v", err)
		}
	})
	<-begun
	queued := make(chan error, 1)
	go func() {
		queued <- s.write(ctx, func(*tx) error { t.Error("a withdrawn job ran"); return nil })
	}()
	for len(s.writer.queue) == 0 {
		runtime.Gosched()
	}
	cancel()
	if err := <-queued; !errors.Is(err, context.Canceled) {
		t.Errorf("the withdrawn job: %v", err)
	}
	close(release)
	wait.Wait()
	if err := s.SetValue(ctx, "late", "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("a write with an ended context: %v", err)
	}
	if err := s.SetValue(context.Background(), "after", "x"); err != nil {
		t.Error(err)
	}
	if got, _ := s.Value(context.Background(), "begun"); got != "x" {
		t.Error("the job that had begun was not committed")
	}
}

func TestBurstsShareCommits(t *testing.T) {
	s := openIn(t, t.TempDir())
	const calls = 400
	begun, release := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		s.write(context.Background(), func(*tx) error { close(begun); <-release; return nil })
	})
	<-begun
	for i := range snowflake.EntryID(calls) {
		wait.Go(func() {
			if fresh, err := s.RecordAudit(context.Background(), auditEntry(i+1)); err != nil || !fresh {
				t.Errorf("%v, %v", fresh, err)
			}
		})
	}
	for s.writer.waiting.Load() <= calls { // all of them, and the gate: how fast they come is the scheduler's
		runtime.Gosched()
	}
	close(release)
	wait.Wait()
	jobs, commits, _ := s.Writes()
	if jobs < calls || commits > calls/maxBatch+3 {
		t.Errorf("%d jobs in %d commits", jobs, commits)
	}
	if s.LastSeq() != calls {
		t.Errorf("last seq %d, want %d", s.LastSeq(), calls)
	}
}

func TestClosingAnswersEveryCaller(t *testing.T) {
	s, err := open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	begun, release := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() { s.write(context.Background(), func(*tx) error { close(begun); <-release; return nil }) })
	<-begun
	for range 2 * maxBatch {
		wait.Go(func() {
			if err := s.SetValue(context.Background(), "x", "y"); err != nil && fault.Of(err) != fault.Unavailable {
				t.Error(err)
			}
		})
	}
	waiting := make(chan error, 1)
	go func() { _, err := s.NextChanges(context.Background(), 0, 1); waiting <- err }()
	close(release)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	wait.Wait()
	if err := <-waiting; fault.Of(err) != fault.Unavailable {
		t.Errorf("who waited for changes got %v", err)
	}
	if err := s.SetValue(context.Background(), "x", "y"); fault.Of(err) != fault.Unavailable {
		t.Errorf("a write after closing: %v", err)
	}
}

func TestCommitsAreHeardOfBeforeTheCallerGoesOn(t *testing.T) {
	s := openIn(t, t.TempDir())
	var heard []Commit
	s.onCommit(func(c Commit) { heard = append(heard, c) })
	if _, err := s.RecordAudit(context.Background(), auditEntry(1)); err != nil {
		t.Fatal(err)
	}
	last := heard[len(heard)-1]
	for matter, guilds := range last.Changed {
		var want []snowflake.GuildID
		switch Matter(matter) {
		case MatterActions:
			want = []snowflake.GuildID{Everywhere, 1} // the sum of all guilds too
		case MatterTargets, MatterLines, MatterModerators:
			want = []snowflake.GuildID{1}
		}
		if got := slices.Sorted(maps.Keys(guilds)); !slices.Equal(got, want) {
			t.Errorf("matter %d has changed for %v, want %v", matter, got, want)
		}
	}
	if last.Seq != 1 {
		t.Errorf("the commit's seq is %d", last.Seq)
	}
}

func BenchmarkLedger(b *testing.B) {
	s := openIn(b, b.TempDir())
	b.SetParallelism(64)
	start := snowflake.EntryID(time.Now().UnixNano())
	next := make(chan snowflake.EntryID, 1024)
	go func() {
		for i := range b.N {
			next <- start + snowflake.EntryID(i)
		}
		close(next)
	}()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := s.RecordAudit(context.Background(), auditEntry(<-next)); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}
