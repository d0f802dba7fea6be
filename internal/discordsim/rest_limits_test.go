package discordsim

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// get asks for a path as the bot.
func get(t *testing.T, s *Sim, path string) (*http.Response, string, error) {
	t.Helper()
	return ask(t, s, "GET", path)
}

func ask(t *testing.T, s *Sim, method, path string) (*http.Response, string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(within(t), method, s.URL()+"/v10"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bot "+s.Token())
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, string(body), err
}

// fetch asks for the bot's user and waits for an answer or the end of ctx.
func fetch(ctx context.Context, s *Sim) {
	r, err := http.NewRequestWithContext(ctx, "GET", s.URL()+"/v10/users/@me", nil)
	if err != nil {
		return
	}
	if response, err := http.DefaultClient.Do(r); err == nil {
		response.Body.Close()
	}
}

func TestBucketsAreOfRouteAndGuild(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s := start(t, Options{Clock: func() time.Time { return now }})
	one, two := s.AddGuild(Guild{Name: "1"}).String(), s.AddGuild(Guild{Name: "2"}).String()
	s.Set(func(k *Knobs) { k.Limits = map[string]Limit{"GET /guilds/{guild}": {2, 5 * time.Second}} })
	for i, want := range []struct {
		path      string
		status    int
		remaining string
	}{
		{one, 200, "1"}, {one, 200, "0"}, {one, 429, "0"}, {two, 200, "1"}, {one + "/roles", 200, "49"},
	} {
		response, body, err := get(t, s, "/guilds/"+want.path)
		if err != nil {
			t.Fatal(err)
		}
		h := response.Header
		if response.StatusCode != want.status || h.Get("X-RateLimit-Remaining") != want.remaining {
			t.Errorf("request %d: %d with %s remaining, want %+v", i, response.StatusCode, h.Get("X-RateLimit-Remaining"), want)
		}
		if want.status != 429 {
			continue
		}
		var d struct {
			RetryAfter float64 `json:"retry_after"`
			Global     bool
		}
		if err := json.Unmarshal([]byte(body), &d); err != nil || d.RetryAfter != 5 || d.Global ||
			h.Get("Retry-After") != "5" || h.Get("X-RateLimit-Scope") != "user" || h.Get("X-RateLimit-Reset-After") != "5.000" {
			t.Errorf("429 with %s and %v", body, h)
		}
	}
	now = now.Add(5 * time.Second)
	if response, _, _ := get(t, s, "/guilds/"+one); response.StatusCode != 200 {
		t.Error("the window did not end")
	}
}

func TestGlobalLimit(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s := start(t, Options{Clock: func() time.Time { return now }})
	s.Set(func(k *Knobs) { k.GlobalLimit = 2 })
	for _, want := range []int{200, 200, 429} {
		response, body, _ := get(t, s, "/users/@me")
		if response.StatusCode != want {
			t.Errorf("%d, want %d", response.StatusCode, want)
		}
		if want == 429 && (response.Header.Get("X-RateLimit-Global") != "true" || !strings.Contains(body, `"global":true`) ||
			response.Header.Get("X-RateLimit-Reset-After") != "") {
			t.Errorf("%s with %v", body, response.Header)
		}
	}
	if _, _, err := get(t, s, "/users/@me"); err != nil || s.InvalidRequests() != 2 {
		t.Errorf("%d invalid requests", s.InvalidRequests())
	}
}

func TestInvalidRequestsBanTheAddress(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s := start(t, Options{Clock: func() time.Time { return now }})
	s.Set(func(k *Knobs) {
		k.InvalidLimit = 2
		k.Failures = []Failure{RateLimited("shared", time.Second), {Times: 2, Status: 403, Code: codeMissingAccess}}
	})
	for _, want := range []int{429, 403, 403, 429} {
		response, body, _ := get(t, s, "/users/@me")
		if response.StatusCode != want {
			t.Fatalf("%d, want %d", response.StatusCode, want)
		}
		if s.InvalidRequests() == 3 && (!strings.Contains(body, "1015") || response.Header.Get("Retry-After") != "600") {
			t.Errorf("banned with %v: %s", response.Header, body)
		}
	}
	now = now.Add(10 * time.Minute)
	if response, _, _ := get(t, s, "/users/@me"); response.StatusCode != 200 {
		t.Error("the ban did not end")
	}
}

func TestFailures(t *testing.T) {
	s := start(t, Options{})
	s.Set(func(k *Knobs) {
		k.Failures = []Failure{
			{Times: 1, Status: 502, Body: "<html>Bad Gateway</html>"},
			{Times: 1, Reset: true},
			{Times: 1, Drip: time.Microsecond},
			{Times: Always, Path: "/users/", Status: 500, Code: 1, Header: http.Header{"X-Why": {"knob"}}},
		}
	})
	if response, body, _ := get(t, s, "/gateway"); response.StatusCode != 502 || body != "<html>Bad Gateway</html>" {
		t.Error(response.StatusCode, body)
	}
	// Not a GET, which net/http would send again.
	if _, _, err := ask(t, s, "POST", "/gateway"); err == nil {
		t.Error("the connection was not reset")
	}
	if response, body, _ := get(t, s, "/gateway"); response.StatusCode != 200 || !json.Valid([]byte(body)) {
		t.Error("dripped", response.StatusCode, body)
	}
	for range 2 {
		response, body, _ := get(t, s, "/users/@me")
		if response.StatusCode != 500 || response.Header.Get("X-Why") != "knob" {
			t.Error(response.StatusCode, body)
		}
	}
	if response, _, _ := get(t, s, "/gateway"); response.StatusCode != 200 {
		t.Error("a failure of another path")
	}
	var statuses []int
	for _, r := range s.Requests() {
		statuses = append(statuses, r.Status)
		if r.Header.Get("Authorization") != "" {
			t.Error("the record holds the token")
		}
	}
	if len(statuses) != 6 || statuses[0] != 502 || statuses[1] != 0 || statuses[3] != 500 {
		t.Errorf("recorded %v", statuses)
	}
}

func TestFailureAfterTheDeed(t *testing.T) {
	c := newCourt(t)
	c.Set(func(k *Knobs) { k.Failures = []Failure{{Times: 1, Status: 504, After: true}} })
	path := "/guilds/" + c.guild.String() + "/members/" + c.ada.String()
	if status, _ := do(t, c.Sim, "DELETE", path, ""); status != 504 {
		t.Errorf("status %d", status)
	}
	if _, there := c.MemberOf(c.guild, c.ada); there {
		t.Error("the deed was not done")
	}
}

func TestNonceWritesOnce(t *testing.T) {
	c := newCourt(t)
	path, body := "/channels/"+c.open.String()+"/messages", `{"content":"once","nonce":"n","enforce_nonce":true}`
	_, first := do(t, c.Sim, "POST", path, body)
	if _, second := do(t, c.Sim, "POST", path, body); first != second || len(c.Messages(c.open)) != 2 {
		t.Errorf("%s then %s", first, second)
	}
}
