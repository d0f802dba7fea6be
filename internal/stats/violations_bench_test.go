package stats_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// BenchmarkViolations is a page of the list of violations over -rows rows, from anywhere in it, of the largest guild as
// often as of all others together: with so many filters, of a week, and searched for words.
func BenchmarkViolations(b *testing.B) {
	dir, end := town(b)
	s := openTown(b, dir, end)
	defer s.Close()
	list := func(guild snowflake.GuildID, f store.ViolationFilter) (rows []store.ViolationRow) {
		if err := s.Read(context.Background(), func(now *store.Snapshot) {
			rows = now.Violations(guild, f, 51)
		}); err != nil {
			b.Fatal(err)
		}
		return rows
	}
	last := map[snowflake.GuildID]int64{}
	for guild := snowflake.GuildID(1); guild <= townGuilds; guild++ {
		last[guild] = list(guild, store.ViolationFilter{})[0].Number
	}
	run := func(name string, fill func(*store.ViolationFilter, *rand.Rand)) {
		b.Run(name, func(b *testing.B) {
			random := rand.New(rand.NewPCG(5, 6))
			var took timings
			before, found := s.Reads(), 0
			for b.Loop() {
				guild := snowflake.GuildID(1)
				if random.IntN(2) == 0 {
					guild = snowflake.GuildID(1 + random.IntN(townGuilds))
				}
				var f store.ViolationFilter
				if random.IntN(2) == 0 {
					f.Before = 1 + random.Int64N(last[guild])
				}
				fill(&f, random)
				fromDisk(b, dir)
				started := time.Now()
				found += len(list(guild, f))
				took.since(started)
			}
			took.report(b)
			b.ReportMetric(float64(s.Reads()-before)/float64(b.N), "queries")
			b.ReportMetric(float64(found)/float64(b.N), "rows")
		})
	}
	for filters := range 4 {
		run(fmt.Sprint("filters=", filters), func(f *store.ViolationFilter, random *rand.Rand) {
			for _, which := range random.Perm(6)[:filters] {
				narrow(f, which, random)
			}
		})
	}
	run("week", func(f *store.ViolationFilter, random *rand.Rand) {
		f.From = end.AddDate(0, 0, -7-random.IntN(townDays-7))
		f.To = f.From.AddDate(0, 0, 7)
		f.Before = 0
		narrow(f, random.IntN(6), random)
	})
	words := newVocabulary(rand.New(rand.NewPCG(1, 2)))
	for name, text := range map[string]func(*rand.Rand) string{
		"word":  func(random *rand.Rand) string { return words.list[300+random.IntN(len(words.list)-300)] },
		"words": func(random *rand.Rand) string { return words.one() + " " + words.list[random.IntN(len(words.list))] },
		"part":  func(random *rand.Rand) string { return words.list[3000+random.IntN(3000)][1:4] },
		"none":  func(random *rand.Rand) string { return words.list[random.IntN(3000)] + "q" },
	} {
		run("text="+name, func(f *store.ViolationFilter, random *rand.Rand) {
			f.Text = text(random)
			if random.IntN(2) == 0 {
				narrow(f, random.IntN(6), random)
			}
		})
	}
}

// narrow sets one of the filters, to what is common or rare as it is in the town.
func narrow(f *store.ViolationFilter, which int, random *rand.Rand) {
	rule := 1 + random.IntN(townRules)
	switch which {
	case 0:
		f.Severity = moderation.Severities()[random.IntN(4)]
	case 1:
		f.Source = moderation.SourceRule
	case 2:
		f.State = moderation.StateFalsePositive
		if random.IntN(2) == 0 {
			f.State = moderation.StateCounted
		}
	case 3:
		f.Rule = fmt.Sprint("rule:", rule)
		if random.IntN(2) == 0 {
			f.Rule = fmt.Sprint("automod:", 400+rule)
		}
	case 4:
		f.User = snowflake.UserID(1_000 + rand.NewZipf(random, 1.05, 50, townUsers-1).Uint64())
	case 5:
		f.Channel = snowflake.ChannelID(70 + random.IntN(60))
	}
}
