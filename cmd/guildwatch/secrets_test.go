package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"

	"guildwatch/internal/config"
	"guildwatch/internal/discordsim"
)

// tape is a log in memory.
type tape struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *tape) Write(line []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(line)
}

func (t *tape) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// F45: every secret is a canary, or is known because the test has it. The whole program runs with a log that says
// everything; Discord answers with errors that quote the token, people sign in by both ways, requests carry secrets in
// every place where one can stand, a part panics over one. Afterwards none of them is in the log, on a page, in JSON,
// on /metrics or on /health, and there is no pprof.
func TestSecretsStayInside(t *testing.T) {
	const (
		token  = "MTIzNDU2Nzg5MDEyMzQ1Njc4.canary.canaryTokenOfTheBot0123456789ab"
		client = "canaryClientSecret0123456789abcde"
		key    = "0cafe0cafe0cafe0cafe0cafe0cafe0cafe0cafe0cafe0cafe0cafe0cafe0caf"
	)
	s := stageOn(t, discordsim.New(discordsim.Options{Token: token, ClientSecret: client}))
	log := &tape{}
	s.log, s.strict = log, true
	s.config.LogLevel, s.config.ClientSecret, s.config.Key = slog.LevelDebug, config.NewSecret(client),
		config.NewSecret(key)
	quote := "<html>Bad gateway. You sent Authorization: Bot " + token + " and " + client + "</html>"
	s.sim.Set(func(k *discordsim.Knobs) {
		k.Failures = []discordsim.Failure{{Times: 2, Path: "/users/@me", Status: 502, Body: quote},
			{Times: 2, Path: "/applications/", Status: 400, Body: `{"code": 50035, "message": "` + token + `"}`}}
	})
	s.open()
	_, link := s.dashboard(s.sim.OwnerID())
	secrets := []string{token, "canaryTokenOfTheBot", client, key, "canary-session", "canary-bearer", "canary-form",
		"canary-id",
		"canary-address", "canary-agent"}
	carried := []string{path.Base(link), "canary-link", "canary-code", "canary-state", "canary-p", "canary-guild"}
	keep := func(p *person) *person {
		p.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
			for _, name := range []string{"code", "state", "code_challenge"} {
				if value := r.URL.Query().Get(name); value != "" {
					carried = append(carried, value)
				}
			}
			return nil
		}
		return p
	}
	byLink, byDiscord := keep(s.person()), keep(s.person())
	if status, to, _ := byLink.visit("POST", link); status != 200 || to != s.page() {
		t.Fatalf("the link leads to %s with status %d", to, status)
	}
	s.sim.AuthorizeAs(s.sim.OwnerID())
	s.until("Discord's page signs in, when Discord has failed often enough", func() bool {
		status, to, _ := byDiscord.visit("GET", "/sign-in/discord?next=%2Fservers")
		return status == 200 && to == "/servers"
	})
	here, err := url.Parse("http://" + s.address)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*person{byLink, byDiscord} {
		for _, cookie := range p.client.Jar.Cookies(here) {
			secrets = append(secrets, cookie.Value)
		}
	}

	failing := &parts{program: program{config: s.config, log: logger(s.config, log)}}
	_ = failing.guard("a part", func() error { panic(errors.New("request with Bot " + token + " failed")) })
	failing.log.Error("an error of a library", "err", errors.New("client_secret="+client), "config", s.config, "key", key)

	answers := &bytes.Buffer{}
	ask := func(method, path string) {
		r, err := http.NewRequestWithContext(context.Background(), method, here.String()+path,
			strings.NewReader("token=canary-form"))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"Cookie": "sid=canary-session; other=canary-session",
			"Authorization": "Bearer canary-bearer", "Referer": here.String() + "/sign-in/link/canary-link",
			"X-Forwarded-For": "canary-address", "User-Agent": "canary-agent", "X-Request-Id": "canary-id",
			"Content-Type": "application/x-www-form-urlencoded"} {
			r.Header.Set(name, value)
		}
		response, err := byLink.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		_ = response.Header.Write(answers)
		if _, err := io.Copy(answers, response.Body); err != nil {
			t.Fatal(err)
		}
	}
	guild := s.guild.String()
	for _, path := range []string{"/", s.page(), s.page() + "/team", s.page() + "/audit", s.page() + "/settings",
		"/instance", "/servers",
		"/sessions", "/health", "/metrics", "/api/stats", "/api/servers/" + guild + "/metrics",
		"/api/servers/" + guild + "/config",
		"/api/servers/" + guild + "/audit-log", "/api/servers/" + guild + "/metrics?period=canary-period",
		"/nothing/canary-path",
		"/g/canary-guild", "/live/canary-guild", "/sign-in/link/canary-link",
		"/sign-in/callback?code=canary-code&state=canary-state",
		"/debug/pprof/", "/debug/pprof/heap", "/api/stats?canary=1"} {
		if strings.HasPrefix(path, "/debug/") && !strings.Contains(s.get(path), "There is no such page") {
			t.Errorf("%s is there", path)
		}
		for _, method := range []string{"GET", "POST", "DELETE"} {
			ask(method, path)
		}
	}
	s.close()

	hidden := func(name, text string, secrets ...string) {
		for _, secret := range secrets {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("%s has %s: …%s…", name, secret, text[max(0, at-200):min(len(text), at+100)])
			}
		}
	}
	hidden("an answer", answers.String(), secrets...)
	// A page links to itself, so what stands in its address comes back to who wrote it; it stays out of the log.
	hidden("the log", log.String(), append(secrets, carried...)...)
	if n := strings.Count(log.String(), "[hidden]"); n < 4 || answers.Len() < 50_000 || len(secrets) < 12 ||
		len(carried) < 8 {
		t.Errorf("tested nothing: %d secrets were hidden in the log, the answers have %d bytes, %d and %d were looked for",
			n, answers.Len(), len(secrets), len(carried))
	}
}
