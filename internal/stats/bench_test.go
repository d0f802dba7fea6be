package stats_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// timings collects how long each round took, and reports what the bars speak of.
type timings []time.Duration

func (t *timings) since(started time.Time) { *t = append(*t, time.Since(started)) }

func (t timings) report(b *testing.B) {
	slices.Sort(t)
	at := func(part float64) float64 { return float64(t[int(part*float64(len(t)-1))]) / float64(time.Millisecond) }
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.95), "p95-ms")
}

// asking asks for one page: the overview, or a dashboard of any guild, the largest as often as all others together, and
// any period.
type asking func(ctx context.Context, figures *stats.Stats, random *rand.Rand) error

func overviewPage(ctx context.Context, figures *stats.Stats, _ *rand.Rand) error {
	_, err := figures.Overview(ctx)
	return err
}

func guildPage(ctx context.Context, figures *stats.Stats, random *rand.Rand) error {
	guild := snowflake.GuildID(1)
	if random.IntN(2) == 0 {
		guild = snowflake.GuildID(1 + random.IntN(townGuilds))
	}
	_, err := figures.Guild(ctx, guild, stats.Last(stats.Periods()[random.IntN(4)]))
	return err
}

// BenchmarkOverview is the operator's page over -rows rows: kept, after messages were counted in every guild, computed
// anew, and first of all in a new process.
func BenchmarkOverview(b *testing.B) { benchmarkPage(b, overviewPage) }

// BenchmarkGuild is a guild's dashboard over -rows rows.
func BenchmarkGuild(b *testing.B) { benchmarkPage(b, guildPage) }

// BenchmarkGuildChosen is the dashboard of the largest guild over a chosen time, computed anew.
func BenchmarkGuildChosen(b *testing.B) {
	dir, end := town(b)
	s := openTown(b, dir, end)
	defer s.Close()
	figures := stats.New(s, stats.Options{Clock: func() time.Time { return end }})
	for _, chosen := range []struct {
		name string
		days int
	}{{"day", 1}, {"month", 30}, {"quarter", 91}, {"year", 364}} {
		b.Run(chosen.name, func(b *testing.B) {
			w, err := stats.CustomWindow(end, end.AddDate(0, 0, -chosen.days), end.Add(-time.Hour))
			if err != nil {
				b.Fatal(err)
			}
			var took timings
			for b.Loop() {
				s.DropCaches()
				started := time.Now()
				if _, err := figures.Guild(b.Context(), 1, w); err != nil {
					b.Fatal(err)
				}
				took.since(started)
			}
			took.report(b)
		})
	}
}

// warmTown opens a town and asks for every page there is.
func warmTown(b *testing.B, dir string, end time.Time, ask asking) (*store.Store, *stats.Stats, *rand.Rand) {
	s := openTown(b, dir, end)
	figures := stats.New(s, stats.Options{Clock: func() time.Time { return end }})
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		if err := ask(context.Background(), figures, random); err != nil {
			b.Fatal(err)
		}
	}
	return s, figures, random
}

func benchmarkPage(b *testing.B, ask asking) {
	dir, end := town(b)
	ctx := context.Background()
	options := stats.Options{Clock: func() time.Time { return end }}
	b.Run("kept", func(b *testing.B) {
		s, figures, random := warmTown(b, dir, end, ask)
		defer s.Close()
		var took timings
		b.ReportAllocs()
		for b.Loop() {
			started := time.Now()
			if err := ask(ctx, figures, random); err != nil {
				b.Fatal(err)
			}
			if len(took) < 1_000_000 {
				took = append(took, time.Since(started))
			}
		}
		took.report(b)
	})
	b.Run("flushed", func(b *testing.B) {
		s, figures, random := warmTown(b, dir, end, ask)
		defer s.Close()
		before := s.Reads()
		var took timings
		for b.Loop() {
			tally, running := moderation.NewTally(), moderation.BucketOf(end).UnixMilli()
			for guild := snowflake.GuildID(1); guild <= townGuilds; guild++ {
				tally.Counts[moderation.Spot{Guild: guild, Bucket: running}] = moderation.Counts{Messages: 1}
			}
			if err := s.Flush(ctx, tally, moderation.Position{}); err != nil {
				b.Fatal(err)
			}
			started := time.Now()
			if err := ask(ctx, figures, random); err != nil {
				b.Fatal(err)
			}
			took.since(started)
		}
		took.report(b)
		b.ReportMetric(float64(s.Reads()-before)/float64(b.N), "queries")
	})
	b.Run("anew", func(b *testing.B) {
		s := openTown(b, dir, end)
		defer s.Close()
		figures := stats.New(s, options)
		random := rand.New(rand.NewPCG(3, 4))
		before := s.Reads()
		var took timings
		for b.Loop() {
			s.DropCaches()
			started := time.Now()
			if err := ask(ctx, figures, random); err != nil {
				b.Fatal(err)
			}
			took.since(started)
		}
		took.report(b)
		b.ReportMetric(float64(s.Reads()-before)/float64(b.N), "queries")
	})
	b.Run("cold", func(b *testing.B) {
		random := rand.New(rand.NewPCG(3, 4))
		var took timings
		for b.Loop() {
			s := openTown(b, dir, end)
			figures := stats.New(s, options)
			fromDisk(b, dir)
			started := time.Now()
			if err := ask(ctx, figures, random); err != nil {
				b.Fatal(err)
			}
			took.since(started)
			s.Close()
		}
		took.report(b)
	})
}
