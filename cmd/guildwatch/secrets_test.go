package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
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

// F45: every secret is a canary. The whole program runs with a log that says everything; Discord answers with errors
// that quote the token, requests carry secrets in every place where one can stand, a part panics over one. Afterwards
// none of them is in the log, on a page, in JSON, on /metrics or on /health, and there is no pprof.
func TestSecretsStayInside(t *testing.T) {
	const (
		token  = "MTIzNDU2Nzg5MDEyMzQ1Njc4.canary.canaryTokenOfTheBot0123456789ab"
		client = "canaryClientSecret0123456789abcde"
		key    = "0cafe0cafe0cafe0cafe0cafe0cafe0cafe0cafe0cafe0cafe0cafe0cafe0caf"
	)
	s := stageOn(t, discordsim.New(discordsim.Options{Token: token, ClientSecret: client}))
	log := &tape{}
	s.log = log
	s.config.LogLevel, s.config.ClientSecret, s.config.Key = slog.LevelDebug, config.NewSecret(client), config.NewSecret(key)
	quote := "<html>Bad gateway. You sent Authorization: Bot " + token + " and " + client + "</html>"
	s.sim.Set(func(k *discordsim.Knobs) {
		k.Failures = []discordsim.Failure{{Times: 2, Path: "/users/@me", Status: 502, Body: quote},
			{Times: 2, Path: "/applications/", Status: 400, Body: `{"code": 50035, "message": "` + token + `"}`}}
	})
	s.open()
	s.connected()

	failing := &parts{program: program{config: s.config, log: logger(s.config, log)}}
	_ = failing.guard("a part", func() error { panic(errors.New("request with Bot " + token + " failed")) })
	failing.log.Error("an error of a library", "err", errors.New("client_secret="+client), "config", s.config, "key", key)

	answers := &bytes.Buffer{}
	ask := func(method, path string) {
		r, err := http.NewRequestWithContext(context.Background(), method, "http://"+s.address+path, strings.NewReader("token=canary-form"))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"Cookie": "__Host-sid=canary-session; sid=canary-session", "Authorization": "Bearer canary-bearer",
			"Referer": "http://" + s.address + "/sign-in/link/canary-link", "X-Forwarded-For": "canary-address", "User-Agent": "canary-agent",
			"Content-Type": "application/x-www-form-urlencoded", "X-Request-Id": "canary-id"} {
			r.Header.Set(name, value)
		}
		response, err := http.DefaultClient.Do(r)
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
	for _, path := range []string{"/", s.page(), "/servers", "/health", "/metrics", "/api/stats", "/api/servers/" + guild + "/metrics",
		"/api/servers/" + guild + "/metrics?period=canary-period", "/nothing/canary-path", "/g/canary-guild", "/live/canary-guild",
		"/sign-in/link/canary-link", "/sign-in/callback?code=canary-code&state=canary-state", "/debug/pprof/", "/debug/pprof/heap",
		"/api/stats?canary=1"} {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			if method == "GET" && strings.HasPrefix(path, "/debug/") && !strings.Contains(s.get(path), "There is no such page") {
				t.Errorf("%s is there", path)
			}
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
	secrets := []string{token, "canaryTokenOfTheBot", client, key, "canary-session", "canary-bearer", "canary-form", "canary-id",
		"canary-address", "canary-agent"}
	hidden("an answer", answers.String(), secrets...)
	// A page links to itself, so what stands in its address comes back to who wrote it; it stays out of the log.
	hidden("the log", log.String(), append(secrets, "canary-link", "canary-code", "canary-state", "canary-p", "canary-guild")...)
	if n := strings.Count(log.String(), "[hidden]"); n < 4 || answers.Len() < 10_000 {
		t.Errorf("only %d secrets were hidden in the log, and the answers have %d bytes: the test tests nothing", n, answers.Len())
	}
}
