package handlers

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"guildwatch/internal/live"
)

// BenchmarkPages answers each page warm, uncompressed, through the whole chain of middleware; p95-ms has to stay under 10.
func BenchmarkPages(b *testing.B) {
	s, _ := filled(b)
	hub := live.New(live.Options{})
	defer hub.Shutdown("")
	handler := New(Options{Stats: figures(s), Store: s, Hub: hub, Identity: Loopback(), Roster: LoopbackRoster(s),
		Logger: slog.New(slog.DiscardHandler)})
	for _, path := range []string{"/", homePath, homePath + "?period=week", "/?region=panel-cards", metricsPath(home)} {
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			var took []time.Duration
			for b.Loop() {
				r, w := httptest.NewRequest("GET", "http://localhost"+path, nil), httptest.NewRecorder()
				r.RemoteAddr = "127.0.0.1:5000"
				start := time.Now()
				handler.ServeHTTP(w, r)
				took = append(took, time.Since(start))
				if w.Code != http.StatusOK {
					b.Fatalf("status %d: %s", w.Code, w.Body)
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}
