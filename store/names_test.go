package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// directory is Discord as far as names go.
type directory struct {
	mu      sync.Mutex
	calls   map[snowflake.UserID][]time.Time
	busy    int
	busiest int
	answer  func(id snowflake.UserID, call int) (moderation.User, error)
}

func (d *directory) FetchUser(_ context.Context, id snowflake.UserID) (moderation.User, error) {
	d.mu.Lock()
	d.calls[id] = append(d.calls[id], time.Now())
	call := len(d.calls[id])
	d.busy++
	d.busiest = max(d.busiest, d.busy)
	d.mu.Unlock()
	time.Sleep(80 * time.Millisecond) // on the bubble's clock: what Discord takes to answer
	d.mu.Lock()
	defer d.mu.Unlock()
	d.busy--
	return d.answer(id, call)
}

// called lists when Discord was asked for a user.
func (d *directory) called(id snowflake.UserID) []time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.calls[id]
}

func named(id snowflake.UserID, _ int) (moderation.User, error) {
	return moderation.User{ID: id, Name: "name of " + id.String()}, nil
}

// emptyDatabase is a new database to copy: migrating each of a property's hundred takes most of its time.
var emptyDatabase = sync.OnceValues(func() ([]byte, error) {
	at, err := os.MkdirTemp("", "names")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(at)
	s, err := open(at)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(dir(at).database())
})

// withNames runs test in a bubble with a store of its own and Names.Run running against discord.
func withNames(t *testing.T, discord *directory, test func(ctx context.Context, s *Store)) {
	t.Helper()
	at, err := os.MkdirTemp(t.TempDir(), "names")
	if err != nil {
		t.Fatal(err)
	}
	empty, err := emptyDatabase()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir(at).database(), empty, 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s, err := open(at)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		discord.calls = map[snowflake.UserID][]time.Time{}
		running.Go(func() { s.Names().Run(ctx, discord) })
		test(ctx, s)
		stop()
		running.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func look(ctx context.Context, s *Store, id snowflake.UserID) Name {
	names, err := s.Names().Look(ctx, []snowflake.UserID{id})
	if err != nil {
		return Name{User: moderation.User{ID: id, Name: err.Error()}, Known: true}
	}
	return names[id]
}

// One call to Discord for each user however many ask, never more than ten at once, and all get the name.
func TestNamesAskDiscordOnce(t *testing.T) {
	asks := rapid.SliceOfN(rapid.SliceOfN(rapid.Int64Range(1, 25), 1, 12), 1, 15)
	rapid.Check(t, func(rt *rapid.T) {
		drawn := asks.Draw(rt, "asks")
		discord := &directory{answer: named}
		learned := map[snowflake.UserID]int{}
		problem := ""
		withNames(t, discord, func(ctx context.Context, s *Store) {
			var mu sync.Mutex
			s.Names().OnLearned(func(ids []snowflake.UserID) {
				mu.Lock()
				defer mu.Unlock()
				for _, id := range ids {
					learned[id]++
				}
			})
			var wg sync.WaitGroup
			for i, ids := range drawn {
				wg.Go(func() {
					time.Sleep(time.Duration(i) * 15 * time.Millisecond)
					users := make([]snowflake.UserID, len(ids))
					for k, id := range ids {
						users[k] = snowflake.UserID(id)
					}
					if _, err := s.Names().Look(ctx, users); err != nil {
						mu.Lock()
						defer mu.Unlock()
						problem = err.Error()
					}
				})
			}
			wg.Wait()
			time.Sleep(time.Second)
			for _, ids := range drawn {
				for _, id := range ids {
					if got := look(ctx, s, snowflake.UserID(id)).Display(); got != fmt.Sprintf("name of %d", id) {
						problem = "shown as " + got
					}
				}
			}
		})
		for _, ids := range drawn {
			for _, id := range ids {
				if user := snowflake.UserID(id); len(discord.called(user)) != 1 || learned[user] != 1 {
					rt.Fatalf("user %d: %d calls, learned %d times", id, len(discord.called(user)), learned[user])
				}
			}
		}
		if problem != "" || discord.busiest > fetchAtOnce {
			rt.Fatalf("%s; %d calls at once", problem, discord.busiest)
		}
	})
}

// A stranger shows by number at once; a name older than a day is shown as it was while Discord is asked.
func TestNamesServeWhatIsKnown(t *testing.T) {
	discord := &directory{answer: named}
	withNames(t, discord, func(ctx context.Context, s *Store) {
		const id = 123456789012
		if got := look(ctx, s, id).Display(); got != "User #789012" {
			t.Errorf("a stranger shows as %q", got)
		}
		time.Sleep(time.Second)
		if got := look(ctx, s, id).Display(); got != "name of 123456789012" {
			t.Errorf("once learned: %q", got)
		}
		discord.mu.Lock()
		discord.answer = func(id snowflake.UserID, _ int) (moderation.User, error) {
			return moderation.User{ID: id, Name: "renamed", Global: "Renamed"}, nil
		}
		discord.mu.Unlock()
		time.Sleep(nameStale - time.Minute)
		look(ctx, s, id)
		time.Sleep(time.Second)
		if n := len(discord.called(id)); n != 1 {
			t.Errorf("%d calls before the name was a day old", n)
		}
		time.Sleep(2 * time.Minute)
		if got := look(ctx, s, id).Display(); got != "name of 123456789012" {
			t.Errorf("while asking again: %q", got)
		}
		time.Sleep(time.Second)
		if got := look(ctx, s, id).Display(); got != "Renamed" || len(discord.called(id)) != 2 {
			t.Errorf("after asking again: %q, %d calls", got, len(discord.called(id)))
		}
	})
}

// Discord's "later" is obeyed, its silence is waited out longer each time, the old name is shown meanwhile, and after
// enough of it the user rests.
func TestNamesBackOff(t *testing.T) {
	const throttled, failing = 1_000_001, 1_000_002
	discord := &directory{answer: func(id snowflake.UserID, call int) (moderation.User, error) {
		switch {
		case id == throttled && call == 1:
			return moderation.User{}, &fault.Error{Kind: fault.TooMany, RetryAfter: 7500 * time.Millisecond}
		case id == throttled && call < 4:
			return moderation.User{}, fault.New(fault.TooMany, "later")
		case id == failing:
			return moderation.User{}, errors.New("502")
		}
		return named(id, call)
	}}
	withNames(t, discord, func(ctx context.Context, s *Store) {
		look(ctx, s, throttled)
		look(ctx, s, failing)
		time.Sleep(3 * time.Second)
		if got := look(ctx, s, throttled).Display(); got != "User #000001" {
			t.Errorf("while throttled: %q", got)
		}
		time.Sleep(time.Minute)
		calls := discord.called(throttled)
		if len(calls) != 4 || look(ctx, s, throttled).Display() != "name of 1000001" {
			t.Fatalf("%d calls, then %q", len(calls), look(ctx, s, throttled).Display())
		}
		if wait := calls[1].Sub(calls[0]); wait < 7500*time.Millisecond {
			t.Errorf("called again after %v", wait)
		}
		if len(discord.called(failing)) != fetchTries {
			t.Errorf("%d calls for a user whom Discord cannot give", len(discord.called(failing)))
		}
		look(ctx, s, failing)
		time.Sleep(time.Minute)
		if len(discord.called(failing)) != fetchTries {
			t.Error("asked again without a rest")
		}
		time.Sleep(fetchRest)
		look(ctx, s, failing)
		time.Sleep(time.Minute)
		if len(discord.called(failing)) != 2*fetchTries {
			t.Errorf("%d calls after the rest", len(discord.called(failing)))
		}
	})
}

// Who Discord does not know any more is a deleted user, until seen again.
func TestNamesOfTheGone(t *testing.T) {
	const id = 81384788765712384
	discord := &directory{answer: func(snowflake.UserID, int) (moderation.User, error) {
		return moderation.User{}, fault.New(fault.NotFound, "no such user")
	}}
	withNames(t, discord, func(ctx context.Context, s *Store) {
		look(ctx, s, id)
		time.Sleep(time.Second)
		if got := look(ctx, s, id); !got.Gone || got.Display() != "Deleted User #712384" {
			t.Errorf("gone shows as %q", got.Display())
		}
		look(ctx, s, id)
		time.Sleep(time.Minute)
		if n := len(discord.called(id)); n != 1 {
			t.Errorf("%d calls for one who is gone", n)
		}
		tally := moderation.NewTally()
		tally.Users[id] = moderation.User{ID: id, Name: "back"}
		if err := s.Flush(ctx, tally, moderation.Position{}); err != nil {
			t.Fatal(err)
		}
		if got := look(ctx, s, id); got.Gone || got.Display() != "back" {
			t.Errorf("seen again, shows as %q", got.Display())
		}
	})
}

// A panic in the fetcher costs one user's name and nothing else.
func TestNamesSurviveAPanic(t *testing.T) {
	discord := &directory{answer: func(id snowflake.UserID, call int) (moderation.User, error) {
		if id == 1 {
			panic("half an answer")
		}
		return named(id, call)
	}}
	withNames(t, discord, func(ctx context.Context, s *Store) {
		look(ctx, s, 1)
		time.Sleep(time.Second)
		look(ctx, s, 2)
		time.Sleep(time.Second)
		if got := look(ctx, s, 2).Display(); got != "name of 2" {
			t.Errorf("after a panic: %q", got)
		}
	})
}
