package handlers

import (
	"context"
	"encoding/json"
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
		"down at last": {[]Part{{Name: "a", State: Well}, {Name: "b", State: Degraded}, {Name: "c", State: Down}}, 503,
			Down},
	} {
		h := open(t, func(o *Options) { o.Health = func(context.Context) []Part { return c.parts } })
		got := h.get(t, c.status, "/health")
		var answer healthAnswer
		if err := json.Unmarshal([]byte(got.body), &answer); err != nil || answer.Status != c.state ||
			answer.Version != "1.2.3" || answer.BuildTime != "2026-11-20T07:00:00Z" || len(answer.Parts) != len(c.parts) ||
			got.Header.Get("Cache-Control") != "no-store" {
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
		"nobody, claiming loopback":  {as(access.Actor{}), []string{"X-Forwarded-For", "127.0.0.1"}, false},
	} {
		h := open(t, func(o *Options) { o.Health = sick; o.Identity = c.identity })
		got := h.get(t, 503, "/health", c.headers...)
		if shown := strings.Contains(got.body, "canary") && strings.Contains(got.body, `"parts"`); shown != c.shown ||
			!c.shown && strings.Contains(got.body, "database") || !strings.Contains(got.body, `"status":"down"`) {
			t.Errorf("%s: %s", name, got.body)
		}
	}
}
