package live

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/frame"
	"guildwatch/internal/snowflake"
)

func TestEndIsTheLastFrameOfThoseItMeans(t *testing.T) {
	s := newStage(t, Options{})
	out, stays := s.read("user=1", ""), s.read("user=2", "")
	s.joined(2)
	s.Publish(Guild(guild), event(1, "both"))
	out.want(t, message{"event", "both", "1"})
	first := func(user snowflake.UserID, topic Topic) bool { return user == 1 && topic == Guild(guild) }
	s.End(first, RoleLost, "You lost the role.")
	s.Publish(Guild(guild), event(2, "only who stays"))
	out.want(t, message{"end", `{"code":4003,"reason":"You lost the role."}`, "1"})
	out.wantEnd(t)
	stays.want(t, message{"event", "both", "1"})
	stays.want(t, message{"event", "only who stays", "2"})
	s.joined(1)
}

func TestNothingFollowsEndUnderLoad(t *testing.T) {
	s := newStage(t, Options{Heartbeat: time.Millisecond, QueueBytes: 1 << 30, WriteTimeout: time.Hour})
	readers, endings := make([]*reader, 20), make([]chan message, 20)
	for i := range readers {
		r, ending := s.read(fmt.Sprint("user=", i+1), ""), make(chan message, 1)
		readers[i], endings[i] = r, ending
		go func() { // reads all the time, or what waits for its turn would fill the queue
			last := message{}
			for m := range r.messages {
				if last.name == "end" {
					t.Errorf("%q came after end", m)
				}
				last = m
			}
			ending <- last
		}()
	}
	s.joined(len(readers))
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(100 * time.Microsecond)
		defer tick.Stop()
		for seq := int64(1); ; seq++ {
			select {
			case <-stop:
				return
			case <-tick.C:
				s.Publish(Guild(guild), event(seq, "x"))
			}
		}
	}()
	for i := range readers {
		user := snowflake.UserID(i + 1)
		s.End(func(u snowflake.UserID, _ Topic) bool { return u == user }, SessionOver, "You signed out.")
		if last := <-endings[i]; last.name != "end" {
			t.Errorf("the stream of user %d ended with %q", user, last)
		}
	}
	close(stop)
	<-stopped
}

// TestEndReachesAReaderThatReadsNothing is F27 at its worst: the queue is full and the peer does not move.
func TestEndReachesAReaderThatReadsNothing(t *testing.T) {
	s := newStage(t, Options{QueueBytes: 1 << 30, WriteTimeout: time.Hour})
	s.deaf("user=1")
	s.joined(1)
	for seq := int64(1); seq <= 1024; seq++ {
		s.Publish(Guild(guild), event(seq, strings.Repeat("x", 1024)))
	}
	s.End(func(snowflake.UserID, Topic) bool { return true }, SessionOver, "You signed out.")
	s.joined(0) // long before the hour
	if grace > time.Second {
		t.Errorf("End gives a reader %v, promised is a second for all", grace)
	}
}

func TestEndInterruptsABackfill(t *testing.T) {
	asked := make(chan struct{})
	s := newStage(t, Options{Backfill: hangs(asked)})
	r := s.read("user=1&after=0", "")
	<-asked
	s.End(func(snowflake.UserID, Topic) bool { return true }, GuildLeft, "guildwatch left.")
	r.want(t, message{"end", `{"code":4004,"reason":"guildwatch left."}`, ""})
	r.wantEnd(t)
	s.joined(0)
}

func TestTellReachesOneUserOnly(t *testing.T) {
	s := newStage(t, Options{})
	me, other := s.read("user=1", ""), s.read("user=2", "")
	s.joined(2)
	s.Publish(Guild(guild), event(1, "all"))
	me.want(t, message{"event", "all", "1"})
	s.Tell(1, Guild(guild), Frame{Seq: 9, Name: frame.Notification, Data: []byte("3 unread")})
	me.want(t, message{"notification", "3 unread", "1"})
	s.Tell(0, Guild(guild), Frame{Name: frame.Notification, Data: []byte("nobody")})
	s.Publish(Guild(guild), event(2, "all"))
	me.want(t, message{"event", "all", "2"})
	other.want(t, message{"event", "all", "1"})
	other.want(t, message{"event", "all", "2"})
}

// What is for one user alone can neither be published to all, nor can a change be told as if it were.
func TestPersonalFramesAreNobodyElses(t *testing.T) {
	s := newStage(t, Options{})
	me, other := s.read("user=1", ""), s.read("user=2", "")
	s.joined(2)
	s.Publish(Guild(guild), Frame{Seq: 1, Name: frame.Notification, Data: []byte("for one")}, event(1, "all"))
	s.Tell(1, Guild(guild), event(2, "a change"))
	for _, r := range []*reader{me, other} {
		r.want(t, message{"event", "all", "1"})
	}
	if n := s.Stats().Invalid; n != 2 {
		t.Errorf("%d frames were dropped, want 2", n)
	}
}

// What came for a user while no stream of theirs was open is the first that they get when one joins.
func TestWhoJoinsIsToldFirstWhatWasMissed(t *testing.T) {
	s := newStage(t, Options{})
	s.first = func(user snowflake.UserID) []Frame {
		if user != 1 {
			return nil
		}
		return []Frame{{Name: frame.Notification, Data: []byte("missed")}, {Name: frame.Event, Seq: 1, Data: []byte("a change")}}
	}
	me, other := s.read("user=1", ""), s.read("user=2", "")
	s.joined(2)
	s.Publish(Guild(guild), event(1, "all"))
	me.want(t, message{"notification", "missed", ""})
	me.want(t, message{"event", "all", "1"})
	other.want(t, message{"event", "all", "1"})
}

func TestSixthStreamOfAUserOnAGuildIsRefused(t *testing.T) {
	s := newStage(t, Options{})
	for range 3 {
		s.read("user=1", "")
	}
	s.read("user=1&json", "")
	fifth := s.read("user=1&json", "")
	refused := s.read("user=1", "")
	if got := refused.response; got.StatusCode != http.StatusTooManyRequests || got.Header.Get("Retry-After") != "10" {
		t.Errorf("sixth: %s, Retry-After %q", got.Status, got.Header.Get("Retry-After"))
	}
	for _, query := range []string{"user=2", "user=1&guild=5"} {
		if got := s.read(query, "").response.StatusCode; got != http.StatusOK {
			t.Errorf("%s: status %d, want 200: the limit is per user and guild", query, got)
		}
	}
	fifth.close()
	s.joined(6)
	if got := s.read("user=1", "").response.StatusCode; got != http.StatusOK {
		t.Errorf("after one closed: status %d, want 200", got)
	}
	if n := s.Stats().Refused; n != 1 {
		t.Errorf("%d refused counted, want 1", n)
	}
}

func TestStreamsAreLimitedInAll(t *testing.T) {
	s := newStage(t, Options{Total: 3})
	for i := range 3 {
		s.read(fmt.Sprint("user=", i+1), "")
	}
	refused := s.read("user=4", "").response
	if refused.StatusCode != http.StatusServiceUnavailable || refused.Header.Get("Retry-After") != "30" {
		t.Errorf("fourth of three: %s, Retry-After %q", refused.Status, refused.Header.Get("Retry-After"))
	}
}

func TestNobodyGetsInAfterShutdown(t *testing.T) {
	s := newStage(t, Options{})
	s.Shutdown("Over.")
	if got := s.read("", "").response.StatusCode; got != http.StatusServiceUnavailable {
		t.Errorf("status %d after Shutdown, want 503", got)
	}
	s.Publish(Guild(guild), event(1, "to nobody"))
}

func TestZeroTopicIsRefused(t *testing.T) {
	s := newStage(t, Options{})
	if err := s.Serve(nil, nil, Subscription{User: 1}); fault.Of(err) != fault.Invalid {
		t.Errorf("Serve of the zero Topic gave %v, want a fault of kind Invalid", err)
	}
}

func TestWatchingIsAnnouncedOnce(t *testing.T) {
	woken := make(chan Topic, 10)
	s := newStage(t, Options{Watching: func(topic Topic) { woken <- topic }})
	if s.Watched(Guild(guild)) {
		t.Error("a topic nobody asked for is watched")
	}
	s.read("", "")
	s.read("", "")
	s.joined(2)
	if got := <-woken; got != Guild(guild) || len(woken) != 0 || !s.Watched(Guild(guild)) {
		t.Errorf("woken for %v and %d more", got, len(woken))
	}
}

func TestTopicsForPeople(t *testing.T) {
	for _, c := range []struct {
		topic Topic
		text  string
		guild snowflake.GuildID
		json  bool
	}{
		{Overview(), "overview", 0, false}, {OverviewJSON(), "overview/json", 0, true},
		{Guild(7), "7", 7, false}, {GuildJSON(7), "7/json", 7, true},
	} {
		id, ok := c.topic.Guild()
		if c.topic.String() != c.text || id != c.guild || ok != (c.guild != 0) || c.topic.JSON() != c.json {
			t.Errorf("%v: guild %d %t, json %t; want %+v", c.topic, id, ok, c.topic.JSON(), c)
		}
	}
}

// hangs is a store that answers only when it is given up.
func hangs(asked chan<- struct{}) Backfill {
	return func(ctx context.Context, _ Topic, _ int64, _ int) ([]Frame, bool, error) {
		close(asked)
		<-ctx.Done()
		return nil, false, ctx.Err()
	}
}
