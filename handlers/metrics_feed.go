package handlers

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"guildwatch/internal/bot"
)

// aboutStore tells how writing goes.
func (s *site) aboutStore() prometheus.Collector {
	type writes struct {
		jobs, commits int64
		waiting       int
	}
	return only(func() (w writes) { w.jobs, w.commits, w.waiting = s.Store.Writes(); return w }).
		counter("guildwatch_store_jobs_total", "Jobs written.", func(w writes) float64 { return float64(w.jobs) }).
		counter("guildwatch_store_commits_total", "Commits that they were written in.",
			func(w writes) float64 { return float64(w.commits) }).
		gauge("guildwatch_store_jobs_waiting", "Jobs that wait for the writer.",
			func(w writes) float64 { return float64(w.waiting) })
}

// aboutFeed tells how far pages are behind the database: announced before committed, or the difference would show
// changes that are announced between the two readings as negative.
func (s *site) aboutFeed() prometheus.Collector {
	type feed struct{ announced, committed, panics int64 }
	read := func() feed {
		vitals := s.Vitals()
		return feed{vitals.Announced, s.Store.LastSeq(), vitals.Panics}
	}
	return only(read).
		gauge("guildwatch_feed_announced_seq", "Number of the last change sent to pages.",
			func(f feed) float64 { return float64(f.announced) }).
		gauge("guildwatch_feed_committed_seq", "Number of the last change in the database.",
			func(f feed) float64 { return float64(f.committed) }).
		counter("guildwatch_feed_panics_total", "Frames left out because rendering them panicked: a fault.",
			func(f feed) float64 { return float64(f.panics) })
}

// aboutGateway tells what comes from Discord and what becomes of it.
func (s *site) aboutGateway() prometheus.Collector {
	return only(func() bot.Status { return s.Vitals().Discord }).
		gauge("guildwatch_gateway_latency_seconds", "How long Discord took to answer the last heartbeat.",
			func(b bot.Status) float64 { return b.Latency.Seconds() }).
		gauge("guildwatch_gateway_identifies_last_day", "New sessions in the last 24 hours; guildwatch stops at 200.",
			func(b bot.Status) float64 { return float64(b.Identifies) }).
		gauge("guildwatch_gateway_guilds", "Servers that the bot is in.",
			func(b bot.Status) float64 { return float64(b.Guilds) }).
		gauge("guildwatch_gateway_intents_missing", "Intents that Discord refused.",
			func(b bot.Status) float64 { return float64(len(b.Missing)) }).
		gauge("guildwatch_gateway_last_event_timestamp_seconds", "When the last event came; 0 before the first.",
			func(b bot.Status) float64 { return unix(b.LastEvent) }).
		counter("guildwatch_events_received_total", "Events received.",
			func(b bot.Status) float64 { return float64(b.Events) }).
		gauge("guildwatch_events_queued", "Events that wait in the lanes.",
			func(b bot.Status) float64 { return float64(b.Queued) }).
		counter("guildwatch_events_shed_total", "Events given up because a lane was full.",
			func(b bot.Status) float64 { return float64(b.Shed) }).
		counter("guildwatch_events_duplicate_total", "Events received before.",
			func(b bot.Status) float64 { return float64(b.Duplicates) }).
		counter("guildwatch_events_malformed_total", "Frames and payloads that could not be read.",
			func(b bot.Status) float64 { return float64(b.Malformed) }).
		counter("guildwatch_events_quarantined_total", "Events whose handling failed for good.",
			func(b bot.Status) float64 { return float64(b.Quarantined) }).
		counter("guildwatch_gaps_total", "Gaps in coverage that were recorded.",
			func(b bot.Status) float64 { return float64(b.Gaps) })
}

func unix(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
