package handlers

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/identity"
	"guildwatch/internal/snowflake"
)

// breaking is a component that writes half a page and then breaks as told.
func breaking(how func() error) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, "<!doctype html><p>half a page"); err != nil {
			return err
		}
		return how()
	})
}

// A template that panics or fails half-way: a whole error page with a reference, nothing of the half page, one line in
// the log with the stack, nothing of the reason on the page; and the server lives.
func TestBrokenTemplatesBecomeErrorPages(t *testing.T) {
	for name, how := range map[string]func() error{
		"panics":               func() error { panic("canary: a nil map") },
		"panics with an error": func() error { panic(errors.New("canary: a nil map")) },
		"fails":                func() error { return errors.New("canary: a nil map") },
	} {
		h := open(t, nil)
		h.router.GET("/broken", func(c echo.Context) error { return render(c, 200, breaking(how)) })
		got := h.get(t, 500, "/broken")
		reference := got.Header.Get("X-Request-Id")
		if strings.Contains(got.body, "half a page") || strings.Contains(got.body, "canary") ||
			!strings.Contains(got.body, reference) || !strings.Contains(got.body, "</html>") ||
			got.Header.Get("Content-Security-Policy") != policy {
			t.Errorf("%s: %s", name, got.body)
		}
		told := h.log.lines("canary")
		if len(told) != 1 || !strings.Contains(told[0], reference) ||
			strings.HasPrefix(name, "panics") != strings.Contains(told[0], "fault_test.go") {
			t.Errorf("%s: the log says %q", name, told)
		}
		h.get(t, 200, "/")
	}
}

// A panic anywhere below the router is one request's misfortune, in every shape of answer.
func TestPanicsEndOneRequest(t *testing.T) {
	var broken bool
	h := open(t, func(o *Options) {
		o.Roster, o.DemoKey = panicking{identity.NewRoster(o.Store, gateway{}), &broken}, []byte("key")
	})
	broken = true
	if got := h.get(t, 500, metricsPath(home)); codeOf(t, got) != "internal" || strings.Contains(got.body, "canary") {
		t.Errorf("JSON: %s", got.body)
	}
	if got := h.get(t, 500, homePath, "HX-Request", "true"); strings.Contains(got.body, "<html") ||
		!strings.Contains(got.body, `role="alert"`) {
		t.Errorf("htmx: %s", got.body)
	}
	if got := h.get(t, 500, "/live/"+home.String()); codeOf(t, got) != "internal" {
		t.Errorf("a stream: %s", got.body)
	}
	h.get(t, 500, "/servers")
	// An error page asks the roster for the visitor's guilds; when that breaks, the sentence comes alone.
	if got := h.ask(t, "POST", "/demo/role?role=none"); got.StatusCode != 400 ||
		!strings.Contains(got.body, got.Header.Get("X-Request-Id")) {
		t.Errorf("an error page that breaks: %s", got.body)
	}
	broken = false
	h.get(t, 200, homePath)
}

// panicking is a roster that panics while it is told to.
type panicking struct {
	Roster
	broken *bool
}

func (p panicking) RoleIn(ctx context.Context, guild snowflake.GuildID, actor access.Actor) (access.Role, error) {
	if *p.broken {
		panic("canary: the roster broke")
	}
	return p.Roster.RoleIn(ctx, guild, actor)
}

func (p panicking) Mine(ctx context.Context, actor access.Actor) (map[snowflake.GuildID]access.Role, error) {
	if *p.broken {
		panic("canary: the roster broke")
	}
	return p.Roster.Mine(ctx, actor)
}

// A data request that panics is a goroutine of its own, out of reach of every middleware.
func TestPanicsInSharedRunsEndOneRequest(t *testing.T) {
	h := open(t, nil)
	h.router.GET("/api/broken", func(c echo.Context) error {
		return h.answer(c, 0, func(context.Context) (any, error) { panic("canary") })
	})
	if got := h.get(t, 500, "/api/broken"); codeOf(t, got) != "internal" || len(h.log.lines("canary")) != 1 {
		t.Errorf("%s, log %q", got.body, h.log.lines("canary"))
	}
	h.get(t, 200, "/api/stats")
}

// When the figures cannot be had the page still comes, with the reason and another try in every panel, and the true
// status.
func TestPagesComeWithoutFigures(t *testing.T) {
	h := open(t, func(o *Options) { o.Identity = as(access.Person(keeper, true)) })
	damage(t, h)
	// The request's reference is random, and one in three thousand has these letters.
	tellsOfSQL := func(got reply) bool {
		return strings.Contains(strings.ReplaceAll(got.body, got.Header.Get(requestHeader), ""), "sql")
	}
	got := h.get(t, 503, "/")
	if !strings.Contains(got.body, "</html>") || strings.Count(got.body, "Try again") < 5 ||
		got.Header.Get("Retry-After") != "5" || tellsOfSQL(got) {
		t.Errorf("the overview without a database: %.3000s", got.body)
	}
	for _, path := range []string{homePath, "/servers"} {
		if got := h.get(t, 503, path); !strings.Contains(got.body, "</html>") || tellsOfSQL(got) {
			t.Errorf("%s without a database: %.3000s", path, got.body)
		}
	}
	for _, path := range []string{"/api/stats", metricsPath(home), "/live/" + home.String()} {
		got := h.get(t, 503, path)
		if codeOf(t, got) != "unavailable" || tellsOfSQL(got) || got.Header.Get("Retry-After") == "" {
			t.Errorf("%s without a database: %v %s", path, got.Header, got.body)
		}
	}
	if got := h.get(t, 503, "/?region=panel-cards", "HX-Request", "true"); strings.Contains(got.body, "<html") ||
		!strings.Contains(got.body, `role="alert"`) {
		t.Errorf("a panel without a database: %s", got.body)
	}
	h.get(t, 200, "/health")
	h.get(t, 200, "/metrics")
}

// damage overwrites the database while it is in use.
func damage(t *testing.T, h *house) {
	t.Helper()
	h.Store.DropCaches()
	for name, from := range map[string]int{"guildwatch.db": 0, "guildwatch.db-wal": 56} { // past the log's first headers
		path := filepath.Join(h.dir, name)
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(body[:from:from], bytes.Repeat([]byte{0xee}, len(body)-from)...),
			0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// Who asks while the program stops is told so.
func TestAClosedStoreIsUnavailable(t *testing.T) {
	h := open(t, nil)
	if err := h.Store.Close(); err != nil {
		t.Fatal(err)
	}
	if got := h.get(t, 503, "/api/stats"); sentenceOf(t, got) != "guildwatch is stopping." {
		t.Errorf("%s", got.body)
	}
}

// Secrets that came with a request are nowhere in the log, on no level.
func TestSecretsStayOutOfTheLog(t *testing.T) {
	h := open(t, func(o *Options) { o.DemoKey = []byte("canary-key"); o.Identity = Demo(o.DemoKey) })
	h.ask(t, "GET", "/canary-path?token=canary-query", "Cookie", "__Host-demo=canary-cookie; sid=canary-sid",
		"Authorization", "Bearer canary-bearer", "X-Request-Id", "canary-id", "Referer", "http://127.0.0.1/canary-referer",
		"User-Agent", "canary-agent")
	h.ask(t, "GET", "/g/canary-guild?period=canary-period")
	h.ask(t, "GET", "/api/stats?canary-name=1")
	r, _ := http.NewRequestWithContext(t.Context(), "POST", h.URL+"/demo/role?back=/canary",
		bytes.NewBufferString("role=canary-form"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	h.send(t, r)
	if told := h.log.lines("canary"); len(told) > 0 {
		t.Errorf("the log says %q", told)
	}
	if len(h.log.lines("level=INFO")) < 4 {
		t.Error("the requests are not in the log at all")
	}
}

// A visitor who hangs up is no failure of ours: nothing in the log above debugging, and no 5xx in the counters.
func TestHangingUpIsNoFailure(t *testing.T) {
	asked := make(chan struct{})
	h := open(t, func(o *Options) { o.Roster = stuck{asked} })
	ctx, hangUp := context.WithCancel(t.Context())
	go func() {
		<-asked
		hangUp()
	}()
	r, _ := http.NewRequestWithContext(ctx, "GET", h.URL+metricsPath(home), nil)
	h.show(r)
	if _, err := h.Client().Do(r); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	until(t, func() bool { return len(h.log.lines("status=499")) == 1 })
	if told := append(h.log.lines("level=ERROR"), h.log.lines("level=WARN")...); len(told) > 0 {
		t.Errorf("the log says %q", told)
	}
}
