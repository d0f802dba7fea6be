package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/snowflake"
)

type testKey int64

func (k testKey) CacheKey() (packed [16]byte) {
	binary.BigEndian.PutUint64(packed[:], uint64(k))
	return packed
}

// world is what a cache over it shows: a number for each key, changed by commits.
type world struct {
	mu     sync.Mutex
	values map[testKey]int64
	loads  int
	fail   error
}

func (w *world) load(_ context.Context, key testKey) (*int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.loads++
	value := w.values[key]
	return &value, w.fail
}

func (w *world) set(key testKey, value int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.values[key] = value
}

func newWorld(s *Store, life time.Duration) (*world, *Cache[testKey, *int64]) {
	w := &world{values: map[testKey]int64{}}
	cache := NewCache(s, CacheOptions[testKey, *int64]{Name: "test", Life: life, Load: w.load,
		Dropped: func(c *Cache[testKey, *int64], commit Commit) {
			for guild := range commit.Changed[MatterCounters] {
				if guild == Everywhere {
					c.Clear()
					return
				}
				c.Drop(testKey(guild))
			}
		}})
	return w, cache
}

// write changes a value and tells the caches as the writer does.
func (w *world) write(s *Store, key testKey, value int64, everywhere bool) {
	w.set(key, value)
	guild := snowflake.GuildID(key)
	if everywhere {
		guild = Everywhere
	}
	var commit Commit
	commit.touch(MatterCounters, guild, 0)
	s.caches.heard(commit)
}

var deeds = []string{"get", "get", "get", "write", "write all", "wait", "break", "mend"}

// step is one thing that happens to a cache under test.
type step struct {
	do      string
	key     testKey
	seconds int
}

// Within its life a value is served without a load, never after its life, never after a write to what it shows; a
// failure is never kept.
func TestCacheServesWhatIsTrue(t *testing.T) {
	steps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		return step{
			do:      rapid.SampledFrom(deeds).Draw(t, "do"),
			key:     testKey(rapid.IntRange(1, 3).Draw(t, "key")),
			seconds: rapid.IntRange(1, 70).Draw(t, "seconds"),
		}
	}), 1, 60)
	rapid.Check(t, func(rt *rapid.T) {
		drawn := steps.Draw(rt, "steps")
		var problem string
		synctest.Test(t, func(*testing.T) { problem = replay(drawn) })
		if problem != "" {
			rt.Fatal(problem)
		}
	})
}

// replay runs steps against a cache and says what it did wrong.
func replay(steps []step) (problem string) {
	const life = time.Minute
	s := &Store{}
	w, cache := newWorld(s, life)
	kept := map[testKey]time.Time{} // when the value under each key was loaded
	for _, step := range steps {
		switch step.do {
		case "get":
			before := w.loads
			at, cached := kept[step.key]
			cached = cached && time.Since(at) <= life
			value, err := cache.Get(context.Background(), step.key)
			switch {
			case cached && w.loads != before:
				return "a kept value was loaded again"
			case !cached && w.loads != before+1:
				return fmt.Sprintf("%d loads for a missing value", w.loads-before)
			case !cached && w.fail != nil:
				if !errors.Is(err, w.fail) {
					return fmt.Sprintf("a failure came as %v", err)
				}
				delete(kept, step.key)
				continue
			case err != nil || *value != w.values[step.key]:
				return fmt.Sprintf("got %v, %v, want %d", value, err, w.values[step.key])
			}
			if !cached {
				kept[step.key] = time.Now()
			}
		case "write":
			w.write(s, step.key, w.values[step.key]+1, false)
			delete(kept, step.key)
		case "write all":
			w.write(s, step.key, w.values[step.key]+1, true)
			clear(kept)
		case "wait":
			time.Sleep(time.Duration(step.seconds) * time.Second)
		case "break":
			w.fail = errors.New("the disk is gone")
		case "mend":
			w.fail = nil
		}
	}
	return ""
}

// However many ask at once, one load runs; one that leaves takes nobody along.
func TestCacheLoadsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var loads atomic.Int64
		release := make(chan struct{})
		cache := NewCache(&Store{}, CacheOptions[testKey, string]{Name: "test", Life: time.Minute,
			Load: func(ctx context.Context, _ testKey) (string, error) {
				loads.Add(1)
				<-release
				return "value", ctx.Err()
			},
			Dropped: func(*Cache[testKey, string], Commit) {}})
		impatient, leave := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := cache.Get(impatient, 1); !errors.Is(err, context.Canceled) {
				t.Errorf("the one who left got %v", err)
			}
		})
		synctest.Wait()
		for range 100 {
			wg.Go(func() {
				if value, err := cache.Get(t.Context(), 1); value != "value" || err != nil {
					t.Errorf("got %q, %v", value, err)
				}
			})
		}
		synctest.Wait()
		leave()
		synctest.Wait()
		close(release)
		wg.Wait()
		if n := loads.Load(); n != 1 {
			t.Errorf("%d loads", n)
		}
		if got := cache.stat(); got != (CacheStat{Name: "test", Entries: 1, Misses: 101}) {
			t.Errorf("counted %+v", got)
		}
	})
}

// A load that began before a write is neither kept nor given to who asks after the write, whichever way the write
// drops.
func TestCacheForgetsLoadsThatAWriteOvertook(t *testing.T) {
	for _, everywhere := range []bool{false, true} {
		t.Run(fmt.Sprintf("everywhere=%v", everywhere), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &Store{}
				gates := make(chan chan struct{}, 2)
				w, cache := newWorld(s, time.Minute)
				cache.options.Load = func(ctx context.Context, key testKey) (*int64, error) {
					value, err := w.load(ctx, key) // the snapshot is taken, the load goes on
					gate := make(chan struct{})
					gates <- gate
					<-gate
					return value, err
				}
				answers := make(chan int64, 2)
				ask := func() {
					value, err := cache.Get(t.Context(), 1)
					if err != nil {
						t.Error(err)
					}
					answers <- *value
				}
				w.set(1, 10)
				go ask()
				before := <-gates
				w.write(s, 1, 20, everywhere)
				go ask()
				after := <-gates
				close(after)
				if got := <-answers; got != 20 {
					t.Errorf("who asked after the write got %d", got)
				}
				close(before)
				if got := <-answers; got != 10 {
					t.Errorf("who asked before the write got %d", got)
				}
				synctest.Wait()
				if value, ok := cache.peek(1); !ok || *value != 20 {
					t.Errorf("kept %v, want 20", value)
				}
			})
		})
	}
}

// A panic in a load is an error of those who asked, not the end of the process, and nothing is kept.
func TestCacheSurvivesAPanic(t *testing.T) {
	broken := true
	cache := NewCache(&Store{}, CacheOptions[testKey, int]{Name: "fragile", Life: time.Minute,
		Load: func(context.Context, testKey) (int, error) {
			if broken {
				panic("no such bucket")
			}
			return 7, nil
		},
		Dropped: func(*Cache[testKey, int], Commit) {}})
	if _, err := cache.Get(t.Context(), 1); err == nil || !strings.Contains(err.Error(), "no such bucket") {
		t.Errorf("a panic came as %v", err)
	}
	broken = false
	if value, err := cache.Get(t.Context(), 1); value != 7 || err != nil {
		t.Errorf("after the panic: %d, %v", value, err)
	}
}

// A cache never holds more than its limit, and what it holds is right.
func TestCacheIsBounded(t *testing.T) {
	s := &Store{}
	w, cache := newWorld(s, time.Hour)
	for key := testKey(1); key <= cacheLimit+500; key++ {
		w.values[key] = int64(key) * 3
		if value, err := cache.Get(t.Context(), key); err != nil || *value != int64(key)*3 {
			t.Fatalf("%d: %v, %v", key, value, err)
		}
	}
	if got := cache.stat().Entries; got != cacheLimit || cache.items.ItemCount() != cacheLimit {
		t.Errorf("%d entries counted, %d held, want %d", got, cache.items.ItemCount(), cacheLimit)
	}
}

// Many asks for what is missing in one call, and keeps what it was given.
func TestCacheManyLoadsWhatIsMissing(t *testing.T) {
	_, cache := newWorld(&Store{}, time.Hour)
	var asked [][]testKey
	load := func(_ context.Context, missing []testKey) (map[testKey]*int64, error) {
		asked = append(asked, missing)
		found := map[testKey]*int64{}
		for _, key := range missing {
			if value := int64(key); key < 100 {
				found[key] = &value
			}
		}
		return found, nil
	}
	for _, keys := range [][]testKey{{1, 2, 1, 2, 500}, {1, 2}, {3, 2, 1}} {
		got, err := cache.Many(t.Context(), keys, load)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			if value := got[key]; key < 100 && *value != int64(key) || key >= 100 && value != nil {
				t.Errorf("%d came as %v", key, value)
			}
		}
	}
	if want := "[[1 2 500] [3]]"; fmt.Sprint(asked) != want {
		t.Errorf("asked for %v, want %s", asked, want)
	}
	if _, err := cache.Many(t.Context(), []testKey{9}, func(context.Context, []testKey) (map[testKey]*int64, error) {
		return map[testKey]*int64{9: new(int64)}, errors.New("no")
	}); err == nil {
		t.Error("a failure was swallowed")
	}
	if _, ok := cache.peek(9); ok {
		t.Error("a failure was kept")
	}
}

func TestWarmHitAllocatesNothing(t *testing.T) {
	_, cache := newWorld(&Store{}, time.Hour)
	ctx := t.Context()
	var sink *int64
	hit := func() { sink, _ = cache.Get(ctx, 42) }
	hit()
	if n := testing.AllocsPerRun(1000, hit); n != 0 {
		t.Errorf("%v allocations a hit", n)
	}
	runtime.KeepAlive(sink)
}

func BenchmarkWarmHit(b *testing.B) {
	_, cache := newWorld(&Store{}, time.Hour)
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := cache.Get(ctx, 42); err != nil {
			b.Fatal(err)
		}
	}
}
