package stats_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
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
	_, err := figures.Guild(ctx, guild, stats.Periods()[random.IntN(4)])
	return err
}

// BenchmarkOverview is the operator's page over -rows rows: kept, computed anew, and first of all in a new process.
func BenchmarkOverview(b *testing.B) { benchmarkPage(b, overviewPage) }

// BenchmarkGuild is a guild's dashboard over -rows rows.
func BenchmarkGuild(b *testing.B) { benchmarkPage(b, guildPage) }

func benchmarkPage(b *testing.B, ask asking) {
	dir, end := town(b)
	ctx := context.Background()
	options := stats.Options{Clock: func() time.Time { return end }}
	b.Run("kept", func(b *testing.B) {
		s := openTown(b, dir, end)
		defer s.Close()
		figures := stats.New(s, options)
		random := rand.New(rand.NewPCG(3, 4))
		for range 2000 { // every page there is
			if err := ask(ctx, figures, random); err != nil {
				b.Fatal(err)
			}
		}
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
	b.Run("anew", func(b *testing.B) {
		s := openTown(b, dir, end)
		defer s.Close()
		figures := stats.New(s, options)
		random := rand.New(rand.NewPCG(3, 4))
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
	})
	b.Run("cold", func(b *testing.B) {
		random := rand.New(rand.NewPCG(3, 4))
		var took timings
		for b.Loop() {
			s := openTown(b, dir, end)
			figures := stats.New(s, options)
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
