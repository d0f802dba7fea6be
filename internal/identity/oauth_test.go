package identity

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/snowflake"
)

// station is an OAuth on a stand-in for Discord, where ada approves everything.
type station struct {
	*OAuth
	testing.TB
	sim    *discordsim.Sim
	ada    snowflake.UserID
	guild  snowflake.GuildID
	secret string
	now    time.Time
}

const comeBack = "https://mod.example.org/sign-in/callback"

func newStation(t *testing.T) *station {
	t.Helper()
	sim := discordsim.New(discordsim.Options{})
	if err := sim.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	s := &station{TB: t, sim: sim, ada: sim.AddUser(discordsim.User{Username: "ada"}), secret: sim.ClientSecret(),
		now: time.Date(2026, 3, 14, 15, 0, 0, 0, time.UTC)}
	s.guild = sim.AddGuild(discordsim.Guild{Name: "Harbour",
		Members: []discordsim.Member{{User: &discordsim.User{ID: s.ada}}}})
	sim.AuthorizeAs(s.ada)
	s.OAuth = NewOAuth(OAuthOptions{APIURL: sim.URL(), Redirect: comeBack, Client: sim.ApplicationID,
		Secret: func(context.Context) (string, error) { return s.secret, nil },
		Clock:  func() time.Time { return s.now }})
	t.Cleanup(s.OAuth.http.CloseIdleConnections)
	return s
}

// begin starts a sign-in and visits Discord's page; it gives the cookie and what the page sent back.
func (s *station) begin(next string, more ...string) (cookie string, back url.Values) {
	s.Helper()
	departure, err := s.Start(s.Context(), next)
	if err != nil {
		s.Fatal(err)
	}
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer browser.CloseIdleConnections()
	response, err := browser.Get(departure.URL + strings.Join(more, ""))
	if err != nil {
		s.Fatal(err)
	}
	response.Body.Close()
	to, err := url.Parse(response.Header.Get("Location"))
	if err != nil || !strings.HasPrefix(to.String(), comeBack+"?") {
		s.Fatalf("Discord sends the browser to %q: %v", to, err)
	}
	return departure.Cookie, to.Query()
}

// refused says for which reason an error refuses.
func refused(err error) Reason {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal.Reason
	}
	return ""
}

func TestOAuthTellsWhoSomebodyIs(t *testing.T) {
	s := newStation(t)
	cookie, back := s.begin("/g/7?period=week")
	arrival, err := s.Finish(t.Context(), cookie, back)
	if err != nil || arrival.User != s.ada || arrival.Next != "/g/7?period=week" ||
		!slices.Equal(arrival.Guilds, []snowflake.GuildID{s.guild}) {
		t.Fatalf("%+v, %v", arrival, err)
	}
	requests := s.sim.Requests()
	last := requests[len(requests)-1]
	if !strings.HasSuffix(last.Path, "/oauth2/token/revoke") || last.Status != 200 {
		t.Errorf("the token was not given back: %s %s %d", last.Method, last.Path, last.Status)
	}
	if n := s.pending.order.Len() + len(s.pending.known); n != 0 {
		t.Errorf("%d traces of a sign-in that is over", n)
	}
}

func TestOAuthAsksForAsLittleAsItCan(t *testing.T) {
	s := newStation(t)
	departure, err := s.Start(t.Context(), "//evil.example")
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(departure.URL)
	if err != nil {
		t.Fatal(err)
	}
	q := to.Query()
	if q.Get("scope") != "identify guilds" || q.Get("redirect_uri") != comeBack || q.Get("response_type") != "code" ||
		q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43 || len(q.Get("state")) != 43 {
		t.Errorf("asked for %v", q)
	}
	if strings.Contains(departure.URL, departure.Cookie) || strings.Contains(departure.URL, s.secret) {
		t.Error("the address holds a secret")
	}
	cookie, back := s.begin("//evil.example")
	if arrival, err := s.Finish(t.Context(), cookie, back); err != nil || arrival.Next != "/" {
		t.Errorf("a foreign page is next: %+v, %v", arrival, err)
	}
}

func TestStatesWorkOnceInTimeAndInOneBrowser(t *testing.T) {
	s := newStation(t)
	finish := func(name string, want Reason, cookie string, back url.Values) {
		t.Helper()
		asked := len(s.sim.Requests())
		if arrival, err := s.Finish(t.Context(), cookie, back); refused(err) != want || arrival.User != 0 {
			t.Errorf("%s: %+v, %v", name, arrival, err)
		}
		if len(s.sim.Requests()) != asked {
			t.Errorf("%s: Discord was asked", name)
		}
	}
	cookie, back := s.begin("/")
	if _, err := s.Finish(t.Context(), cookie, back); err != nil {
		t.Fatal(err)
	}
	finish("used again", StateUnknown, cookie, back)

	cookie, back = s.begin("/")
	other, _ := s.begin("/")
	finish("from another browser", StateForeign, other, back)
	finish("after another browser tried", StateUnknown, cookie, back)

	_, back = s.begin("/")
	finish("without a cookie", StateForeign, "", back)

	cookie, back = s.begin("/")
	s.now = s.now.Add(pendingLife)
	finish("too late", StateUnknown, cookie, back)

	cookie, back = s.begin("/")
	back.Set("state", back.Get("state")+"x")
	finish("made up", StateUnknown, cookie, back)
	finish("without a state", StateUnknown, cookie, url.Values{"code": {"x"}})
}

// What may happen on the way back, on the wire.
func TestOAuthRefusesWithAReason(t *testing.T) {
	token, me := "/oauth2/token", "/users/@me"
	for name, c := range map[string]struct {
		want    Reason
		failure discordsim.Failure
	}{
		"Discord is down":          {DiscordDown, discordsim.Failure{Path: token, Status: 503, Body: "<h1>down</h1>"}},
		"Discord breaks off":       {DiscordDown, discordsim.Failure{Path: token, Reset: true}},
		"Discord answers nonsense": {DiscordDown, discordsim.Failure{Path: token, Status: 200, Body: "[]"}},
		"Discord has had too much": {DiscordDown, discordsim.Failure{Path: token, Status: 429}},
		"Discord does not take the code": {CodeRefused,
			discordsim.Failure{Path: token, Status: 400, Body: `{"error":"invalid_grant"}`}},
		"the secret was changed": {SecretRefused,
			discordsim.Failure{Path: token, Status: 401, Body: `{"error":"invalid_client"}`}},
		"Discord is down before the end":  {DiscordDown, discordsim.Failure{Path: me, Status: 500}},
		"Discord does not know the token": {DiscordDown, discordsim.Failure{Path: me, Status: 401}},
		"Discord names nobody":            {DiscordDown, discordsim.Failure{Path: me, Status: 200, Body: `{"id":null}`}},
		"Discord names somebody odd":      {DiscordDown, discordsim.Failure{Path: me, Status: 200, Body: `{"id":"../7"}`}},
	} {
		s := newStation(t)
		cookie, back := s.begin("/")
		c.failure.Times = discordsim.Always
		s.sim.Set(func(k *discordsim.Knobs) { k.Failures = []discordsim.Failure{c.failure} })
		if arrival, err := s.Finish(t.Context(), cookie, back); refused(err) != c.want || arrival.User != 0 {
			t.Errorf("%s: %+v, %v", name, arrival, err)
		}
	}
}

func TestOAuthWaitsForDiscordOnlySoLong(t *testing.T) {
	s := newStation(t)
	cookie, back := s.begin("/")
	s.OAuth.http.Timeout = 50 * time.Millisecond
	s.sim.Set(func(k *discordsim.Knobs) {
		k.Failures = []discordsim.Failure{{Times: discordsim.Always, Path: "/oauth2/token", Hang: time.Minute}}
	})
	if _, err := s.Finish(t.Context(), cookie, back); refused(err) != DiscordDown {
		t.Errorf("a slow Discord: %v", err)
	}
}

func TestSayingNoSignsNobodyIn(t *testing.T) {
	s := newStation(t)
	cookie, back := s.begin("/", "&deny=1")
	if _, err := s.Finish(t.Context(), cookie, back); refused(err) != Denied {
		t.Errorf("got %v", err)
	}
	cookie, back = s.begin("/")
	back.Del("code")
	back.Set("error", "server_error")
	back.Set("error_description", "<script>alert(1)</script>")
	if _, err := s.Finish(t.Context(), cookie, back); refused(err) != DiscordDown ||
		strings.Contains(err.Error(), "script") {
		t.Errorf("got %v", err)
	}
}

// The list of guilds is a help and no more: without it the person is signed in.
func TestTheListOfGuildsMayFail(t *testing.T) {
	s := newStation(t)
	cookie, back := s.begin("/")
	s.sim.Set(func(k *discordsim.Knobs) {
		k.Failures = []discordsim.Failure{{Times: discordsim.Always, Path: "/users/@me/guilds", Status: 500}}
	})
	if arrival, err := s.Finish(t.Context(), cookie, back); err != nil || arrival.User != s.ada || arrival.Guilds != nil {
		t.Errorf("%+v, %v", arrival, err)
	}
}

func TestOAuthIsOffWithoutASecret(t *testing.T) {
	s := newStation(t)
	cookie, back := s.begin("/")
	s.secret = ""
	if _, err := s.Start(t.Context(), "/"); refused(err) != Off || s.On(t.Context()) {
		t.Errorf("start: %v", err)
	}
	if _, err := s.Finish(t.Context(), cookie, back); refused(err) != Off {
		t.Errorf("finish: %v", err)
	}
	if s.secret = s.sim.ClientSecret(); !s.On(t.Context()) {
		t.Error("a secret that was set while running is not used")
	}
	s.options.Client = func() snowflake.ApplicationID { return 0 }
	if s.On(t.Context()) {
		t.Error("on, although the application is not known yet")
	}
}

// Strangers can begin as often as they like: memory is bounded, and the latest can still finish.
func TestSignInsUnderWayAreBounded(t *testing.T) {
	s := newStation(t)
	for range pendingMost + 50 {
		if _, err := s.Start(t.Context(), "/"); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.pending.order.Len(); n != pendingMost || len(s.pending.known) != n {
		t.Errorf("%d and %d are remembered", n, len(s.pending.known))
	}
	cookie, back := s.begin("/")
	if _, err := s.Finish(t.Context(), cookie, back); err != nil {
		t.Error(err)
	}
	s.now = s.now.Add(pendingLife)
	if s.begin("/"); s.pending.order.Len() != 1 {
		t.Errorf("%d are remembered after their time", s.pending.order.Len())
	}
}
