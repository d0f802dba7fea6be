package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// caller is a Bot that is not connected: what asks REST works.
func caller(t *testing.T, sim *discordsim.Sim) *rest {
	t.Helper()
	r, err := newREST(sim.URL(), sim.Token())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.idle)
	return r
}

func fail(sim *discordsim.Sim, f discordsim.Failure) {
	sim.Set(func(k *discordsim.Knobs) { k.Failures = append(k.Failures, f) })
}

func TestUsersAreFetchedAndTheGoneAreNotFound(t *testing.T) {
	sim := discord(t)
	ada := sim.AddUser(discordsim.User{Username: "ada", GlobalName: "Ada", Avatar: "abc"})
	r := caller(t, sim)
	user, err := r.user(within(t), ada.String())
	if err != nil || user.ID != ada || user.Name != "ada" || user.Global != "Ada" || user.Avatar != "abc" || user.Bot {
		t.Errorf("user %+v, %v", user, err)
	}
	if _, err := r.user(within(t), "4711"); fault.Of(err) != fault.NotFound {
		t.Errorf("an unknown user gives %v", err)
	}
}

func TestIdentityNamesOwnersAndMissingIntents(t *testing.T) {
	sim := discord(t)
	r := caller(t, sim)
	me, err := r.identity(within(t))
	if err != nil || me.Bot != sim.BotID() || me.Application != sim.ApplicationID() || len(me.Missing()) != 0 {
		t.Errorf("identity %+v, %v", me, err)
	}
	if len(me.Owners) != 1 || me.Owners[0] != sim.OwnerID() {
		t.Errorf("owners %v", me.Owners)
	}
	one, two := sim.AddUser(discordsim.User{Username: "one"}), sim.AddUser(discordsim.User{Username: "two"})
	sim.SetTeam(one, two)
	sim.Set(func(k *discordsim.Knobs) { k.PrivilegedIntents = discordsim.IntentGuildMembers })
	me, err = r.identity(within(t))
	if err != nil || len(me.Owners) != 2 || len(me.Missing()) != 1 || me.Missing()[0].Intent != "Message Content Intent" {
		t.Errorf("identity %+v, missing %v, %v", me, me.Missing(), err)
	}
}

func TestF21AGlobalBlockStopsEveryRoute(t *testing.T) {
	for name, failure := range map[string]discordsim.Failure{
		"Discord's global limit": discordsim.RateLimited("global", time.Second),
		"a page of the CDN":      discordsim.CloudflareBan(time.Second),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := discord(t)
			r := caller(t, sim)
			fail(sim, failure)
			began := time.Now()
			_, err := r.user(within(t), sim.BotID().String())
			var tooMany *fault.Error
			if !errors.As(err, &tooMany) || tooMany.Kind != fault.TooMany || tooMany.RetryAfter != time.Second {
				t.Fatalf("the limited call gives %v", err)
			}
			if _, err := r.gateway(within(t)); err != nil { // another route
				t.Fatal(err)
			}
			if waited := time.Since(began); waited < 900*time.Millisecond {
				t.Errorf("another route was called %s into a block of 1 s", waited)
			}
		})
	}
}

func TestF21ARoutesOwnLimitStopsThatRouteAlone(t *testing.T) {
	sim := discord(t)
	r := caller(t, sim)
	fail(sim, discordsim.RateLimited("user", 30*time.Second))
	ctx := within(t)
	if _, err := r.user(ctx, sim.BotID().String()); fault.Of(err) != fault.TooMany {
		t.Fatalf("the limited call gives %v", err)
	}
	if _, err := r.user(ctx, sim.OwnerID().String()); fault.Of(err) != fault.TooMany {
		t.Errorf("the same route gives %v at once, want to be told to wait", err)
	}
	if _, err := r.gateway(ctx); err != nil {
		t.Errorf("another route gives %v", err)
	}
	if n := len(sim.Requests()); n != 2 {
		t.Errorf("%d requests went out, want 2", n)
	}
}

func TestF21NoRequestRunsIntoALimitThatDiscordHasAnnounced(t *testing.T) {
	sim := discord(t)
	sim.Set(func(k *discordsim.Knobs) {
		k.Limits = map[string]discordsim.Limit{"GET /users/{user}": {Requests: 3, Window: 300 * time.Millisecond}}
	})
	r := caller(t, sim)
	for range 10 {
		if _, err := r.user(within(t), sim.BotID().String()); err != nil {
			t.Fatal(err)
		}
	}
	if n := sim.InvalidRequests(); n != 0 {
		t.Errorf("%d requests were refused", n)
	}
}

// departures is a RoundTripper that notes when requests go out, and has no answer.
type departures struct {
	mu sync.Mutex
	at []time.Time
}

func (d *departures) RoundTrip(*http.Request) (*http.Response, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = append(d.at, time.Now())
	return nil, errors.New("no answer")
}

func TestF21AtMost50RequestsASecondWhoeverAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls, _, err := newTransport("http://discord.example/api")
		if err != nil {
			t.Fatal(err)
		}
		out := &departures{}
		calls.wire = out
		began := time.Now()
		var callers sync.WaitGroup
		for i := range 8 {
			request := httptest.NewRequestWithContext(t.Context(), "GET", fmt.Sprint("/api/v9/things", i, "/42"), nil)
			callers.Go(func() {
				for range 3 * requestRate / 8 {
					_, _ = calls.RoundTrip(request)
				}
			})
		}
		callers.Wait()
		for i, first := range out.at {
			n := 0
			for _, later := range out.at[i:] {
				if later.Sub(first) < time.Second {
					n++
				}
			}
			if n > 50 {
				t.Fatalf("%d requests within one second", n)
			}
		}
		if took := time.Since(began); len(out.at) != 3*requestRate || took > 3*time.Second {
			t.Errorf("%d requests took %s", len(out.at), took)
		}
	})
}

func TestF21RefusedRequestsStopBeforeTheAddressIsBanned(t *testing.T) {
	l := newLimiter()
	now := time.Now()
	refusal := &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{}}
	for range invalidLimit {
		l.learn("", refusal, now)
	}
	if _, spent := l.admit("GET x", now); !spent {
		t.Error("requests go on after 5 000 refusals")
	}
	if err := l.wait(t.Context(), "GET x"); fault.Of(explain(err)) != fault.TooMany {
		t.Errorf("the caller is told %v", err)
	}
	if _, spent := l.admit("GET x", now.Add(invalidSpan+time.Minute)); spent {
		t.Error("requests do not go on when the refusals are 10 minutes old")
	}
	shared := &http.Response{StatusCode: 429, Header: http.Header{"X-Ratelimit-Scope": {"shared"}, "Content-Type": {"application/json"}}}
	l = newLimiter()
	for range invalidLimit {
		l.learn("", shared, now)
	}
	if n := l.refusals(now); n != 0 {
		t.Errorf("%d refusals counted, but those of shared limits do not count", n)
	}
}

func TestF21FailuresOfDiscordAreUnavailableAndNeverRetriedHere(t *testing.T) {
	for name, failure := range map[string]discordsim.Failure{
		"500":        {Times: discordsim.Always, Status: 500},
		"502":        {Times: discordsim.Always, Status: 502, Body: "<html>bad gateway</html>"},
		"503":        {Times: discordsim.Always, Status: 503},
		"a reset":    {Times: discordsim.Always, Reset: true},
		"no answer":  {Times: discordsim.Always, Hang: time.Minute},
		"a dripping": {Times: discordsim.Always, Status: 200, Drip: 20 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := discord(t)
			r := caller(t, sim)
			late := failure.Hang > 0 || failure.Drip > 0
			if late {
				r.calls.timeout = time.Second
			}
			fail(sim, failure)
			_, err := r.user(within(t), sim.BotID().String())
			if fault.Of(err) != fault.Unavailable {
				t.Errorf("got %v", err)
			}
			if n := len(sim.Requests()); n != 1 && !(late && n == 0) { // it may have been too late before it went out
				t.Errorf("%d requests went out, want 1", n)
			}
		})
	}
}

func TestAWaitingCallEndsWithItsContext(t *testing.T) {
	sim := discord(t)
	r := caller(t, sim)
	fail(sim, discordsim.RateLimited("global", 9*time.Second))
	_, _ = r.gateway(within(t))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := r.gateway(ctx)
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) { // who waits to the end gets an answer
		t.Errorf("got %v", err)
	}
}

func TestF22RefusalsSayWhatToDo(t *testing.T) {
	for code, want := range map[int]struct {
		status int
		kind   fault.Kind
		words  string
	}{
		50013: {403, fault.Forbidden, "drag its role up"},
		50001: {403, fault.Forbidden, "View Channel"},
		10008: {404, fault.NotFound, "gone already"},
		50034: {400, fault.Unprocessable, "two weeks"},
		50083: {400, fault.Conflict, "archived"},
		10013: {404, fault.NotFound, "no such user"},
		0:     {404, fault.NotFound, "no such thing"},
	} {
		sim := discord(t)
		r := caller(t, sim)
		fail(sim, discordsim.Failure{Times: 1, Status: want.status, Code: code})
		_, err := r.gateway(within(t))
		var public *fault.Error
		if !errors.As(err, &public) || public.Kind != want.kind || !strings.Contains(public.Public, want.words) {
			t.Errorf("code %d gives %v", code, err)
		}
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Code != code || refusal.Status != want.status {
			t.Errorf("code %d gives the cause %+v", code, refusal)
		}
		if n := len(sim.Requests()); n != 1 {
			t.Errorf("code %d: %d requests went out, want 1", code, n)
		}
	}
}

func TestA404ThatIsNotDiscordsOwnMakesNobodyADeletedUser(t *testing.T) {
	sim := discord(t)
	r := caller(t, sim)
	fail(sim, discordsim.Failure{Times: 1, Status: 404, Body: "<html>no such page</html>"})
	if _, err := r.user(within(t), sim.BotID().String()); fault.Of(err) != fault.Unavailable {
		t.Errorf("got %v", err)
	}
}

func TestTheTableOfBucketsStaysSmall(t *testing.T) {
	l := newLimiter()
	now := time.Now()
	answer := &http.Response{StatusCode: 200, Header: http.Header{"X-Ratelimit-Remaining": {"1"}, "X-Ratelimit-Reset-After": {"1"}}}
	for i := range 3 * bucketsKept {
		l.learn(routeKey("POST", "channels/"+snowflake.ChannelID(i+1).String()+"/messages"), answer, now.Add(time.Duration(i)*10*time.Millisecond))
	}
	if n := len(l.buckets); n > bucketsKept+1 {
		t.Errorf("%d buckets are kept", n)
	}
	r := &rest{token: "x", calls: &transport{}, answers: &transport{}}
	first, _ := r.both()
	for range sessionUses {
		r.both()
	}
	if again, _ := r.both(); again == first {
		t.Error("discordgo's session is never replaced, and its buckets pile up")
	}
}

func TestPlacesInABucketAreTakenBeforeTheAnswerComes(t *testing.T) {
	l := newLimiter()
	now := time.Now()
	l.learn("GET x", &http.Response{StatusCode: 200, Header: http.Header{"X-Ratelimit-Remaining": {"2"}, "X-Ratelimit-Reset-After": {"5"}}}, now)
	for i, free := range []bool{true, true, false} {
		if wait, _ := l.admit("GET x", now); (wait == 0) != free {
			t.Errorf("request %d waits %s", i, wait)
		}
	}
	if wait, _ := l.admit("GET y", now); wait != 0 {
		t.Errorf("another route waits %s", wait)
	}
}

// wire is a RoundTripper that keeps the last request and has no answer.
type wire struct{ last *http.Request }

func (w *wire) RoundTrip(request *http.Request) (*http.Response, error) {
	w.last = request
	return nil, errors.New("no answer")
}

func TestRequestsGoToTheConfiguredAddressAndAnswersCarryNoToken(t *testing.T) {
	r, err := newREST("http://proxy.example:81/behind/api/", "canary")
	if err != nil {
		t.Fatal(err)
	}
	calls, answers := &wire{}, &wire{}
	r.calls.wire, r.answers.wire = calls, answers
	_, _ = r.user(t.Context(), "42")
	_ = r.reply(t.Context(), &wireInteraction{ID: 1, Token: "abc"}, Reply{Text: "x"})
	if got := calls.last.URL.String(); got != "http://proxy.example:81/behind/api/v9/users/42" || calls.last.Host != "proxy.example:81" {
		t.Errorf("the call went to %s, host %s", got, calls.last.Host)
	}
	if got := answers.last.URL.String(); got != "http://proxy.example:81/behind/api/v9/interactions/1/abc/callback" {
		t.Errorf("the answer went to %s", got)
	}
	if calls.last.Header.Get("Authorization") != "Bot canary" || answers.last.Header.Get("Authorization") != "" {
		t.Errorf("authorization %q and %q", calls.last.Header.Get("Authorization"), answers.last.Header.Get("Authorization"))
	}
}

func TestRouteKeysKeepOnlyWhatDiscordCountsApart(t *testing.T) {
	for path, want := range map[string]string{
		"channels/1/messages/2":           "GET channels/1/messages/*",
		"guilds/1/members/2":              "GET guilds/1/members/*",
		"webhooks/1/secret/messages/9":    "GET webhooks/1/secret/messages/*",
		"users/1":                         "GET users/*",
		"applications/1/commands":         "GET applications/*/commands",
		"guilds/1/auto-moderation/rules/": "GET guilds/1/auto-moderation/rules",
	} {
		if got := routeKey("GET", path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
