package stats_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// analyticsOf asks for the analytics of the largest guild, over one period after the other.
func analyticsOf(ctx context.Context, figures *stats.Stats, random *rand.Rand) error {
	period := stats.Periods()[random.IntN(4)]
	_, err := figures.Analytics(ctx, 1, stats.Window{Period: period})
	return err
}

// BenchmarkAnalytics is the whole page of analytics of the largest guild: kept, anew, cold.
func BenchmarkAnalytics(b *testing.B) { benchmarkPage(b, analyticsOf) }

// BenchmarkAnalyticsMonth is the same over the longest period alone.
func BenchmarkAnalyticsMonth(b *testing.B) {
	benchmarkPage(b, func(ctx context.Context, figures *stats.Stats, _ *rand.Rand) error {
		_, err := figures.Analytics(ctx, 1, stats.Window{Period: stats.PeriodMonth})
		return err
	})
}

// BenchmarkAnalyticQuery is each query behind the page by itself, over a month of the largest guild, on a warm file.
func BenchmarkAnalyticQuery(b *testing.B) {
	dir, end := town(b)
	s := openTown(b, dir, end)
	defer s.Close()
	w, err := stats.WindowOf(end, stats.PeriodMonth)
	if err != nil {
		b.Fatal(err)
	}
	year, err := stats.CustomWindow(end, end.AddDate(-1, 0, 1), end)
	if err != nil {
		b.Fatal(err)
	}
	const guild snowflake.GuildID = 1
	newest := w.Span // as many of the newest violations as the page looks at for bursts
	if err := s.Read(b.Context(), func(now *store.Snapshot) {
		if times := now.FoundAt(guild, w.Span); len(times) > 12_000 {
			newest.From = times[12_000]
		}
	}); err != nil {
		b.Fatal(err)
	}
	for _, query := range []struct {
		name string
		run  func(*store.Snapshot)
	}{
		{"quarters", func(now *store.Snapshot) { now.FoundQuarters(guild, w.Span) }},
		{"quarters/year", func(now *store.Snapshot) { now.FoundQuarters(guild, year.Span) }},
		{"rules", func(now *store.Snapshot) { now.RulesFound(guild, w.Span) }},
		{"moderators", func(now *store.Snapshot) { now.ModeratorQuarters(guild, w.Span) }},
		{"answers", func(now *store.Snapshot) { now.RuleAnswers(guild, w.Span) }},
		{"responses", func(now *store.Snapshot) { now.ResponseTimes(guild, w.Span) }},
		{"bursts", func(now *store.Snapshot) { now.FoundAt(guild, newest) }},
		{"settings", func(now *store.Snapshot) { now.SettingsChanges(guild, w.Span, 100) }},
		{"offenders", func(now *store.Snapshot) { now.MonthOffenders(guild, 10) }},
		{"offenders/custom-month", func(now *store.Snapshot) { now.OffendersIn(guild, w.Previous, 10) }},
		{"offenders/custom-year", func(now *store.Snapshot) { now.OffendersIn(guild, year.Span, 10) }},
	} {
		b.Run(query.name, func(b *testing.B) {
			var took timings
			for b.Loop() {
				fromDisk(b, dir)
				started := time.Now()
				if err := s.Read(b.Context(), query.run); err != nil {
					b.Fatal(err)
				}
				took.since(started)
			}
			took.report(b)
		})
	}
}
