package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/identity"
	"guildwatch/internal/snowflake"
)

// station is a site whose visitors may sign in through the page of a stand-in for Discord.
type station struct {
	*house
	sim    *discordsim.Sim
	secret string
}

func newStation(t *testing.T) *station {
	t.Helper()
	sim := discordsim.New(discordsim.Options{})
	if err := sim.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	sim.AddUser(discordsim.User{ID: keeper, Username: "keeper"})
	sim.AuthorizeAs(keeper)
	s := &station{sim: sim, secret: sim.ClientSecret()}
	s.house = outside(t, func(o *Options) {
		o.OAuth = identity.NewOAuth(identity.OAuthOptions{APIURL: sim.URL(), Redirect: "http://localhost/sign-in/callback",
			Client: sim.ApplicationID, Secret: func(context.Context) (string, error) { return s.secret, nil }})
	})
	return s
}

// depart goes to Discord's page and gives the cookie of the departure, and the path on which Discord sends one back.
func (s *station) depart(t *testing.T, next string, more ...string) (cookie, back string) {
	t.Helper()
	left := s.get(t, http.StatusSeeOther, "/sign-in/discord?next="+url.QueryEscape(next), "Host", "localhost")
	if len(left.Cookies()) != 1 {
		t.Fatalf("cookies %v", left.Cookies())
	}
	c := left.Cookies()[0]
	if c.Name != "__Host-sign-in" || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.MaxAge != 600 ||
		c.SameSite != http.SameSiteLaxMode {
		t.Errorf("the cookie of the departure is %v", c)
	}
	r, err := http.NewRequestWithContext(t.Context(), "GET", left.Header.Get("Location")+strings.Join(more, ""), nil)
	if err != nil {
		t.Fatal(err)
	}
	sent := s.send(t, r)
	to, err := url.Parse(sent.Header.Get("Location"))
	if err != nil || to.Host != "localhost" {
		t.Fatalf("Discord sends to %q", sent.Header.Get("Location"))
	}
	return c.Name + "=" + c.Value, to.RequestURI()
}

func TestDiscordsPageSignsIn(t *testing.T) {
	s := newStation(t)
	if got := s.get(t, 200, "/sign-in?next="+homePath); !strings.Contains(got.body,
		`href="/sign-in/discord?next=`+url.QueryEscape(homePath)) {
		t.Errorf("the page offers no way: %s", got.body)
	}
	cookie, back := s.depart(t, homePath+"?period=week")
	got := s.get(t, http.StatusSeeOther, back, "Cookie", cookie)
	if got.Header.Get("Location") != homePath+"?period=week" || got.session() == "" {
		t.Fatalf("sent to %q with %v", got.Header.Get("Location"), got.Cookies())
	}
	s.get(t, 200, homePath, "Cookie", got.session())
	if again := s.get(t, 400, back, "Cookie", cookie); again.session() != "" ||
		!strings.Contains(again.body, "/sign-in/discord") {
		t.Errorf("the way back worked twice, or leads nowhere: %v", again.Cookies())
	}
	// Who is signed in does not have to do it again.
	if on := s.get(t, 303, "/sign-in/discord?next=%2Fservers",
		"Cookie", got.session()); on.Header.Get("Location") != "/servers" {
		t.Errorf("sent to %q", on.Header.Get("Location"))
	}
	_, query, _ := strings.Cut(back, "?")
	values, _ := url.ParseQuery(query)
	for _, secret := range []string{values.Get("code"), values.Get("state"), strings.TrimPrefix(cookie,
		"__Host-sign-in=")} {
		if told := s.log.lines(secret); secret == "" || len(told) > 0 {
			t.Errorf("the log has %q: %q", secret, told)
		}
	}
}

// Login CSRF: the way back of one browser is worth nothing in another, and signs nobody in there.
func TestTheWayBackBelongsToOneBrowser(t *testing.T) {
	s := newStation(t)
	_, attackers := s.depart(t, "/")
	victim, _ := s.depart(t, "/")
	for name, headers := range map[string][]string{"with a cookie of its own": {"Cookie",
		victim}, "without a cookie": nil} {
		got := s.get(t, 400, attackers, headers...)
		if got.session() != "" || !strings.Contains(got.body, "</html>") ||
			!strings.Contains(got.body, "Reference for questions") {
			t.Errorf("%s: %v %s", name, got.Cookies(), got.body)
		}
		_, attackers = s.depart(t, "/")
	}
	s.get(t, 400, "/sign-in/callback")
	s.get(t, 400, "/sign-in/callback?state=x&code=y", "Cookie", victim)
}

// next is own pages alone, all the way through Discord and back.
func TestTheWayBackLeadsNowhereElse(t *testing.T) {
	s := newStation(t)
	for _, next := range []string{"//evil.example", `/\evil.example`, "https://evil.example", "/\t/evil.example"} {
		cookie, back := s.depart(t, next)
		if got := s.get(t, 303, back, "Cookie", cookie); got.Header.Get("Location") != "/" {
			t.Errorf("%q leads to %q", next, got.Header.Get("Location"))
		}
	}
}

// Whatever goes wrong on the way gets a plain page with a way on, and nobody is signed in.
func TestDiscordsPageMayFail(t *testing.T) {
	s := newStation(t)
	failing := func(f discordsim.Failure) func() {
		return func() {
			f.Times = discordsim.Always
			s.sim.Set(func(k *discordsim.Knobs) { k.Failures = []discordsim.Failure{f} })
		}
	}
	for name, c := range map[string]struct {
		more   string
		fault  func()
		status int
		says   string
	}{
		"said no": {"&deny=1", func() {}, 403, "said no to Discord"},
		"down": {"", failing(discordsim.Failure{Path: "/oauth2/token",
			Status: 502, Body: "<h1>canary</h1>"}), 503, "does not answer"},
		"cut off":      {"", failing(discordsim.Failure{Path: "/users/@me", Reset: true}), 503, "does not answer"},
		"wrong secret": {"", func() { s.secret = "wrong" }, 503, "client secret"},
		"switched off": {"", func() { s.secret = "" }, 404, "Not set up"},
	} {
		s.secret = s.sim.ClientSecret()
		s.sim.Set(func(k *discordsim.Knobs) { k.Failures = nil })
		cookie, back := s.depart(t, "/servers", c.more)
		c.fault()
		got := s.get(t, c.status, back, "Cookie", cookie)
		if got.session() != "" || !strings.Contains(got.body, c.says) || !strings.Contains(got.body, `href="/sign-in"`) ||
			strings.Contains(got.body, "canary") || (c.status == 503) != (got.Header.Get("Retry-After") != "") {
			t.Errorf("%s: %v %s", name, got.Header, got.body)
		}
	}
	s.secret = ""
	s.get(t, 404, "/sign-in/discord", "Host", "localhost")
	if got := s.get(t, 200, "/sign-in"); strings.Contains(got.body, "/sign-in/discord") {
		t.Error("the page offers what is not set up")
	}
}

// Identity is the id alone: somebody who has taken another's name is somebody else.
func TestNamesAreNoIdentity(t *testing.T) {
	s := newStation(t)
	s.sim.AddUser(discordsim.User{ID: 8, Username: "keeper", GlobalName: "keeper"})
	s.sim.AuthorizeAs(snowflake.UserID(8))
	cookie, back := s.depart(t, homePath)
	got := s.get(t, 303, back, "Cookie", cookie)
	s.get(t, 404, homePath, "Cookie", got.session())
	s.get(t, 303, "/", "Cookie", got.session()) // no operator either: to the list of servers
}

// Discord sends everybody back to one name, so whoever begins under another is led to it first, once.
func TestSigningInBeginsWhereItEnds(t *testing.T) {
	s := newStation(t)
	moved := s.get(t, 303, "/sign-in/discord?next=%2Fservers", "Host", "127.0.0.1:8080")
	const there = "http://localhost/sign-in/discord?moved=1&next=%2Fservers"
	if got := moved.Header.Get("Location"); got != there || len(moved.Cookies()) > 0 {
		t.Errorf("led to %q with %v", got, moved.Cookies())
	}
	behind := s.get(t, 303, strings.TrimPrefix(there, "http://localhost"), "Host", "127.0.0.1:8080") // a proxy's name for it
	if got := behind.Header.Get("Location"); !strings.HasPrefix(got, s.sim.AuthorizeURL()) {
		t.Errorf("led round and round, to %q", got)
	}
}
