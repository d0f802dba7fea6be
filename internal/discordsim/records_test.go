package discordsim

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestWaitsEndWhenItHappens(t *testing.T) {
	s := start(t, Options{})
	_, post := harbour(s)
	waits := map[string]func(context.Context) error{
		"connected":  s.WaitConnected,
		"identifies": func(ctx context.Context) error { return s.WaitIdentifies(ctx, 1) },
		"heartbeats": func(ctx context.Context) error { return s.WaitHeartbeats(ctx, 1) },
		"request": func(ctx context.Context) error {
			r, err := s.WaitRequest(ctx, To("PATCH", "/guilds/"))
			if err == nil && (r.Status != 200 || string(r.Body) != `{"verification_level":1}` || r.Reason != "because of it") {
				err = errors.New("another request: " + string(r.Body))
			}
			return err
		},
	}
	ended, stop := context.WithCancel(context.Background())
	stop()
	for name, wait := range waits {
		if err := wait(ended); !errors.Is(err, context.Canceled) {
			t.Errorf("%s before it happened: %v", name, err)
		}
	}
	var group sync.WaitGroup
	for name, wait := range waits {
		group.Go(func() {
			if err := wait(within(t)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	c := connect(t, s, allIntents)
	c.send(opHeartbeat, nil)
	for _, g := range s.guildsOf(&session{shard: [2]int64{0, 1}}) {
		do(t, s, "PATCH", "/guilds/"+g.ID.String(), `{"verification_level":1}`)
	}
	group.Wait()
	if list := s.Identifies(); len(list) != 1 || list[0].Intents != allIntents || list[0].Properties["os"] != "linux" ||
		list[0].SessionID != c.session {
		t.Errorf("identified %+v", list)
	}
	s.Post(post)
}

func TestHowAClientLeftIsKnown(t *testing.T) {
	s := start(t, Options{})
	c := connect(t, s, 0)
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4000, "bye"), time.Now().Add(soon))
	if err := s.WaitDisconnected(within(t)); err != nil {
		t.Fatal(err)
	}
	if list := s.Closes(); len(list) != 1 || list[0].Code != 4000 || list[0].Reason != "bye" {
		t.Errorf("closes %+v", list)
	}
}

func TestPeakOfRequests(t *testing.T) {
	s := start(t, Options{})
	s.Set(func(k *Knobs) { k.RESTLatency = time.Hour })
	ctx, stop := context.WithCancel(context.Background())
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() { fetch(ctx, s) })
	}
	if err := s.wait(within(t), func() bool { return s.record.InFlight == 3 }); err != nil {
		t.Error(err)
	}
	stop()
	group.Wait()
	if n := s.PeakRequests(); n != 3 {
		t.Errorf("a peak of %d requests", n)
	}
}

func TestRecordsAreBounded(t *testing.T) {
	var list []int
	for i := range 10 * recordLimit {
		if list = keep(append(list, i)); len(list) > 2*recordLimit || list[len(list)-1] != i {
			t.Fatalf("%d entries after %d, the last %d", len(list), i+1, list[len(list)-1])
		}
	}
}

func TestABurstOutlivesItsReader(t *testing.T) {
	s := start(t, Options{})
	_, post := harbour(s)
	connect(t, s, allIntents)
	written, err := s.Burst(within(t), 20_000, func(i int) Post {
		if i == 2_000 { // under the Sim's lock; nobody reads, and sockets hold some 9 000
			for c := range s.conns {
				c.drop()
			}
		}
		post.Content = strconv.Itoa(i)
		return post
	})
	if err != nil || written != 20_000 {
		t.Errorf("%d written, %v", written, err)
	}
}

func TestFewSessionsWaitToBeResumed(t *testing.T) {
	s := start(t, Options{})
	for range 20 {
		connect(t, s, 0)
		s.Set(func(k *Knobs) { k.MaxConcurrency = 100 })
	}
	s.Drop()
	if err := s.WaitDisconnected(within(t)); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.sessions); n != 16 {
		t.Errorf("%d sessions wait", n)
	}
}

func TestInvalidSessionMayBeResumedOrNot(t *testing.T) {
	for _, resumable := range []bool{true, false} {
		s := start(t, Options{})
		c := connect(t, s, 0)
		s.Invalidate(resumable)
		if p := c.want(opInvalid); string(p.D) != strconv.FormatBool(resumable) {
			t.Errorf("op 9 with %s", p.D)
		}
		next := dial(t, s, "")
		next.want(opHello)
		next.resume(s, c.session, c.seq)
		if resumable {
			next.event("RESUMED")
		} else {
			next.want(opInvalid)
		}
	}
}

func TestWhoDoesNotReadIsCutOff(t *testing.T) {
	s := start(t, Options{})
	_, post := harbour(s)
	c := connect(t, s, allIntents)
	c.event("GUILD_CREATE")
	s.Set(func(k *Knobs) { k.Frozen, k.MostUnsent = true, 10 })
	for range 11 {
		s.Post(post)
	}
	if err := s.WaitDisconnected(within(t)); err != nil {
		t.Fatal(err)
	}
	s.Set(func(k *Knobs) { k.Frozen, k.MostUnsent = false, 100 })
	again := dial(t, s, "")
	again.want(opHello)
	again.resume(s, c.session, c.seq)
	for range 11 {
		again.event("MESSAGE_CREATE")
	}
	again.event("RESUMED")
	if err := s.WaitResumes(within(t), 1); err != nil {
		t.Error(err)
	}
}
