package handlers

import (
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/store/storetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares an answer with the one that scripts rely on. Shapes only ever grow: a change that is no growth breaks
// somebody.
func golden(t *testing.T, name, body string) {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		t.Fatalf("%s is no JSON: %v", body, err)
	}
	pretty, _ := json.MarshalIndent(value, "", "  ") // it was JSON a line ago
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, append(pretty, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(pretty)+"\n" {
		t.Errorf("the answer is not the one in %s:\n%s", file, pretty)
	}
}

func metricsPath(guild snowflake.GuildID) string {
	return "/api/servers/" + snowflake.String(guild) + "/metrics"
}

func TestAPIShapes(t *testing.T) {
	h := open(t, nil)
	stats := h.get(t, 200, "/api/stats")
	golden(t, "stats", stats.body)
	if strings.Contains(stats.body, "anary") || strings.Contains(stats.body, snowflake.String(home)) {
		t.Errorf("names, texts or ids in the public aggregates: %s", stats.body)
	}
	for _, period := range []string{"hour", "day", "week", "month"} {
		golden(t, "metrics_"+period, h.get(t, 200, metricsPath(home)+"?period="+period).body)
	}
	golden(t, "health", h.get(t, 200, "/api/servers/"+snowflake.String(home)+"/health").body)
	golden(t, "top_offenders", h.get(t, 200, "/api/servers/"+snowflake.String(home)+"/top-offenders?period=week").body)
	golden(t, "temporal_analytics", h.get(t, 200, apiPath(home, "temporal-analytics")+"?period=day").body)
	golden(t, "workload", h.get(t, 200, apiPath(home, "workload")+"?period=day").body)
	if h.get(t, 200, metricsPath(home)).body != h.get(t, 200, metricsPath(home)+"?period=day").body {
		t.Error("no period is not a day")
	}
}

// An instance without any guild answers whole objects: every key there, zeros where nothing happened, null where
// nothing is known.
func TestEmptyInstancesAnswerWholeObjects(t *testing.T) {
	h := open(t, func(o *Options) {
		o.Store = storetest.New(t)
		o.Stats = figures(o.Store)
	})
	golden(t, "stats_empty", h.get(t, 200, "/api/stats").body)
	if got := h.get(t, 200, "/"); !strings.Contains(got.body, "</html>") {
		t.Errorf("the overview of an empty instance is cut short: %.300s", got.body)
	}
}

func TestUnknownParametersAreRefusedUnderTheAPI(t *testing.T) {
	h := open(t, nil)
	walk(t, h.site, func(r *echo.Route) {
		if !strings.HasPrefix(r.Path, "/api/") || r.Method != http.MethodGet {
			return
		}
		for _, query := range []string{"perod=day", "period=day&perod=day", "after=1&x=1", "%zz=1", "a;b", "Period=day"} {
			got := h.get(t, http.StatusBadRequest, fill(r.Path, home)+"?"+query)
			if sentence := sentenceOf(t, got); codeOf(t, got) != "invalid" || sentence == "" {
				t.Errorf("%s?%s: %s", r.Path, query, got.body)
			}
		}
	})
	if got := h.get(t, 400, "/api/stats?perod=day"); !strings.Contains(sentenceOf(t, got), `"perod"`) {
		t.Errorf("the answer does not name the parameter: %s", got.body)
	}
	for _, query := range []string{"period=year", "period=DAY", "period=day%00", "period=day&period=day"} {
		h.get(t, 400, metricsPath(home)+"?"+query)
	}
}

func TestStatsNeedTheOperatorUnlessPublic(t *testing.T) {
	nobody := as(access.Actor{})
	h := open(t, func(o *Options) { o.Identity = nobody })
	if got := h.get(t, 401, "/api/stats"); codeOf(t, got) != "unauthenticated" {
		t.Errorf("%s", got.body)
	}
	h = open(t, func(o *Options) { o.Identity = nobody; o.PublicStats = true })
	golden(t, "stats", h.get(t, 200, "/api/stats").body)
	h.get(t, 401, metricsPath(home)) // a guild's figures are not public with them
}

func TestAnswersAreTaggedAndCompressed(t *testing.T) {
	h := open(t, nil)
	plain := h.get(t, 200, "/api/stats", "Accept-Encoding", "identity")
	tag := plain.Header.Get("Etag")
	packed := h.get(t, 200, "/api/stats", "Accept-Encoding", "gzip")
	if packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("Etag") != tag ||
		len(packed.body) > len(plain.body)/2 {
		t.Errorf("gzip: %v, %d bytes instead of %d", packed.Header, len(packed.body), len(plain.body))
	}
	for _, header := range []string{tag, "*", `"other", ` + tag, strings.TrimPrefix(tag, "W/")} {
		got := h.get(t, http.StatusNotModified, "/api/stats", "If-None-Match", header)
		if got.body != "" || got.Header.Get("Etag") != tag {
			t.Errorf("If-None-Match %s: %q, %v", header, got.body, got.Header)
		}
	}
	h.get(t, 200, "/api/stats", "If-None-Match", `W/"other"`)
	if got := h.get(t, 200, "/", "Accept-Encoding", "gzip"); got.Header.Get("Content-Encoding") != "gzip" ||
		got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the page: %v", got.Header)
	}
}
