package handlers

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"guildwatch/internal/live"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// pages are what BenchmarkPages asks for: each page, in each period, and what scripts and live panels fetch.
func pages() []string {
	paths := []string{"/", "/?region=panel-cards", "/servers", "/api/stats", metricsPath(home)}
	for _, period := range stats.Periods() {
		paths = append(paths, homePath+"?period="+string(period))
	}
	return paths
}

// BenchmarkPages answers each page warm, compressed as for a browser, through the whole chain of middleware; p95-ms has
// to stay under 10. The feeds are full, and the instance is in 2 500 guilds, the most that one shard may have.
func BenchmarkPages(b *testing.B) {
	s, _ := filled(b)
	crowd(b, s, 2500)
	hub := live.New(live.Options{})
	defer hub.Shutdown("")
	options := Options{Stats: figures(s), Store: s, Hub: hub, PublicStats: true, Logger: slog.New(slog.DiscardHandler)}
	furnish(&options)
	built, handler := build(options)
	cookie := (&house{site: built}).signIn(b, keeper)
	for _, path := range pages() {
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			var took []time.Duration
			for b.Loop() {
				r, w := httptest.NewRequest("GET", "http://localhost"+path, nil), httptest.NewRecorder()
				r.RemoteAddr = fmt.Sprintf("127.0.%d.%d:5000", len(took)>>8&255, len(took)&255) // /api/stats counts by address
				r.Header.Set("Accept-Encoding", "gzip")
				r.Header.Set("Cookie", cookie)
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

// crowd adds n guilds, and to home as many actions as a feed shows.
func crowd(t testing.TB, s *store.Store, n int) {
	t.Helper()
	var adding sync.WaitGroup
	for i := range n {
		adding.Go(func() {
			seen := moderation.GuildSeen{Origin: moderation.Origin{Guild: home + snowflake.GuildID(i+2),
				At: noon.Add(-time.Hour)}, Joined: true}
			seen.Profile = moderation.Guild{ID: seen.Guild, Name: fmt.Sprint("Canary guild ", i), Owner: keeper,
				JoinedAt: seen.At}
			if err := s.SeeGuild(t.Context(), seen); err != nil {
				t.Error(err)
			}
		})
	}
	adding.Wait()
	for i := range 50 {
		action := moderation.Action{Kind: moderation.ActionTimeout, Source: moderation.SourceAudit,
			Target: snowflake.UserID(200 + i), Actor: 102, Reason: "canary reason", Count: 1, Outcome: moderation.OutcomeDone}
		entry := moderation.AuditEntry{Origin: moderation.Origin{Guild: home, At: noon.Add(-time.Minute)},
			Entry: snowflake.EntryID(1000 + i), Action: action}
		if _, err := s.RecordAudit(t.Context(), entry); err != nil {
			t.Fatal(err)
		}
	}
}
