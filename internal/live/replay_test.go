package live

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
)

// shelf is a store that holds the changes 1 to n, each one frame.
type shelf struct {
	n     atomic.Int64
	calls atomic.Int64
	fail  error
}

func (s *shelf) backfill(_ context.Context, _ Topic, after int64, limit int) ([]Frame, bool, error) {
	s.calls.Add(1)
	var frames []Frame
	for seq := after + 1; seq <= s.n.Load() && len(frames) < limit; seq++ {
		frames = append(frames, event(seq, fmt.Sprint("row ", seq)))
	}
	return frames, after+int64(len(frames)) == s.n.Load(), s.fail
}

// commit adds a change and publishes it.
func (s *shelf) commit(hub *stage) {
	seq := s.n.Add(1)
	if hub.Watched(Guild(guild)) {
		hub.Publish(Guild(guild), event(seq, fmt.Sprint("row ", seq)))
	}
}

func (r *reader) wantRows(t *testing.T, from, to int64) {
	t.Helper()
	for seq := from; seq <= to; seq++ {
		r.want(t, message{"event", fmt.Sprint("row ", seq), fmt.Sprint(seq)})
	}
}

func TestReplayComesFromMemoryWhileItReaches(t *testing.T) {
	store := &shelf{}
	s := newStage(t, Options{Backfill: store.backfill})
	watcher := s.read("", "")
	s.joined(1)
	for range 256 {
		store.commit(s)
	}
	watcher.wantRows(t, 1, 256)
	back := s.read("after=0", "")
	back.wantRows(t, 1, 256)
	if calls := store.calls.Load(); calls != 0 {
		t.Errorf("the store was asked %d times for what memory has", calls)
	}
	store.commit(s)
	s.read("after=0", "").wantRows(t, 1, 257)
	if calls := store.calls.Load(); calls != 1 {
		t.Errorf("the store was asked %d times for the 257th change, want once", calls)
	}
}

func TestReplayOfAThousandChangesAndNoMore(t *testing.T) {
	store := &shelf{}
	store.n.Store(1001)
	s := newStage(t, Options{Backfill: store.backfill})
	r := s.read("after=1", "")
	r.wantRows(t, 2, 1001)
	tooFar := s.read("after=0", "")
	tooFar.want(t, message{"resync", `{"reason":"what was missed cannot be replayed"}`, ""})
	s.joined(2)
	store.commit(s)
	tooFar.wantRows(t, 1002, 1002)
	r.wantRows(t, 1002, 1002)
}

func TestStoreThatFailsMeansResync(t *testing.T) {
	store := &shelf{fail: errors.New("disk on fire")}
	s := newStage(t, Options{Backfill: store.backfill})
	r := s.read("after=0", "")
	r.want(t, message{"resync", `{"reason":"what was missed cannot be replayed"}`, ""})
	if n := s.Stats().Resyncs; n != 1 {
		t.Errorf("%d resyncs counted, want 1", n)
	}
}

// TestTheIDOfAnotherTimeMeansResync: the database was restored to an earlier moment, the browser's last id was not.
func TestTheIDOfAnotherTimeMeansResync(t *testing.T) {
	store := &shelf{}
	store.n.Store(10)
	s := newStage(t, Options{Backfill: store.backfill})
	s.read("", "")
	s.joined(1)
	store.commit(s)
	r := s.read("after=3", "5000")
	r.want(t, message{"resync", `{"reason":"what was missed cannot be replayed"}`, "11"})
	store.commit(s)
	r.wantRows(t, 12, 12)
}

func TestThousandsComeBackAndOneAsks(t *testing.T) {
	store := &shelf{}
	store.n.Store(200)
	s := newStage(t, Options{Backfill: store.backfill})
	readers := make([]*reader, 40)
	var all sync.WaitGroup
	for i := range readers {
		all.Go(func() { readers[i] = s.read("after=0", "150") })
	}
	all.Wait()
	for _, r := range readers {
		r.wantRows(t, 151, 200)
	}
	if calls := store.calls.Load(); calls != 1 {
		t.Errorf("the store was asked %d times, want once", calls)
	}
}

func TestLastEventIDWinsWhenItIsNewer(t *testing.T) {
	store := &shelf{}
	store.n.Store(9)
	s := newStage(t, Options{Backfill: store.backfill})
	s.read("after=3", "7").wantRows(t, 8, 9)
	s.read("after=7", "3").wantRows(t, 8, 9)
}

func TestLatestPanelsComeOnJoining(t *testing.T) {
	s := newStage(t, Options{})
	panel := func(seq int64, name Name, data string) Frame { return Frame{Seq: seq, Name: name, Data: []byte(data)} }
	first := s.read("", "")
	s.joined(1)
	s.Publish(Guild(guild), panel(4, frame.PanelCards, "old"), panel(5, frame.PanelGaps, "gaps"))
	s.Publish(Guild(guild), panel(6, frame.PanelCards, "new"))
	for _, want := range []message{{"panel-cards", "old", ""}, {"panel-gaps", "gaps", ""}, {"panel-cards", "new", ""}} {
		first.want(t, want)
	}
	anyone := s.read("", "")
	anyone.want(t, message{"panel-cards", "new", ""})
	anyone.want(t, message{"panel-gaps", "gaps", ""})
	s.Publish(Guild(guild), event(7, "live"))
	page := s.read("after=6", "")
	page.want(t, message{"event", "live", "7"}) // and no panel: it was rendered at 6
	s.joined(3)
	s.Publish(Guild(guild), panel(9, frame.PanelKinds, "kinds")) // knows changes that are not published yet
	s.Publish(Guild(guild), event(8, "live"))
	page.want(t, message{"panel-kinds", "kinds", "7"})
	page.want(t, message{"event", "live", "8"})
	again := s.read("after=6", "7")
	again.want(t, message{"event", "live", "8"})
	again.want(t, message{"panel-kinds", "kinds", "8"})
}

func TestChangeThatComesLateMeansResyncForAll(t *testing.T) {
	store := &shelf{}
	store.n.Store(12)
	s := newStage(t, Options{Backfill: store.backfill})
	r := s.read("", "")
	s.joined(1)
	for _, seq := range []int64{9, 11, 10, 12} {
		s.Publish(Guild(guild), event(seq, fmt.Sprint("row ", seq)))
	}
	r.wantRows(t, 9, 9)
	r.wantRows(t, 11, 11)
	r.want(t, message{"resync", `{"reason":"a change came late"}`, "11"})
	r.wantRows(t, 12, 12)
	s.read("after=9", "").wantRows(t, 10, 12) // who was away gets it in its place, from the store
	if n := s.Stats().Late; n != 1 {
		t.Errorf("%d late changes counted, want 1", n)
	}
}

func TestMemoryIsBoundedAndGoneWithTheLastReader(t *testing.T) {
	s := newStage(t, Options{RingBytes: 4 << 10, RingsTotal: 10 << 10})
	row := strings.Repeat("x", 1000)
	for g := snowflake.GuildID(1); g <= 4; g++ {
		s.read(fmt.Sprint("guild=", g), "")
	}
	s.joined(4)
	for g := snowflake.GuildID(1); g <= 4; g++ {
		for seq := int64(1); seq <= 10; seq++ {
			s.Publish(Guild(g), event(seq, row))
		}
		one := s.find(Guild(g)).ring
		if one.bytes > 4<<10 || s.Stats().RingBytes > 10<<10 {
			t.Errorf("guild %d: %d bytes kept, %d in all", g, one.bytes, s.Stats().RingBytes)
		}
	}
	for _, r := range s.all() {
		for _, st := range r.everyone() {
			st.cut()
		}
	}
	s.joined(0)
	for _, r := range s.all() {
		r.sleep(time.Now().Add(-time.Hour))
		if !s.Watched(r.topic) {
			t.Errorf("guild %v went to sleep the moment its last reader left", r.topic)
		}
		r.sleep(time.Now().Add(time.Second))
	}
	if now := s.Stats(); now.RingBytes != 0 || now.Watched != 0 {
		t.Errorf("nobody watches and %d bytes are kept for %d topics", now.RingBytes, now.Watched)
	}
}

// TestReconnectsUnderLoad: 40 times the connection breaks while changes come; none is lost, none comes twice.
func TestReconnectsUnderLoad(t *testing.T) {
	store := &shelf{}
	s := newStage(t, Options{Backfill: store.backfill})
	stop, stopped := make(chan struct{}), make(chan struct{})
	var last atomic.Int64 // change that was read
	go func() {
		defer close(stopped)
		tick := time.NewTicker(200 * time.Microsecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				if store.n.Load() < last.Load()+500 { // a thousand are replayed, and a busy machine reconnects slowly
					store.commit(s)
				}
			}
		}
	}()
	lastID := "0"
	for range 41 {
		r := s.read("", lastID)
		for range 37 {
			m, ok := r.next(t)
			if want := fmt.Sprint(last.Load() + 1); !ok || m.id != want {
				t.Fatalf("got %q (stream open: %t), want change %s", m, ok, want)
			}
			last.Add(1)
			lastID = m.id
		}
		r.close()
	}
	close(stop)
	<-stopped
}

// storm is how many readers TestRestartUnderManyReaders has; F26 names 5 000, which needs 10 000 open files and 1 GB.
var storm = flag.Int("live.storm", 50, "readers that come back at once after a restart")

// TestRestartUnderManyReaders is F26: the server is replaced by a new one on the same store, and all come back at once.
func TestRestartUnderManyReaders(t *testing.T) {
	store := &shelf{}
	before := newStage(t, Options{Backfill: store.backfill})
	readers := make([]*reader, *storm)
	for i := range readers {
		readers[i] = before.read("", "")
	}
	before.joined(len(readers))
	for range 20 {
		store.commit(before)
	}
	for _, r := range readers {
		r.wantRows(t, 1, 20)
	}
	before.Shutdown("Restarting.")
	after := newStage(t, Options{Backfill: store.backfill})
	for range 30 {
		store.commit(after)
	}
	waits := make(map[string]bool)
	var all sync.WaitGroup
	for i, r := range readers {
		r.want(t, message{"end", `{"code":1012,"reason":"Restarting."}`, "20"})
		r.wantEnd(t)
		waits[<-r.retry] = true
		all.Go(func() { readers[i] = after.read("", "20") })
	}
	all.Wait()
	after.joined(len(readers))
	store.commit(after)
	for _, r := range readers {
		r.wantRows(t, 21, 51)
	}
	if len(waits) < len(readers)/2 {
		t.Errorf("%d readers were told only %d different times to come back", len(readers), len(waits))
	}
}
