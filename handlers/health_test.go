package handlers

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"guildwatch/internal/access"
)

// sick is an instance whose database is down and whose link to Discord is slow.
func sick(context.Context) []Part {
	return []Part{{Name: "discord", State: Degraded, Reason: "canary: no heartbeat for a minute"},
		{Name: "database", State: Down, Reason: "canary: the disk is full"}, {Name: "streams", State: Well}}
}

func TestHealth(t *testing.T) {
	for name, c := range map[string]struct {
		parts  []Part
		status int
		state  State
	}{
		"well":           {[]Part{{Name: "a", State: Well}, {Name: "b", State: Well}}, 200, Well},
		"nothing to say": {nil, 200, Well},
		"degraded":       {[]Part{{Name: "a", State: Degraded}, {Name: "b", State: Well}}, 200, Degraded},
		"down":           {[]Part{{Name: "a", State: Down}, {Name: "b", State: Degraded}}, 503, Down},
		"down at last":   {[]Part{{Name: "a", State: Well}, {Name: "b", State: Degraded}, {Name: "c", State: Down}}, 503, Down},
	} {
		h := open(t, func(o *Options) { o.Health = func(context.Context) []Part { return c.parts } })
		got := h.get(t, c.status, "/health")
		var answer healthAnswer
		if err := json.Unmarshal([]byte(got.body), &answer); err != nil || answer.Status != c.state || answer.Version != "1.2.3" ||
			answer.BuildTime != "2026-11-20T07:00:00Z" || len(answer.Parts) != len(c.parts) || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %s, %v", name, got.body, err)
		}
	}
}

// The public learns that something is down, not what.
func TestHealthHidesItsParts(t *testing.T) {
	for name, c := range map[string]struct {
		identity Identity
		headers  []string
		shown    bool
	}{
		"this machine":               {as(access.Actor{}), nil, true},
		"the operator from far away": {as(access.Person(7, true)), []string{"X-Forwarded-For", "192.0.2.7"}, true},
		"somebody from far away":     {as(access.Person(7, false)), []string{"X-Forwarded-For", "192.0.2.7"}, false},
		"nobody, through a proxy":    {as(access.Actor{}), []string{"Via", "1.1 proxy"}, false},
		"nobody, claiming loopback":  {Loopback(), []string{"X-Forwarded-For", "127.0.0.1"}, false},
	} {
		h := open(t, func(o *Options) { o.Health = sick; o.Identity = c.identity })
		got := h.get(t, 503, "/health", c.headers...)
		if shown := strings.Contains(got.body, "canary") && strings.Contains(got.body, `"parts"`); shown != c.shown ||
			!c.shown && strings.Contains(got.body, "database") || !strings.Contains(got.body, `"status":"down"`) {
			t.Errorf("%s: %s", name, got.body)
		}
	}
}

// Every line is one of Prometheus' text format, every sample belongs to a family, and nothing of a guild is told.
func TestMetrics(t *testing.T) {
	h := open(t, func(o *Options) { o.Health = sick })
	for _, path := range []string{"/", "/api/stats", homePath, homePath + "?period=week", "/nothing", "/live/x", `/"}`} {
		h.ask(t, "GET", path)
	}
	h.ask(t, "BREW", "/")
	h.ask(t, "SIP", "/")
	got := h.get(t, 200, "/metrics")
	sample := regexp.MustCompile(`^([a-z_]+)(\{[a-z]+="[^"\\\n]*"(,[a-z]+="[^"\\\n]*")*\})? (\+Inf|[0-9.e+-]+)$`)
	family, seen := "", map[string]bool{}
	for line := range strings.Lines(got.body) {
		line = strings.TrimSuffix(line, "\n")
		if name, ok := strings.CutPrefix(line, "# TYPE "); ok {
			family, _, _ = strings.Cut(name, " ")
			continue
		}
		if strings.HasPrefix(line, "# HELP ") {
			continue
		}
		if parts := sample.FindStringSubmatch(line); parts == nil || !strings.HasPrefix(parts[1], family) || seen[parts[1]+parts[2]] {
			t.Errorf("%q is no new sample of %s", line, family)
		} else {
			seen[parts[1]+parts[2]] = true
		}
	}
	for _, want := range []string{
		`guildwatch_http_requests_total{method="GET",route="/g/:guild_id",status="200"} 2`,
		`guildwatch_http_requests_total{method="GET",route="none",status="404"} 2`,
		`guildwatch_http_requests_total{method="other",route="/",status="405"} 2`,
		`guildwatch_http_request_duration_seconds_count{route="/g/:guild_id"} 2`,
		`guildwatch_http_request_duration_seconds_bucket{route="/g/:guild_id",le="+Inf"} 2`,
		`guildwatch_data_requests_executed_total 1`, `guildwatch_data_requests_shared_total 0`, `guildwatch_streams_open 0`,
		`guildwatch_part_status{part="database",status="down"} 1`, `guildwatch_cache_misses_total{cache="overview"} 1`,
	} {
		if !strings.Contains(got.body, want+"\n") {
			t.Errorf("/metrics has no %s", want)
		}
	}
	if strings.Contains(got.body, "anary") || strings.Contains(got.body, home.String()) {
		t.Errorf("a guild's name or id, or a reason, is on /metrics:\n%s", got.body)
	}
}
