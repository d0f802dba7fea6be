package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

var sessionForm = regexp.MustCompile(`action="(/sessions/[0-9]+/end)"`)

// ends are the forms of the sessions page, by which one's sessions are ended, latest use first.
func (h *house) ends(t *testing.T, cookie string) (paths []string) {
	t.Helper()
	for _, form := range sessionForm.FindAllStringSubmatch(h.get(t, 200, "/sessions", "Cookie", cookie).body, -1) {
		paths = append(paths, form[1])
	}
	return paths
}

func TestSigningOutHere(t *testing.T) {
	h := open(t, nil)
	phone, desk := h.signIn(t, keeper), h.signIn(t, keeper)
	got := h.submit(t, phone, "/sign-out", nil)
	if got.StatusCode != 303 || got.Header.Get("Location") != "/sign-in?from=sign-out" || len(got.Cookies()) != 1 ||
		got.Cookies()[0].MaxAge >= 0 || got.Cookies()[0].Value != "" {
		t.Errorf("sent to %q with %v", got.Header.Get("Location"), got.Cookies())
	}
	if door := h.get(t, 200, "/sign-in?from=sign-out", "Cookie", "none=1"); !strings.Contains(door.body,
		"You are signed out.") {
		t.Error("nobody says that it worked")
	}
	h.get(t, 303, "/servers", "Cookie", phone)
	h.get(t, 200, "/servers", "Cookie", desk)
	if door := h.get(t, 200, "/sign-in?next=%2Fservers", "Cookie", phone); !strings.Contains(door.body,
		"Your session is over") {
		t.Error("nobody says that the session is over")
	}
	if again := h.submit(t, phone, "/sign-out", url.Values{"next": {"//evil.example"}}); again.StatusCode != 303 ||
		again.Header.Get("Location") != "/sign-in?from=sign-out" {
		t.Errorf("again: status %d, sent to %q", again.StatusCode, again.Header.Get("Location"))
	}
}

func TestSigningOutEverywhere(t *testing.T) {
	h := open(t, nil)
	phone, desk, stranger := h.signIn(t, keeper), h.signIn(t, keeper), h.signIn(t, 101)
	if got := h.submit(t, phone, "/sign-out/everywhere", nil); got.StatusCode != 303 ||
		got.Header.Get("Location") != "/sign-in?from=everywhere" || len(got.Cookies()) != 1 {
		t.Errorf("status %d, sent to %q", got.StatusCode, got.Header.Get("Location"))
	}
	for _, cookie := range []string{phone, desk, h.cookie} {
		h.get(t, 303, "/servers", "Cookie", cookie)
	}
	h.get(t, 200, "/servers", "Cookie", stranger)
}

// ofOne is what no two pages have in common: when they were rendered, and their reference.
var ofOne = regexp.MustCompile(`data-now="[^"]*"|<time .*?</time>|<code>[a-z0-9]{12}</code>`)

// One of one's own sessions is ended from the list; another's is none, whoever asks.
func TestEndingOneSession(t *testing.T) {
	h := outside(t, nil)
	phone, desk, stranger := h.signIn(t, 101), h.signIn(t, 101), h.signIn(t, keeper)
	h.submit(t, stranger, "/sign-out/everywhere", nil) // of the house's own
	stranger = h.signIn(t, keeper)
	foreign := h.ends(t, stranger)
	if len(foreign) != 1 || len(h.ends(t, phone)) != 2 {
		t.Fatalf("%d and %d sessions are listed", len(foreign), len(h.ends(t, phone)))
	}
	missing := h.submit(t, phone, "/sessions/1/end", nil)
	for _, path := range []string{foreign[0], "/sessions/0/end",
		"/sessions/-1/end", "/sessions/x/end", "/sessions/%00/end",
		"/sessions/99999999999999999999/end"} {
		got := h.submit(t, phone, path, nil)
		if got.StatusCode != 404 || path == foreign[0] && ofOne.ReplaceAllString(got.body, "") != ofOne.ReplaceAllString(missing.body, "") {
			t.Errorf("%s: status %d, or it differs from an absent one:\n%s\n%s", path, got.StatusCode, got.body, missing.body)
		}
	}
	h.get(t, 200, "/servers", "Cookie", stranger)
	var others []string
	for _, path := range h.ends(t, phone) {
		if got := h.get(t, 200, "/sessions", "Cookie", phone); !strings.Contains(currentOf(t, got.body), path) {
			others = append(others, path)
		}
	}
	if len(others) != 1 {
		t.Fatalf("%d sessions are not this one", len(others))
	}
	if got := h.submit(t, phone, others[0], nil); got.StatusCode != 303 || got.Header.Get("Location") != "/sessions" ||
		len(got.Cookies()) > 0 {
		t.Errorf("another: status %d, sent to %q", got.StatusCode, got.Header.Get("Location"))
	}
	h.get(t, 303, "/servers", "Cookie", desk)
	own := h.ends(t, phone)
	if got := h.submit(t, phone, own[0], nil); got.Header.Get("Location") != "/sign-in?from=sign-out" ||
		len(got.Cookies()) != 1 {
		t.Errorf("this one: sent to %q with %v", got.Header.Get("Location"), got.Cookies())
	}
}

// currentOf is the row of the session that looks.
func currentOf(t *testing.T, body string) string {
	t.Helper()
	for row := range strings.SplitSeq(body, `<li class="session">`) {
		if strings.Contains(row, "This one") {
			return row
		}
	}
	t.Fatal("no session is this one")
	return ""
}

// A request that was under way when its session ended does not bring it back, and the end is there for the very next
// one.
func TestAnEndedSessionNeverComesBack(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	h := outside(t, nil)
	h.add(h.router, signedIn("GET /slow", func(_ *site, c echo.Context, _ access.Actor) error {
		close(entered)
		<-release
		return c.NoContent(204)
	}))
	cookie := h.signIn(t, keeper)
	done := make(chan reply)
	go func() { done <- h.ask(t, "GET", "/slow", "Cookie", cookie) }()
	<-entered
	h.submit(t, cookie, "/sign-out", nil)
	close(release)
	if got := <-done; got.StatusCode != 204 || got.session() != "" {
		t.Errorf("the slow one: status %d, %v", got.StatusCode, got.Cookies())
	}
	h.Sessions.flush(t.Context()) // with the use that the slow one noted
	h.get(t, 303, "/servers", "Cookie", cookie)
	h.Store.DropCaches()
	h.get(t, 303, "/servers", "Cookie", cookie)
}

// Twelve hours without use, or seven days with, end a session. A use that is not stored yet counts.
func TestSessionsEndByThemselves(t *testing.T) {
	now := noon
	clocked := func(t *testing.T) *house {
		return outside(t, func(o *Options) {
			o.Store = storetest.New(t, func(s *store.Options) { s.Clock = func() time.Time { return now } })
			o.Stats = figures(o.Store)
		})
	}
	h := clocked(t)
	idle := h.signIn(t, keeper)
	now = now.Add(store.SessionIdle - time.Minute)
	h.get(t, 200, "/servers", "Cookie", idle)
	now = now.Add(store.SessionIdle - time.Minute)
	h.get(t, 200, "/servers", "Cookie", idle)
	now = now.Add(store.SessionIdle)
	h.get(t, 303, "/servers", "Cookie", idle)

	busy := h.signIn(t, keeper)
	for began := now; now.Before(began.Add(store.SessionLife - time.Hour)); now = now.Add(11 * time.Hour) {
		h.get(t, 200, "/servers", "Cookie", busy)
	}
	now = now.Add(store.SessionIdle)
	h.get(t, 303, "/servers", "Cookie", busy)
}

func TestTokensAreStoredHashed(t *testing.T) {
	h := open(t, nil)
	_, token, _ := strings.Cut(h.cookie, "=")
	if _, found, err := h.Store.FindSession(t.Context(), token); found || err != nil {
		t.Errorf("the token itself names a session: %v, %v", found, err)
	}
	for name, value := range map[string]string{"empty": "",
		"short": token[1:], "long": token + "A", "odd": "'; DROP TABLE sessions",
		"another": strings.Repeat("A", tokenLength)} {
		if got := h.ask(t, "GET", "/servers", "Cookie", "__Host-sid="+value); got.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: status %d", name, got.StatusCode)
		}
	}
	h.get(t, 303, "/servers", "Cookie", "sid="+token) // the other kind's name
}

// An operator is one by what holds now, not by what held when they signed in.
func TestOperatorsAreAskedForEachRequest(t *testing.T) {
	operator := false
	h := outside(t, func(o *Options) {
		o.Sessions = NewSessions(SessionOptions{Store: o.Store, Operator: func(snowflake.UserID) bool { return operator },
			Logger: o.Logger})
	})
	cookie := h.signIn(t, keeper)
	h.get(t, 303, "/", "Cookie", cookie) // to their own guild
	operator = true
	h.get(t, 200, "/", "Cookie", cookie)
}
