package handlers

import (
	"net/http"
	"runtime"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/store"
)

// metrics is GET /metrics: how this process is doing, for Prometheus. There is nothing of any guild in it.
func (s *site) metrics(c echo.Context) error {
	var page exposition
	page.family("guildwatch_build_info", "gauge", "Always 1; the labels say what runs.")
	page.sample("guildwatch_build_info", 1, "version", s.Version, "go", runtime.Version())
	page.single("guildwatch_uptime_seconds", "gauge", "Since the process began to serve.", time.Since(s.started).Seconds())

	s.meters.write(&page)
	executed, shared := s.flights.counts()
	page.single("guildwatch_data_requests_executed_total", "counter", "Data requests that were run.", float64(executed))
	page.single("guildwatch_data_requests_shared_total", "counter", "Data requests answered by the run of an identical one.",
		float64(shared))
	s.writeStreams(&page)
	s.writeCaches(&page)
	s.writeParts(c, &page)
	writeRuntime(&page)
	return c.Blob(http.StatusOK, expositionType, page.Bytes())
}

func (s *site) writeStreams(page *exposition) {
	live := s.Hub.Stats()
	page.single("guildwatch_streams_open", "gauge", "Live streams that are open.", float64(live.Open))
	page.single("guildwatch_stream_topics_watched", "gauge", "Topics that somebody watches.", float64(live.Watched))
	page.single("guildwatch_stream_replay_bytes", "gauge", "Kept in memory for replay.", float64(live.RingBytes))
	page.single("guildwatch_stream_frames_total", "counter", "Deliveries: frames times streams.", float64(live.Frames))
	page.single("guildwatch_stream_bytes_total", "counter", "Written to streams.", float64(live.Bytes))
	page.single("guildwatch_stream_slow_total", "counter", "Readers cut because they did not read.", float64(live.Slow))
	page.single("guildwatch_stream_refused_total", "counter", "Streams refused by a limit.", float64(live.Refused))
	page.single("guildwatch_stream_resyncs_total", "counter", "Readers sent to fetch everything again.", float64(live.Resyncs))
	page.single("guildwatch_stream_late_total", "counter", "Changes published out of order: a fault.", float64(live.Late))
	page.single("guildwatch_stream_invalid_total", "counter", "Frames dropped as invalid: a fault.", float64(live.Invalid))
}

func (s *site) writeCaches(page *exposition) {
	caches := s.Store.CacheStats()
	series := func(name, kind, help string, value func(store.CacheStat) int64) {
		page.family(name, kind, help)
		for _, cache := range caches {
			page.sample(name, float64(value(cache)), "cache", cache.Name)
		}
	}
	series("guildwatch_cache_hits_total", "counter", "Answers from a cache.", func(c store.CacheStat) int64 { return c.Hits })
	series("guildwatch_cache_misses_total", "counter", "Answers that had to be computed.", func(c store.CacheStat) int64 { return c.Misses })
	series("guildwatch_cache_entries", "gauge", "Entries kept.", func(c store.CacheStat) int64 { return int64(c.Entries) })
}

// writeParts tells what /health tells, as numbers.
func (s *site) writeParts(c echo.Context, page *exposition) {
	page.family("guildwatch_part_status", "gauge", "1 for the state that a part is in: ok, degraded or down.")
	for _, part := range s.Health(c.Request().Context()) {
		for _, state := range []State{Well, Degraded, Down} {
			value := 0.0
			if part.State == state {
				value = 1
			}
			page.sample("guildwatch_part_status", value, "part", part.Name, "status", string(state))
		}
	}
}

func writeRuntime(page *exposition) {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	page.single("go_goroutines", "gauge", "Goroutines.", float64(runtime.NumGoroutine()))
	page.single("go_memstats_heap_inuse_bytes", "gauge", "Heap in use.", float64(memory.HeapInuse))
	page.single("go_memstats_sys_bytes", "gauge", "Taken from the system.", float64(memory.Sys))
	page.single("go_gc_cycles_total", "counter", "Garbage collections.", float64(memory.NumGC))
}
