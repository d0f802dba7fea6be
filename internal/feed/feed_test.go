package feed

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/frame"
	"guildwatch/internal/live"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

const (
	patience                    = 30 * time.Second
	harbour   snowflake.GuildID = 1044145137254400002
	elsewhere snowflake.GuildID = 1308688279142417635
	ada       snowflake.UserID  = 81384788765712384
	bob       snowflake.UserID  = 80351110224678912
)

// stage is a feed between a real store and real streams.
type stage struct {
	*testing.T
	store  *store.Store
	feed   *Feed
	hub    *live.Hub
	server *httptest.Server
	entry  snowflake.EntryID
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{T: t, store: storetest.New(t)}
	quiet := slog.New(slog.DiscardHandler)
	s.feed = New(s.store, stats.New(s.store, stats.Options{Logger: quiet}), nil, quiet)
	s.hub = live.New(live.Options{Backfill: s.feed.Backfill, Watching: s.feed.Watching, Logger: quiet})
	topics := map[string]live.Topic{"/overview": live.Overview(), "/overview.json": live.OverviewJSON(),
		"/guild": live.Guild(harbour), "/guild.json": live.GuildJSON(harbour)}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		after := int64(-1)
		fmt.Sscan(r.URL.Query().Get("after"), &after)
		user, _ := snowflake.Parse[snowflake.UserID](r.URL.Query().Get("user"))
		if err := s.hub.Serve(w, r, live.Subscription{Topic: topics[r.URL.Path], User: user, Viewer: r.RemoteAddr, After: after}); err != nil {
			t.Error(err)
		}
	}))
	for _, guild := range []snowflake.GuildID{harbour, elsewhere} {
		if err := s.store.SeeGuild(t.Context(), moderation.GuildSeen{Origin: moderation.Origin{Guild: guild, At: time.Now()},
			Profile: moderation.Guild{ID: guild, Name: "Guild " + guild.String(), JoinedAt: time.Now()}}); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- s.feed.Run(ctx, s.hub) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run ended with %v", err)
		}
		s.hub.Shutdown("The test is over.")
		s.server.Close()
	})
	return s
}

// kick records a kick of bob by ada.
func (s *stage) kick(guild snowflake.GuildID, reason string) {
	s.Helper()
	s.entry++
	if _, err := s.store.RecordAudit(s.Context(), moderation.AuditEntry{Origin: moderation.Origin{Guild: guild, At: time.Now()},
		Entry: s.entry, Action: moderation.Action{Kind: moderation.ActionKick, Target: bob, Actor: ada, Reason: reason}}); err != nil {
		s.Fatal(err)
	}
}

type message struct{ name, id, data string }

// open opens a stream and waits for its first panel, so that whatever comes later is live.
func (s *stage) open(path string) <-chan message {
	s.Helper()
	request, err := http.NewRequestWithContext(s.Context(), http.MethodGet, s.server.URL+path, nil)
	if err != nil {
		s.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.Fatal(err)
	}
	messages := make(chan message, 4096)
	go func() {
		defer close(messages)
		defer response.Body.Close()
		var now message
		lines := bufio.NewScanner(response.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			field, value, _ := strings.Cut(lines.Text(), ":")
			switch value = strings.TrimPrefix(value, " "); field {
			case "":
				messages <- now
				now = message{}
			case "event":
				now.name = value
			case "id":
				now.id = value
			case "data":
				now.data += value
			}
		}
	}()
	return messages
}

// next is the next message of one of the names.
func (s *stage) next(messages <-chan message, names ...frame.Name) message {
	s.Helper()
	deadline := time.After(patience)
	for {
		select {
		case m, ok := <-messages:
			if !ok {
				s.Fatal("the stream ended")
			}
			for _, name := range names {
				if m.name == string(name) {
					return m
				}
			}
		case <-deadline:
			s.Fatalf("no %v within %s", names, patience)
		}
	}
}

func TestEachChangeReachesItsStreamsOnceInOrder(t *testing.T) {
	s := newStage(t)
	page, script, overview := s.open("/guild"), s.open("/guild.json"), s.open("/overview")
	s.next(page, frame.PanelCards)
	s.next(script, frame.MetricsUpdate)
	s.next(overview, frame.PanelCards)
	const n = 600 // more than two batches
	for i := range n {
		s.kick(harbour, fmt.Sprintf("sortie %d.", i))
		if i%3 == 0 {
			s.kick(elsewhere, "not yours")
		}
	}
	var last int64
	for i := range n {
		row, action := s.next(page, frame.Event), s.next(script, frame.Action)
		var seq int64
		fmt.Sscan(row.id, &seq)
		if seq <= last || action.id != row.id || !strings.Contains(row.data, fmt.Sprintf("sortie %d.", i)) {
			t.Fatalf("change %d came as %s after %d, for scripts as %s: %s", i, row.id, last, action.id, row.data)
		}
		last = seq
	}
	for range n + n/3 {
		if row := s.next(overview, frame.Event); strings.Contains(row.data, "sortie") || strings.Contains(row.data, bob.String()) {
			t.Fatalf("the overview tells too much: %s", row.data)
		}
	}
}

func TestAReturningPageGetsTheRowsItMissedAsItWouldHaveLive(t *testing.T) {
	s := newStage(t)
	for i := range 20 {
		s.kick(harbour, fmt.Sprintf("sortie %d.", i))
		s.kick(elsewhere, "not yours")
	}
	after := s.store.LastSeq() - 10
	page := s.open(fmt.Sprintf("/guild?after=%d", after))
	for i := 15; i < 20; i++ {
		if row := s.next(page, frame.Event); !strings.Contains(row.data, fmt.Sprintf("sortie %d.", i)) {
			t.Fatalf("want sortie %d, got %s", i, row.data)
		}
	}
	frames, complete, err := s.feed.Backfill(t.Context(), live.Guild(harbour), 0, 3)
	if err != nil || complete || len(frames) != 0 {
		t.Errorf("more than the limit: %d frames, complete %t, %v", len(frames), complete, err)
	}
	if _, complete, err = s.feed.Backfill(t.Context(), live.Guild(harbour), 1<<40, 3); complete || err != nil {
		t.Errorf("from beyond the end: complete %t, %v", complete, err)
	}
}

func TestOnlyPanelsThatChangedAreSentAgain(t *testing.T) {
	s := newStage(t)
	page := s.open("/guild")
	first := map[string]bool{}
	for range 6 {
		first[s.next(page, frame.PanelCards, frame.PanelActivity, frame.PanelSources, frame.PanelKinds, frame.PanelTargets, frame.PanelGaps).name] = true
	}
	if len(first) != 6 {
		t.Errorf("a page that opens gets %v", first)
	}
	s.kick(harbour, "changes figures, kinds, sources and targets, but no gap")
	for _, want := range []frame.Name{frame.PanelCards, frame.PanelSources, frame.PanelKinds, frame.PanelTargets} {
		s.next(page, want)
	}
	// Panels of one look leave together, gaps last: had they been sent, they would stand before the next row.
	s.kick(harbour, "the row behind the panels")
	if got := s.next(page, frame.Event, frame.PanelGaps); got.name != string(frame.Event) {
		t.Errorf("an unchanged panel was sent: %s", got.name)
	}
}

func TestThePublicStreamNamesNobody(t *testing.T) {
	s := newStage(t)
	public := s.open("/overview.json")
	s.next(public, frame.Stats)
	s.kick(harbour, "a secret reason")
	event := s.next(public, frame.Event)
	for _, secret := range []string{bob.String(), ada.String(), "secret", harbour.String(), "Guild"} {
		if strings.Contains(event.data, secret) {
			t.Errorf("%q is public: %s", secret, event.data)
		}
	}
	if !strings.Contains(event.data, `"type":"success"`) || !strings.Contains(event.data, "kicked") {
		t.Errorf("got %s", event.data)
	}
}

func TestAPanicInATemplateLeavesOneFrameOut(t *testing.T) {
	s := newStage(t)
	s.feed.guard("a test", func() { panic("broken") })
	if s.feed.Panics() != 1 {
		t.Errorf("%d panics counted", s.feed.Panics())
	}
	page := s.open("/guild")
	s.next(page, frame.PanelCards)
	s.kick(harbour, "still here")
	if row := s.next(page, frame.Event); !strings.Contains(row.data, "still here") {
		t.Errorf("got %s", row.data)
	}
}

func TestStreamsOfAGuildEndWhenTheBotLeavesIt(t *testing.T) {
	s := newStage(t)
	page, overview := s.open("/guild"), s.open("/overview")
	s.next(page, frame.PanelCards)
	s.next(overview, frame.PanelCards)
	if err := s.store.LoseGuild(t.Context(), moderation.GuildLost{Origin: moderation.Origin{Guild: harbour, At: time.Now()}}); err != nil {
		t.Fatal(err)
	}
	if end := s.next(page, frame.End); !strings.Contains(end.data, `"code":4004`) {
		t.Errorf("the page's stream ended with %s", end.data)
	}
	for range page { // nothing may follow the end but the end of the stream
		t.Error("a message after the end")
	}
	if row := s.next(overview, frame.Event); !strings.Contains(row.data, "removed") {
		t.Errorf("the overview got %s", row.data)
	}
}
