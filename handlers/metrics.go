package handlers

import (
	"log/slog"
	"net/http"
	"runtime"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"guildwatch/internal/bot"
	"guildwatch/internal/live"
	"guildwatch/internal/moderation/desk"
	"guildwatch/store"
)

// Vitals are the figures on /metrics of parts that the handlers do not hold.
type Vitals struct {
	Discord   bot.Status
	Announced int64 // the seq of the last change that pages were sent
	Panics    int64 // frames left out because rendering them panicked
	Worker    desk.Figures
	Clerk     desk.Waiting
}

// metrics is GET /metrics: how this process is doing, for Prometheus. There is nothing of any guild in it.
func (s *site) metrics(c echo.Context) error {
	s.exposition.ServeHTTP(c.Response(), c.Request())
	return nil
}

// newExposition registers everything that /metrics tells. The registry is this site's own: the library's global one is
// open to whatever is linked in. A collector that fails is logged and left out; the others are told.
func (s *site) newExposition() http.Handler {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(s.meters.answered, s.meters.took, s.meters.panics, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), s.aboutBuild(), s.aboutUptime(),
		s.aboutFlights(), s.aboutStreams(), s.aboutCaches(), s.aboutStore(), s.aboutFeed(), s.aboutGateway(), s.aboutParts(),
		s.aboutGatewayState(), s.aboutClerk(), s.aboutOutbox(), s.aboutWorker())
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError,
		ErrorLog: slog.NewLogLogger(s.Logger.Handler(), slog.LevelError)})
}

func (s *site) aboutBuild() prometheus.Collector {
	labels := prometheus.Labels{"version": s.Version, "go": runtime.Version()}
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "guildwatch_build_info",
		Help: "Always 1; the labels say what runs.", ConstLabels: labels}, func() float64 { return 1 })
}

func (s *site) aboutUptime() prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "guildwatch_uptime_seconds",
		Help: "Since the process began to serve."}, func() float64 { return time.Since(s.started).Seconds() })
}

func (s *site) aboutFlights() prometheus.Collector {
	type runs struct{ executed, shared int64 }
	return only(func() (r runs) { r.executed, r.shared = s.flights.counts(); return r }).
		counter("guildwatch_data_requests_executed_total", "Data requests that were run.",
			func(r runs) float64 { return float64(r.executed) }).
		counter("guildwatch_data_requests_shared_total", "Data requests answered by the run of an identical one.",
			func(r runs) float64 { return float64(r.shared) })
}

func (s *site) aboutStreams() prometheus.Collector {
	return only(s.Hub.Stats).
		gauge("guildwatch_streams_open", "Live streams that are open.",
			func(l live.Stats) float64 { return float64(l.Open) }).
		gauge("guildwatch_stream_topics_watched", "Topics that somebody watches.",
			func(l live.Stats) float64 { return float64(l.Watched) }).
		gauge("guildwatch_stream_replay_bytes", "Kept in memory for replay.",
			func(l live.Stats) float64 { return float64(l.RingBytes) }).
		counter("guildwatch_stream_frames_total", "Deliveries: frames times streams.",
			func(l live.Stats) float64 { return float64(l.Frames) }).
		counter("guildwatch_stream_bytes_total", "Written to streams.",
			func(l live.Stats) float64 { return float64(l.Bytes) }).
		counter("guildwatch_stream_slow_total", "Readers cut because they did not read.",
			func(l live.Stats) float64 { return float64(l.Slow) }).
		counter("guildwatch_stream_refused_total", "Streams refused by a limit.",
			func(l live.Stats) float64 { return float64(l.Refused) }).
		counter("guildwatch_stream_resyncs_total", "Readers sent to fetch everything again.",
			func(l live.Stats) float64 { return float64(l.Resyncs) }).
		counter("guildwatch_stream_late_total", "Changes published out of order: a fault.",
			func(l live.Stats) float64 { return float64(l.Late) }).
		counter("guildwatch_stream_invalid_total", "Frames dropped as invalid: a fault.",
			func(l live.Stats) float64 { return float64(l.Invalid) })
}

func (s *site) aboutCaches() prometheus.Collector {
	return by(s.Store.CacheStats, func(c store.CacheStat) []string { return []string{c.Name} }, "cache").
		counter("guildwatch_cache_hits_total", "Answers from a cache.",
			func(c store.CacheStat) float64 { return float64(c.Hits) }).
		counter("guildwatch_cache_misses_total", "Answers that had to be computed.",
			func(c store.CacheStat) float64 { return float64(c.Misses) }).
		gauge("guildwatch_cache_entries", "Entries kept.", func(c store.CacheStat) float64 { return float64(c.Entries) })
}
