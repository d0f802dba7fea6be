package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// Identical requests that overlap run once and all get the one answer; a failed or panicking run is told to those who
// wait for it and kept for nobody; the counters add up.
func TestIdenticalRequestsRunOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		keys := rapid.IntRange(1, 4).Draw(rt, "keys")
		rounds := rapid.SliceOfN(rapid.SampledFrom([]string{"good", "failing", "panicking"}), 1, 4).Draw(rt, "rounds")
		crowd := rapid.IntRange(1, 12).Draw(rt, "crowd")
		var f flights
		var wrong []error
		synctest.Test(t, func(*testing.T) {
			for round, mood := range rounds {
				wrong = append(wrong, flyRound(&f, round, mood, keys, crowd)...)
			}
		})
		if len(wrong) > 0 {
			rt.Fatal(errors.Join(wrong...))
		}
		executed, shared := f.counts()
		if want := int64(len(rounds) * keys); executed != want || shared != want*int64(crowd)-want {
			rt.Fatalf("executed %d and shared %d of %d requests in %d rounds", executed, shared, want*int64(crowd), len(rounds))
		}
	})
}

// flyRound sends a crowd after each key while the key's one run is held up, then lets it go. It gives what went wrong.
func flyRound(f *flights, round int, mood string, keys, crowd int) (wrong []error) {
	release := make(chan struct{})
	var waiting sync.WaitGroup
	var mu sync.Mutex
	runs := map[string]int{}
	complain := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		wrong = append(wrong, fmt.Errorf(format, args...))
	}
	for i := range keys * crowd {
		key := fmt.Sprint("key ", i%keys)
		waiting.Go(func() {
			body, err := f.do(context.Background(), key, func(context.Context) ([]byte, error) {
				mu.Lock()
				runs[key]++
				mu.Unlock()
				<-release
				switch mood {
				case "failing":
					return nil, errors.New(mood)
				case "panicking":
					panic(mood)
				}
				return fmt.Appendf(nil, "%s, round %d", key, round), nil
			})
			var p *panicked
			switch mood {
			case "good":
				if err != nil || string(body) != fmt.Sprintf("%s, round %d", key, round) {
					complain("%s got %q, %v", key, body, err)
				}
			default:
				if err == nil || errors.As(err, &p) != (mood == "panicking") {
					complain("a %s run gave %q, %v", mood, body, err)
				}
			}
		})
	}
	synctest.Wait() // everybody waits for a run
	close(release)
	waiting.Wait()
	for key, n := range runs {
		if n != 1 {
			complain("%s ran %d times", key, n)
		}
	}
	return wrong
}

// The first of two identical requests hangs up: the run goes on, and the second gets its answer.
func TestWhoHangsUpFailsNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f flights
		first, hangUp := context.WithCancel(t.Context())
		answers := make(chan error, 2)
		ask := func(ctx context.Context) {
			_, err := f.do(ctx, "key", func(ctx context.Context) ([]byte, error) {
				time.Sleep(time.Second)
				return []byte("answer"), ctx.Err()
			})
			answers <- err
		}
		go ask(first)
		synctest.Wait()
		go ask(t.Context())
		synctest.Wait()
		hangUp()
		if err := <-answers; !errors.Is(err, context.Canceled) {
			t.Errorf("who hung up got %v", err)
		}
		if err := <-answers; err != nil {
			t.Errorf("who stayed got %v", err)
		}
	})
}

// A run that never ends is told of after 5 s, and its context is over, so that it can stop.
func TestSlowRunsAreGivenUpAfterFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f flights
		ctx, cancel := context.WithTimeout(t.Context(), answerTime)
		defer cancel()
		start, ended := time.Now(), make(chan time.Duration, 1)
		_, err := f.do(ctx, "key", func(ctx context.Context) ([]byte, error) {
			<-ctx.Done()
			ended <- time.Since(start)
			return nil, ctx.Err()
		})
		p := problemOf(err)
		if took := time.Since(start); took != answerTime || p.status != fault.Unavailable.Status() {
			t.Errorf("after %v: %v", took, err)
		}
		if took := <-ended; took != answerTime {
			t.Errorf("the run was told to stop after %v", took)
		}
	})
}

// What must not be shared has different keys; what is the same in another order has one.
func TestFlightKeys(t *testing.T) {
	query := func(raw string) url.Values { q, _ := url.ParseQuery(raw); return q }
	base := flightKey("/api/x", query("a=1&b=2"), 7, access.Viewer, 3)
	if base != flightKey("/api/x", query("b=2&a=1"), 7, access.Viewer, 3) {
		t.Error("the order of parameters makes a difference")
	}
	seen := map[string]bool{base: true}
	for _, key := range []string{
		flightKey("/api/y", query("a=1&b=2"), 7, access.Viewer, 3), flightKey("/api/x", query("a=1&b=3"), 7, access.Viewer, 3),
		flightKey("/api/x", query("a=1"), 7, access.Viewer, 3), flightKey("/api/x", query("a=1&b=2"), 8, access.Viewer, 3),
		flightKey("/api/x", query("a=1&b=2"), 7, access.Owner, 3),
		flightKey("/api/x", query("a=1&b=2%237 as viewer"), 7, access.Viewer, 3),
	} {
		if seen[key] {
			t.Errorf("the key %q stands for two requests", key)
		}
		seen[key] = true
	}
}

// Over HTTP, on every route of data: while one run is under way, 500 who ask the same get its answer, in whatever order
// their parameters are; who may not ask gets a refusal and no run; whoever comes after the run starts another.
func TestACrowdIsAnsweredByOneRun(t *testing.T) {
	h := open(t, func(o *Options) {
		o.Identity = func(_ http.ResponseWriter, r *http.Request) (Visitor, error) {
			if r.Header.Get("As") == "nobody" {
				return Visitor{}, nil
			}
			return Visitor{Actor: access.Person(keeper, true)}, nil
		}
	}).boundless()
	const crowd = 500
	// All of them must be there within the 5 s after which the first is given up: no 500 new connections for each route.
	h.Client().Transport.(*http.Transport).MaxIdleConnsPerHost = crowd
	walked := 0
	for _, route := range routes {
		if route.kind != data {
			continue
		}
		walked++
		guild, role := snowflake.GuildID(0), access.None
		if strings.Contains(route.pattern, ":guild_id") {
			guild, role = home, access.Owner
		}
		path := pathOf(route.pattern, home)
		query := url.Values{}
		if slices.Contains(route.params, "period") {
			query.Set("period", "week")
		}
		release, before := make(chan struct{}), h.flights.asked.Load()
		go h.flights.do(context.Background(), flightKey(path, query, guild, role, h.Store.LastSeq()), func(context.Context) ([]byte, error) {
			<-release
			return []byte(`"the answer"`), nil
		})
		until(t, func() bool { return h.flights.asked.Load() == before+1 })
		var asking sync.WaitGroup
		for range crowd {
			asking.Go(func() {
				if got := h.ask(t, "GET", path+"?"+query.Encode()); got.StatusCode != 200 || got.body != `"the answer"` {
					t.Errorf("%s: status %d, %.80s", route.pattern, got.StatusCode, got.body)
				}
			})
		}
		until(t, func() bool { return h.flights.asked.Load() == before+1+crowd })
		if guild != 0 {
			h.get(t, 401, path, "As", "nobody")
		}
		close(release)
		asking.Wait()
		if got := h.get(t, 200, path+"?"+query.Encode()); got.body == `"the answer"` {
			t.Errorf("%s: the answer was kept", route.pattern)
		}
	}
	if walked < 10 {
		t.Errorf("%d routes of data", walked)
	}
}

// Who has written, and asks for what was being computed before that, sees what they wrote: they get a run of their own.
func TestAnAnswerBegunBeforeAWriteIsNotSharedAfterIt(t *testing.T) {
	h := policed(t, nil)
	path := apiPath(home, "warnings")
	old, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = h.flights.do(context.Background(), flightKey(path, nil, home, access.Owner, h.Store.LastSeq()),
			func(context.Context) ([]byte, error) { <-old; return []byte(`"what was before"`), nil })
	}()
	until(t, func() bool { return h.flights.asked.Load() == 1 })
	h.warn(t, modID, "Warned just now")
	if body := h.get(t, 200, path).body; !strings.Contains(body, "Warned just now") {
		t.Errorf("after the warning: %.200s", body)
	}
	close(old)
	<-ended
}
