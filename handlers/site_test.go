package handlers

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/identity"
	"guildwatch/internal/leak"
	"guildwatch/internal/live"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/desk"
	"guildwatch/internal/moderation/native"
	"guildwatch/internal/snowflake"
)

func TestMain(m *testing.M) {
	leak.Main(m)
}

// The guilds of every test here: the bot is in home, which the keeper owns, and was never in elsewhere. The keeper runs
// the instance, too.
const (
	home      = snowflake.GuildID(81384788765712384)
	elsewhere = snowflake.GuildID(81384788765712385)
	keeper    = snowflake.UserID(7)
)

// house is a whole site on a real server, and what it wrote to its log.
type house struct {
	*site
	*httptest.Server
	router *echo.Echo
	log    *journal
	dir    string // of the store
	cookie string // of the keeper's session: sent with each request that has none; empty: another Identity is in place
}

// open starts a site; change may alter what it stands on first.
func open(t *testing.T, change func(*Options)) *house {
	t.Helper()
	log := &journal{}
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	hub := live.New(live.Options{Logger: logger})
	s, dir := filled(t)
	options := Options{Stats: figures(s), Store: s, Hub: hub, Version: "1.2.3", BuildTime: "2026-11-20T07:00:00Z",
		Health: func(context.Context) []Part { return []Part{{Name: "database", State: Well}} },
		Vitals: func() Vitals { return Vitals{} },
		Logger: logger}
	if change != nil {
		change(&options)
	}
	own := options.Identity != nil
	furnish(&options)
	writing(t, &options, dir)
	built, e := build(options)
	built.export = time.Minute
	server := httptest.NewUnstartedServer(e)
	server.Config = NewServer(e, hub, logger)
	server.Start()
	server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	t.Cleanup(func() {
		hub.Shutdown("the test is over")
		server.Close()
	})
	h := &house{site: built, Server: server, router: e, log: log, dir: dir}
	if !own {
		h.cookie = h.signIn(t, keeper)
	}
	return h
}

// furnish adds what people sign in by, over the site's own store, where a test has nothing else in its place.
func furnish(o *Options) {
	operator := func(user snowflake.UserID) bool { return user == keeper }
	roster := identity.NewRoster(o.Store, gateway{})
	if o.Sessions == nil {
		o.Sessions = NewSessions(SessionOptions{Store: o.Store, Operator: operator, Logger: o.Logger})
	}
	if o.Links == nil {
		o.Links = identity.NewLinks(identity.LinkOptions{Store: o.Store, Roster: roster, Operator: operator,
			Origin: "http://localhost", Clock: func() time.Time { return noon }})
	}
	if o.Roster == nil {
		o.Roster = roster
	}
	if o.Identity == nil {
		o.Identity = o.Sessions.Identify
	}
	if o.Reports == nil {
		o.Reports = printing(o)
	}
	if o.Native == nil {
		o.Native = native.NewBook(newPaper(), o.Store)
	}
	if o.Desk == nil {
		o.Desk = desk.New(desk.Options{Ledger: o.Store, Docket: o.Store, Appeals: o.Store, Rules: o.Store.Rules, Logger: o.Logger,
			Raids: desk.NewRaidMode(desk.RaidOptions{Raids: o.Store, Docket: o.Store, Logger: o.Logger}),
			Clock: func() time.Time { return noon }, Self: func() snowflake.UserID { return robotID },
			Role: func(ctx context.Context, guild snowflake.GuildID, user snowflake.UserID) (access.Role, error) {
				return roster.RoleIn(ctx, guild, access.Person(user, false))
			}})
	}
}

// gateway is a bot that hears of everything, so that what is stored counts.
type gateway struct{}

func (gateway) Follows(snowflake.GuildID) bool { return true }

func (gateway) FetchMember(context.Context, snowflake.GuildID, snowflake.UserID) (moderation.Member, bool, error) {
	return moderation.Member{}, false, errors.New("nobody asks Discord while the gateway tells")
}

// signIn begins a session for somebody and gives the cookie, name and value.
func (h *house) signIn(t testing.TB, user snowflake.UserID) string {
	t.Helper()
	w := httptest.NewRecorder()
	if err := h.Sessions.begin(w, httptest.NewRequest("POST", "/", nil), user, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	cookie := w.Result().Cookies()[0]
	return cookie.Name + "=" + cookie.Value
}

// reply is an answer, read to its end.
type reply struct {
	*http.Response
	body string
}

// ask sends one request; redirects are not followed. Headers are names and values by turns, "Host" among them.
func (h *house) ask(t *testing.T, method, path string, headers ...string) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, h.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Add(headers[i], headers[i+1])
	}
	h.show(r)
	return h.send(t, r)
}

// show adds the keeper's cookie to a request that has none.
func (h *house) show(r *http.Request) {
	if r.Header.Get("Cookie") == "" && h.cookie != "" {
		r.Header.Set("Cookie", h.cookie)
	}
}

func (h *house) send(t *testing.T, r *http.Request) reply {
	t.Helper()
	return sendBy(t, h.Client(), r)
}

func sendBy(t *testing.T, client *http.Client, r *http.Request) reply {
	t.Helper()
	response, err := client.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	return reply{response, string(body)}
}

// get is ask for a GET, and fails unless the status is the one wanted.
func (h *house) get(t *testing.T, want int, path string, headers ...string) reply {
	t.Helper()
	r := h.ask(t, http.MethodGet, path, headers...)
	if r.StatusCode != want {
		t.Fatalf("GET %s: status %d, want %d\n%.600s", path, r.StatusCode, want, r.body)
	}
	return r
}

// as is an identity that takes the same person for every visitor.
func as(actor access.Actor) Identity {
	return func(http.ResponseWriter, *http.Request) (Visitor, error) { return Visitor{Actor: actor}, nil }
}

// journal is a log in memory.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

// lines are those logged so far that contain part.
func (j *journal) lines(part string) []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var found []string
	for line := range strings.Lines(j.text.String()) {
		if strings.Contains(line, part) {
			found = append(found, line)
		}
	}
	return found
}

// fill puts ids into a route's path.
func fill(path string, guild snowflake.GuildID) string {
	return strings.NewReplacer(":guild_id", snowflake.String(guild), ":rule", "1", ":number", "1", ":user_id", "101", ":cadence", "daily", ":destination", "1", ":warning", "1", ":native", "8", ":appeal", "1", ":raid", "1", ":import", "1", "*", "none.css").Replace(path)
}
