package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/identity"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/static"
)

// outside opens a site on which the caller is not signed in.
func outside(t *testing.T, change func(*Options)) *house {
	t.Helper()
	h := open(t, change)
	h.cookie = ""
	return h
}

// link asks for a link as a member of home would in Discord, and gives its path.
func (h *house) link(t *testing.T, user snowflake.UserID) string {
	t.Helper()
	member := moderation.Member{User: moderation.User{ID: user, Name: "canary <b>"}}
	if err := h.Store.SeeMembers(t.Context(), home, []moderation.Member{member}); err != nil {
		t.Fatal(err)
	}
	address, err := h.Links.Ask(t.Context(), home, member)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(address, "http://localhost")
}

// session is the session cookie that an answer sets; empty: none.
func (r reply) session() string {
	for _, cookie := range r.Cookies() {
		if strings.HasSuffix(cookie.Name, "sid") && cookie.Value != "" {
			return cookie.Name + "=" + cookie.Value
		}
	}
	return ""
}

func TestNobodyIsShownWhereToSignIn(t *testing.T) {
	h := outside(t, nil)
	for path, door := range map[string]string{
		"/":                             "/sign-in",
		"/servers":                      "/sign-in?next=%2Fservers",
		homePath + "?period=week":       "/sign-in?next=" + url.QueryEscape(homePath+"?period=week"),
		"/g/" + elsewhere.String():      "/sign-in?next=%2Fg%2F" + elsewhere.String(),
		homePath + "?x=%22%3E&y=//evil": "/sign-in?next=" + url.QueryEscape(homePath+"?x=%22%3E&y=%2F%2Fevil"),
		"/g/%2e%2e%2fevil":              "/sign-in",
	} {
		if got := h.get(t, http.StatusSeeOther, path); got.Header.Get("Location") != door {
			t.Errorf("%s leads to %q, want %q", path, got.Header.Get("Location"), door)
		}
	}
	for _, path := range []string{"/live", "/live/" + home.String(), metricsPath(home), "/api/stats"} {
		if got := h.get(t, http.StatusUnauthorized, path); codeOf(t, got) != "unauthenticated" {
			t.Errorf("%s: %s", path, got.body)
		}
	}
	if got := h.ask(t, "GET", homePath, "HX-Request", "true"); got.StatusCode != 401 ||
		strings.Contains(got.body, "<html") {
		t.Errorf("a part of a page: status %d, %.100s", got.StatusCode, got.body)
	}
	if got := h.ask(t, "POST", "/sign-out/everywhere"); got.StatusCode != 303 || got.Header.Get("Location") != "/sign-in" {
		t.Errorf("a form: status %d, sent to %q", got.StatusCode, got.Header.Get("Location"))
	}
	page := h.get(t, 200, "/sign-in?next=%2Fservers")
	if !strings.Contains(page.body, "/guildwatch dashboard") || strings.Contains(page.body, "/sign-in/discord") {
		t.Errorf("the page says %s", page.body)
	}
}

// Who is signed in already goes on, to own pages alone.
func TestTheSignInPageSendsOn(t *testing.T) {
	h := open(t, nil)
	for next, want := range map[string]string{"": "/", "/servers": "/servers", "//evil.example": "/",
		"/%5Cevil.example":     "/",
		"https://evil.example": "/", "/%09/evil.example": "/", "/%2509/evil.example": "/", "javascript:alert(1)": "/"} {
		for _, path := range []string{"/sign-in?next=", "/sign-in?x=1&next="} {
			if got := h.get(t, 303, path+next); got.Header.Get("Location") != want {
				t.Errorf("%s%s leads to %q", path, next, got.Header.Get("Location"))
			}
		}
	}
}

func TestALinkSignsItsPersonIn(t *testing.T) {
	h := outside(t, nil)
	path := h.link(t, keeper)
	token := strings.TrimPrefix(path, identity.LinkPath)
	for _, method := range []string{"GET", "HEAD", "GET"} { // a preview, a robot, the person
		got := h.ask(t, method, path, "User-Agent", "Discordbot/2.0")
		if got.StatusCode != 200 || got.session() != "" || got.Header.Get("Referrer-Policy") != "no-referrer" ||
			got.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s: status %d, %v", method, got.StatusCode, got.Header)
		}
		if method == "GET" && (!strings.Contains(got.body, "canary &lt;b&gt;") ||
			!strings.Contains(got.body, "Canary &lt;Coffee&gt; House")) {
			t.Errorf("the page names neither person nor server: %s", got.body)
		}
	}
	got := h.ask(t, "POST", path, "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	if got.StatusCode != 303 || got.Header.Get("Location") != homePath {
		t.Fatalf("the button: status %d, sent to %q", got.StatusCode, got.Header.Get("Location"))
	}
	cookie := got.Cookies()[0]
	if cookie.Name != "__Host-sid" || !cookie.Secure || !cookie.HttpOnly || cookie.Path != "/" || cookie.Domain != "" ||
		cookie.SameSite != http.SameSiteLaxMode || len(cookie.Value) != tokenLength || cookie.Value == token ||
		cookie.MaxAge < 6*24*3600 || cookie.MaxAge > 7*24*3600+1 {
		t.Errorf("the cookie is %v", cookie)
	}
	h.get(t, 200, homePath, "Cookie", got.session())
	list := h.get(t, 200, "/sessions", "Cookie", got.session())
	if !strings.Contains(list.body, "Firefox on Linux") || !strings.Contains(list.body, "This one") ||
		!strings.Contains(list.body, "127.0.0.1") {
		t.Errorf("the list of sessions: %s", list.body)
	}
	for _, method := range []string{"GET", "POST"} {
		again := h.ask(t, method, path)
		if again.StatusCode != http.StatusGone || again.session() != "" || !strings.Contains(again.body, "was used already") {
			t.Errorf("%s of a spent link: status %d, %.200s", method, again.StatusCode, again.body)
		}
	}
	if told := h.log.lines(token); len(told) > 0 {
		t.Errorf("the log has the link: %q", told)
	}
}

// Each link that signs nobody in has a page of its own, with a way on, and the true status.
func TestLinksThatAreRefused(t *testing.T) {
	h := outside(t, nil)
	refused := func(name, path string, status int, part string, headers ...string) reply {
		t.Helper()
		var got reply
		for _, method := range []string{"POST", "GET"} {
			got = h.ask(t, method, path, headers...)
			if got.StatusCode != status || got.session() != "" || !strings.Contains(got.body, part) ||
				!strings.Contains(got.body, "</html>") || got.Header.Get("Location") != "" {
				t.Errorf("%s, %s: status %d, %.300s", name, method, got.StatusCode, got.body)
			}
		}
		return got
	}
	refused("unknown", "/sign-in/link/nothing", 404, "leads nowhere")
	refused("unknown", "/sign-in/link/%2e%2e%2f%00", 404, "leads nowhere")

	path := h.link(t, keeper)
	other := h.signIn(t, 101)
	got := refused("somebody else is signed in", path, 409, "signed in as somebody else", "Cookie", other)
	if !strings.Contains(got.body, `action="/sign-out"`) || !strings.Contains(got.body, `value="`+path+`"`) {
		t.Errorf("no way out: %s", got.body)
	}
	form := h.submit(t, other, "/sign-out", url.Values{"next": {path}})
	if form.StatusCode != 303 || form.Header.Get("Location") != path {
		t.Errorf("out and back: status %d, sent to %q", form.StatusCode, form.Header.Get("Location"))
	}
	h.get(t, 200, path, "Cookie", other) // over now, so the link is theirs

	if err := h.Store.LoseGuild(t.Context(), moderation.GuildLost{Origin: moderation.Origin{Guild: home,
		At: noon}}); err != nil {
		t.Fatal(err)
	}
	refused("without a role by now", path, 403, "no role there any more")
}

// A late link says so. The store's clock and the links' agree.
func TestLateLinks(t *testing.T) {
	var now time.Time
	clock := func() time.Time { return now }
	h := outside(t, func(o *Options) {
		now = noon
		o.Links = identity.NewLinks(identity.LinkOptions{Store: o.Store, Roster: identity.NewRoster(o.Store, gateway{}),
			Operator: func(snowflake.UserID) bool { return false }, Origin: "http://localhost", Clock: clock})
	})
	path := h.link(t, keeper)
	now = noon.Add(identity.LinkLife)
	if got := h.get(t, http.StatusGone, path); !strings.Contains(got.body, "too old") {
		t.Errorf("%s", got.body)
	}
}

// Signing in always makes a new token, and the one that the browser had before is worth nothing from then on.
func TestSigningInMakesANewToken(t *testing.T) {
	h := outside(t, nil)
	planted := h.signIn(t, keeper)
	got := h.ask(t, "POST", h.link(t, keeper), "Cookie", planted)
	if got.StatusCode != 303 || got.session() == "" || got.session() == planted {
		t.Fatalf("status %d, session %q after %q", got.StatusCode, got.session(), planted)
	}
	h.get(t, 303, "/servers", "Cookie", planted)
	h.get(t, 200, "/servers", "Cookie", got.session())
	// A token that somebody made up never becomes a session.
	fixed := "__Host-sid=" + strings.Repeat("A", tokenLength)
	if got := h.ask(t, "POST", h.link(t, keeper), "Cookie", fixed); got.session() == fixed || got.session() == "" {
		t.Errorf("the session is %q", got.session())
	}
	h.get(t, 303, "/servers", "Cookie", fixed)
}

// Over plain http with another name a browser would drop the cookie: nobody signs in there, and no link is spent by it,
// unless the operator has said that it is meant.
func TestPlainHTTPElsewhere(t *testing.T) {
	const there = "192.168.1.4:8080"
	h := outside(t, func(o *Options) { o.Hosts = []string{there} })
	path := h.link(t, keeper)
	if got := h.get(t, 200, "/sign-in", "Host", there); !strings.Contains(got.body, "plain http") ||
		strings.Contains(got.body, "<code>/guildwatch dashboard") {
		t.Errorf("%s", got.body)
	}
	for _, method := range []string{"GET", "POST"} {
		if got := h.ask(t, method, path, "Host", there); got.StatusCode != 403 || got.session() != "" {
			t.Errorf("%s: status %d, %v", method, got.StatusCode, got.Cookies())
		}
	}
	if got := h.ask(t, "POST", path); got.session() == "" {
		t.Error("the link was spent where it could not sign in")
	}
	h = outside(t, func(o *Options) {
		o.Hosts = []string{there}
		o.Sessions = NewSessions(SessionOptions{Store: o.Store, Operator: func(snowflake.UserID) bool { return false },
			Plain: true, Logger: o.Logger})
	})
	got := h.ask(t, "POST", h.link(t, keeper), "Host", there)
	if cookie := got.Cookies(); got.StatusCode != 303 || len(cookie) != 1 || cookie[0].Name != "sid" || cookie[0].Secure ||
		!cookie[0].HttpOnly || cookie[0].SameSite != http.SameSiteLaxMode {
		t.Errorf("where plain http is meant: status %d, %v", got.StatusCode, cookie)
	}
	h.get(t, 200, "/servers", "Host", there, "Cookie", got.session())
}

// Other sites can neither use a link for a visitor, nor sign them out.
func TestOtherSitesCannotSignInOrOut(t *testing.T) {
	h := outside(t, nil)
	path, cookie := h.link(t, keeper), h.signIn(t, keeper)
	for _, target := range []string{path, "/sign-out", "/sign-out/everywhere", "/sessions/1/end"} {
		got := h.ask(t, "POST", target, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example", "Cookie", cookie)
		if got.StatusCode != 403 || len(got.Cookies()) > 0 {
			t.Errorf("%s: status %d, %v", target, got.StatusCode, got.Cookies())
		}
	}
	h.get(t, 200, "/servers", "Cookie", cookie)
	h.get(t, 200, path)
}

// The demo has no sessions: its visitors are somebody already, and the ways in lead nowhere.
func TestTheDemoHasNoSignIn(t *testing.T) {
	key := []byte("a key of the demo")
	h := open(t, func(o *Options) {
		o.DemoKey, o.Identity, o.Roster = key, Demo(key), DemoRoster(o.Store, o.Stats)
	})
	h.Sessions, h.Links = nil, nil
	for path, want := range map[string]int{"/sign-in": 303,
		"/sessions": 404, "/sign-in/link/x": 404, "/sign-in/discord": 404,
		"/sign-in/callback?state=x": 404} {
		h.get(t, want, path)
	}
	for _, path := range []string{"/sign-out", "/sign-out/everywhere", "/sessions/1/end", "/sign-in/link/x"} {
		if got := h.ask(t, "POST", path); got.StatusCode != 404 {
			t.Errorf("%s: status %d", path, got.StatusCode)
		}
	}
	if got := h.get(t, 200, homePath); strings.Contains(got.body, "/sign-out") {
		t.Error("the demo offers to sign out")
	}
}

// When sessions cannot be looked up, people are told to try again. Nobody is shown as signed out, no cookie is dropped.
func TestABrokenSessionStoreIsUnavailable(t *testing.T) {
	h := open(t, nil)
	damage(t, h)
	for _, path := range []string{"/", "/servers", homePath, "/sessions", "/sign-in"} {
		got := h.get(t, 503, path)
		if len(got.Cookies()) > 0 || got.Header.Get("Retry-After") == "" ||
			strings.Contains(got.body, "guildwatch dashboard") ||
			!strings.Contains(got.body, "Not available just now") || !strings.Contains(got.body, "</html>") {
			t.Errorf("%s: %v %s", path, got.Header, got.body[max(0, len(got.body)-2500):])
		}
	}
	for _, path := range []string{metricsPath(home), "/live/" + home.String(), "/api/stats"} {
		if got := h.get(t, 503, path); codeOf(t, got) != "unavailable" {
			t.Errorf("%s: %s", path, got.body)
		}
	}
	if got := h.ask(t, "POST", "/sign-out"); got.StatusCode != 503 || len(got.Cookies()) > 0 {
		t.Errorf("signing out: status %d, %v", got.StatusCode, got.Cookies())
	}
	h.get(t, 200, static.Path("css/app.css")) // files need nobody to be known
	h.get(t, 200, "/health")
}

// A session is found without a query, and its use is noted for the next flush.
func TestUsesAreKeptAndFlushed(t *testing.T) {
	h := open(t, nil)
	h.get(t, 200, "/servers")
	h.Sessions.mu.Lock()
	uses := len(h.Sessions.uses)
	h.Sessions.mu.Unlock()
	if uses != 1 {
		t.Fatalf("%d uses are noted", uses)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	h.Sessions.Run(ctx) // the last flush, as when the program stops
	if len(h.Sessions.uses) != 0 {
		t.Error("the use was not stored")
	}
	h.get(t, 200, "/servers")
	if err := h.Store.Close(); err != nil {
		t.Fatal(err)
	}
	h.Sessions.flush(t.Context())
	if len(h.Sessions.uses) != 1 {
		t.Error("a use that could not be stored is lost")
	}
}
