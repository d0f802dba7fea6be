package handlers

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"guildwatch/internal/bot"
	"guildwatch/internal/moderation/desk"
)

// lively is the vitals of an instance to which something of everything has happened.
func lively() Vitals {
	return Vitals{Announced: 3, Panics: 2, Discord: bot.Status{State: bot.StateResuming, Latency: 40 * time.Millisecond,
		Identifies: 7, Guilds: 3, Missing: []bot.Missing{{Intent: "canary"}}, Problem: "canary: a reason",
		LastEvent: time.UnixMilli(1_795_000_000_500), Queued: 11,
		Events: 12, Shed: 13, Duplicates: 14, Malformed: 15, Quarantined: 16, Gaps: 17},
		Worker: desk.Figures{Settled: 21, Failed: 22, Retried: 23, Panics: 24, Flying: 25},
		Clerk:  desk.Waiting{Cases: 31, Guilds: 32, Opened: 33, Shed: 34, Lost: 35}}
}

func TestMetrics(t *testing.T) {
	h := open(t, func(o *Options) { o.Health, o.Vitals = sick, lively })
	for _, path := range []string{"/", "/api/stats", homePath, homePath + "?period=week", "/nothing", "/live/x", `/"}`} {
		h.ask(t, "GET", path)
	}
	h.ask(t, "BREW", "/")
	h.ask(t, "SIP", "/")
	until(t, func() bool { // a job counts as waiting until a moment after its answer
		_, _, waiting := h.Store.Writes()
		return waiting == 0
	})
	got := h.get(t, 200, "/metrics")
	if kind := got.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain; version=0.0.4") {
		t.Errorf("Content-Type %q", kind)
	}
	problems, err := promlint.New(strings.NewReader(got.body)).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("the linter finds %v, %v", problems, err)
	}
	for _, want := range []string{
		`guildwatch_http_requests_total{method="GET",route="/g/:guild_id",status="200"} 2`,
		`guildwatch_http_requests_total{method="GET",route="none",status="404"} 2`,
		`guildwatch_http_requests_total{method="other",route="/",status="405"} 2`,
		`guildwatch_http_request_duration_seconds_count{route="/g/:guild_id"} 2`,
		`guildwatch_http_request_duration_seconds_bucket{route="/g/:guild_id",le="+Inf"} 2`,
		`guildwatch_http_panics_total 0`, `guildwatch_data_requests_executed_total 1`,
		`guildwatch_data_requests_shared_total 0`, `guildwatch_streams_open 0`, `guildwatch_stream_slow_total 0`,
		`guildwatch_cache_misses_total{cache="overview"} 1`, `guildwatch_part_status{part="database",status="down"} 1`,
		`guildwatch_part_status{part="database",status="ok"} 0`, `guildwatch_gateway_state{state="resuming"} 1`,
		`guildwatch_gateway_state{state="connected"} 0`, `guildwatch_gateway_state{state="stopped"} 0`,
		`guildwatch_gateway_latency_seconds 0.04`, `guildwatch_gateway_identifies_last_day 7`, `guildwatch_gateway_guilds 3`,
		`guildwatch_gateway_intents_missing 1`, `guildwatch_gateway_last_event_timestamp_seconds 1.7950000005e+09`,
		`guildwatch_events_queued 11`, `guildwatch_events_received_total 12`, `guildwatch_events_shed_total 13`,
		`guildwatch_events_duplicate_total 14`, `guildwatch_events_malformed_total 15`,
		`guildwatch_events_quarantined_total 16`, `guildwatch_gaps_total 17`, `guildwatch_feed_announced_seq 3`,
		`guildwatch_actions_settled_total 21`, `guildwatch_actions_failed_total 22`, `guildwatch_actions_retried_total 23`,
		`guildwatch_cases_waiting 31`, `guildwatch_cases_waiting_guilds 32`, `guildwatch_cases_recorded_total 33`,
		`guildwatch_cases_shed_total 34`, `guildwatch_cases_lost_total 35`, `guildwatch_actions_waiting 0`,
		`guildwatch_actions_panics_total 24`, `guildwatch_actions_under_way 25`, `guildwatch_feed_panics_total 2`, `guildwatch_store_jobs_waiting 0`,
	} {
		if !strings.Contains(got.body, "\n"+want+"\n") {
			t.Errorf("/metrics has no %s", want)
		}
	}
	for _, name := range []string{"guildwatch_build_info{", "guildwatch_uptime_seconds ", "guildwatch_feed_committed_seq ",
		"guildwatch_store_commits_total ", "go_goroutines ", "go_memstats_heap_inuse_bytes "} {
		if !strings.Contains(got.body, "\n"+name) || strings.Contains(got.body, "\n"+name+"0\n") {
			t.Errorf("/metrics has no %s", name)
		}
	}
	if strings.Contains(got.body, "anary") || strings.Contains(got.body, home.String()) {
		t.Errorf("a guild's name or id, or a reason, is on /metrics:\n%s", got.body)
	}
}

// What cannot be read is left out and logged; the rest is told, and the process lives.
func TestMetricsOutliveAPartThatPanics(t *testing.T) {
	h := open(t, func(o *Options) { o.Vitals = func() Vitals { panic("canary: no vitals") } })
	for range 2 {
		got := h.get(t, 200, "/metrics")
		if strings.Contains(got.body, "guildwatch_gateway") || strings.Contains(got.body, "canary") ||
			!strings.Contains(got.body, "\nguildwatch_part_status{") ||
			!strings.Contains(got.body, "\nguildwatch_store_jobs_total ") {
			t.Errorf("%s", got.body)
		}
	}
	if told := h.log.lines("canary: no vitals"); len(told) != 2 {
		t.Errorf("the log says %q", told)
	}
}

// A request that panics is counted.
func TestPanicsAreCounted(t *testing.T) {
	broken := true
	h := open(t, func(o *Options) { o.Roster = panicking{o.Roster, &broken} })
	h.get(t, 500, homePath)
	h.get(t, 500, metricsPath(home))
	if got := h.get(t, 200, "/metrics"); !strings.Contains(got.body, "\nguildwatch_http_panics_total 2\n") {
		t.Errorf("two panics: %s", got.body)
	}
}
