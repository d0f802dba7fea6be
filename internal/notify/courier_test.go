package notify

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// round is a courier over a real store and a sink on this machine, by a clock of the test's own.
type round struct {
	*Courier
	store *store.Store
	url   string
	log   *lines

	mu    sync.Mutex
	now   time.Time
	calls map[string]int // by path
	ids   map[string][]string
}

type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

type anyRole access.Role

func (r anyRole) RoleIn(context.Context, snowflake.GuildID, access.Actor) (access.Role, error) {
	return access.Role(r), nil
}

func may(t testing.TB, guild snowflake.GuildID) access.Grant[access.UpdateSettings] {
	t.Helper()
	grant, err := access.Check[access.UpdateSettings](t.Context(), anyRole(access.Owner), access.Person(99, false), guild)
	must(t, err)
	return grant
}

func newRound(t *testing.T, handle http.HandlerFunc) *round {
	t.Helper()
	r := &round{now: time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC), calls: map[string]int{}, ids: map[string][]string{}, log: &lines{}}
	server, at := sink(t, func(w http.ResponseWriter, q *http.Request) {
		r.mu.Lock()
		r.calls[q.URL.Path]++
		r.ids[q.URL.Path] = append(r.ids[q.URL.Path], q.Header.Get("Guildwatch-Delivery"))
		r.mu.Unlock()
		handle(w, q)
	})
	r.url = server.URL
	r.store = storetest.New(t, storetest.Clock(r.clock), storetest.Sealing)
	for guild := snowflake.GuildID(1); guild <= 4; guild++ {
		must(t, r.store.SeeGuild(t.Context(), moderation.GuildSeen{Origin: moderation.Origin{Guild: guild, At: r.now},
			Profile: moderation.Guild{ID: guild, Name: "Harbour", Owner: 99}}))
	}
	logger := slog.New(slog.NewTextHandler(r.log, nil))
	post := NewPost(PostOptions{Webhooks: true, Logger: logger,
		Way: NewWay(WayOptions{Ours: []netip.AddrPort{at}, Logger: logger, roots: trusting(server)})})
	compose := func(_ context.Context, guild snowflake.GuildID, subject string) (*Message, error) {
		switch subject {
		case "none":
			return nil, fault.New(fault.NotFound, "There is no such report.")
		case "panic":
			panic("canary-panic")
		}
		return &Message{Type: "test", Guild: guild, Name: "Harbour", Title: subject}, nil
	}
	r.Courier = NewCourier(CourierOptions{Store: r.store, Post: post, Compose: compose, Clock: r.clock, Logger: logger})
	return r
}

func (r *round) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *round) called(path string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls[path]
}

// after lets time pass and makes one round.
func (r *round) after(t *testing.T, pass time.Duration) {
	t.Helper()
	r.mu.Lock()
	r.now = r.now.Add(pass)
	r.mu.Unlock()
	_, err := r.dispatch(t.Context())
	must(t, err)
	r.work.Wait()
}

func (r *round) add(t *testing.T, guild snowflake.GuildID, path string) (number int64) {
	t.Helper()
	number, err := r.store.AddDestination(t.Context(), may(t, guild), store.NewDestination{Kind: string(KindWebhook), Name: "x",
		Shown: "x", Address: Address{URL: r.url + path, Key: "canary-key"}.Seal(), Reports: store.Reports{Daily: true}})
	must(t, err)
	return number
}

func (r *round) file(t *testing.T, guild snowflake.GuildID, number int64, subject string) (id int64) {
	t.Helper()
	id, err := r.store.TryDestination(t.Context(), may(t, guild), number, subject)
	must(t, err)
	return id
}

func (r *round) delivery(t *testing.T, guild snowflake.GuildID, id int64) (d store.Delivery) {
	t.Helper()
	must(t, r.store.Read(t.Context(), func(now *store.Snapshot) { d, _ = now.Delivery(guild, id) }))
	return d
}

func (r *round) destination(t *testing.T, guild snowflake.GuildID, number int64) (d store.Destination) {
	t.Helper()
	must(t, r.store.Read(t.Context(), func(now *store.Snapshot) { d, _ = now.Destination(guild, number) }))
	return d
}

// What fails is tried three times more, each later than the one before, always under the same id; and given up then.
func TestThreeRetries(t *testing.T) {
	r := newRound(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	number := r.add(t, 1, "/canary-down")
	id := r.file(t, 1, number, "report")
	r.after(t, 0)
	for i, wait := range waits {
		if d := r.delivery(t, 1, id); d.State != "waiting" || d.Attempts != i+1 || d.Detail == "" {
			t.Fatalf("after attempt %d: %+v", i+1, d)
		}
		r.after(t, wait-time.Second)
		if got := r.called("/canary-down"); got != i+1 {
			t.Errorf("%d calls a second too early", got)
		}
		r.after(t, time.Second)
	}
	if d := r.delivery(t, 1, id); d.State != "failed" || d.Attempts != 4 || r.called("/canary-down") != 4 {
		t.Errorf("%+v after %d calls", d, r.called("/canary-down"))
	}
	ids := r.ids["/canary-down"]
	for _, one := range ids {
		if one != ids[0] || one == "" {
			t.Errorf("ids %v", ids)
		}
	}
	if log := r.log.String(); strings.Contains(log, "canary") || !strings.Contains(log, "was not delivered") {
		t.Errorf("the log shows an address, or nothing:\n%s", log)
	}
}

// After five failures in a row a target is left alone for an hour; then one call says whether it is well again.
func TestTheBreaker(t *testing.T) {
	well := false
	r := newRound(t, func(w http.ResponseWriter, _ *http.Request) {
		if !well {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	number := r.add(t, 1, "/x")
	for range 7 {
		r.file(t, 1, number, "report")
	}
	for range 10 {
		r.after(t, 0)
	}
	if calls, d := r.called("/x"), r.destination(t, 1, number); calls != 5 || d.Failed != 5 || d.Rests.IsZero() {
		t.Fatalf("%d calls, %+v", calls, d)
	}
	r.after(t, 59*time.Minute)
	before := r.called("/x")
	r.after(t, time.Minute)
	if got := r.called("/x"); got != before+1 {
		t.Errorf("%d calls when the rest is over, want one", got-before)
	}
	well = true
	r.after(t, rest)
	for range 10 {
		r.after(t, 0)
	}
	if d := r.destination(t, 1, number); d.Failed != 0 || d.Last.Detail != "" {
		t.Errorf("well again: %+v", d)
	}
}

// F29: where there is nothing any more, nothing further is sent until somebody says so.
func TestWhatIsGoneIsLeft(t *testing.T) {
	r := newRound(t, func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/410" {
			w.WriteHeader(http.StatusGone)
			return
		}
		w.WriteHeader(http.StatusNotFound)
	})
	for _, path := range []string{"/404", "/410"} {
		number := r.add(t, 1, path)
		first, second := r.file(t, 1, number, "report"), r.file(t, 1, number, "report")
		for range 3 {
			r.after(t, 2*time.Hour)
		}
		if d := r.destination(t, 1, number); d.Stopped == "" || r.called(path) != 1 {
			t.Errorf("%s: %+v after %d calls", path, d, r.called(path))
		}
		for _, id := range []int64{first, second} {
			if d := r.delivery(t, 1, id); d.State != "failed" {
				t.Errorf("%s: %+v", path, d)
			}
		}
	}
}

// F29: targets that hang hold up nobody else: neither another guild's, nor another of the same guild beyond its share.
func TestAHangingTargetDelaysNobody(t *testing.T) {
	free := make(chan struct{})
	r := newRound(t, func(_ http.ResponseWriter, q *http.Request) {
		if strings.HasPrefix(q.URL.Path, "/hang") {
			<-free
		}
	})
	t.Cleanup(func() { close(free) }) // before the sink is closed, which waits for its handlers
	var hanging []int64
	for _, path := range []string{"/hang1", "/hang2", "/hang3", "/hang4"} {
		number := r.add(t, 1, path)
		hanging = append(hanging, r.file(t, 1, number, "report"), r.file(t, 1, number, "report"))
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); r.Run(ctx) }()
	var well []int64
	for guild := snowflake.GuildID(2); guild <= 4; guild++ {
		well = append(well, r.file(t, guild, r.add(t, guild, "/well"), "report"))
	}
	r.Wake()
	for i, id := range well {
		until(t, "another guild's message arrives", func() bool { return r.delivery(t, snowflake.GuildID(i+2), id).State == "sent" })
	}
	r.Courier.mu.Lock()
	if busy := r.guilds[1]; busy != perGuild {
		t.Errorf("%d calls of one guild at once", busy)
	}
	r.Courier.mu.Unlock()
	stop()
	<-ended
	for _, id := range hanging {
		if d := r.delivery(t, 1, id); d.State != "waiting" || d.Attempts != 0 {
			t.Errorf("cut short by the end of the process, and yet %+v", d)
		}
	}
}

// A message that cannot be made is no fault of the channel's, and a panic takes nothing down.
func TestAMessageThatCannotBeMade(t *testing.T) {
	r := newRound(t, func(http.ResponseWriter, *http.Request) {})
	number := r.add(t, 1, "/x")
	none, broken, well := r.file(t, 1, number, "none"), r.file(t, 1, number, "panic"), r.file(t, 1, number, "report")
	for range 3 {
		r.after(t, 0)
	}
	if d := r.delivery(t, 1, none); d.State != "failed" || d.Detail != "There is no such report." {
		t.Errorf("%+v", d)
	}
	if d := r.delivery(t, 1, broken); d.State != "waiting" || d.Attempts != 1 || r.Figures().Panics != 1 {
		t.Errorf("%+v, %+v", d, r.Figures())
	}
	if d := r.delivery(t, 1, well); d.State != "sent" || r.called("/x") != 1 {
		t.Errorf("%+v", d)
	}
}

// What was removed while it waited is not sent.
func TestNothingIsSentToWhatWasRemoved(t *testing.T) {
	r := newRound(t, func(http.ResponseWriter, *http.Request) {})
	number := r.add(t, 1, "/x")
	id := r.file(t, 1, number, "report")
	must(t, r.store.RemoveDestination(t.Context(), may(t, 1), number))
	r.after(t, 0)
	if d := r.delivery(t, 1, id); d.State != "failed" || r.called("/x") != 0 {
		t.Errorf("%+v, %d calls", d, r.called("/x"))
	}
}
