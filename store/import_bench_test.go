package store_test

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

// BenchmarkImport writes 90 days of three guilds: 300 000 rows of violations, actions, commands, joins and leaves.
func BenchmarkImport(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		dir := b.TempDir()
		b.StartTimer()
		if err := store.Import(context.Background(), store.Options{Dir: dir}, history(300_000)); err != nil {
			b.Fatal(err)
		}
	}
}

// history tells of three guilds of different size: n rows in 90 days.
func history(n int) func(*store.Importer) error {
	return func(im *store.Importer) error {
		r := rand.New(rand.NewPCG(1, 2))
		end := time.Now()
		span := 90 * 24 * time.Hour
		start := end.Add(-span)
		for g := snowflake.GuildID(1); g <= 3; g++ {
			im.Guild(moderation.Guild{ID: g, Name: fmt.Sprint("guild ", int64(g)), Members: 1000, JoinedAt: start},
				"UTC")
			for u := range snowflake.UserID(4000) {
				im.Member(g, &moderation.Member{User: moderation.User{ID: u + 1, Name: fmt.Sprint("user", u)},
					JoinedAt: start})
			}
			for at := start; at.Before(end); at = at.Add(moderation.Bucket) {
				im.Messages(g, at, moderation.Counts{Messages: 30, Edits: 2})
				im.Active(g, snowflake.UserID(r.IntN(4000)+1), at)
			}
		}
		for i := range n {
			at := start.Add(span / time.Duration(n) * time.Duration(i))
			g := snowflake.GuildID(1 + min(2, r.IntN(6)/2))
			origin := moderation.Origin{Guild: g, At: at}
			user := moderation.User{ID: snowflake.UserID(r.IntN(4000) + 1), Name: "somebody"}
			switch i % 6 {
			case 0:
				im.Violation(moderation.Violation{
					Guild: g, At: at, Source: moderation.SourceAutoMod, Severity: moderation.SeverityMedium,
					Rule: "automod:412", RuleName: "Bad words", User: user.ID, Channel: 77,
					Message: snowflake.At[snowflake.MessageID](at, int64(i)), Keyword: "word",
					Content: "a word that is bad",
				}, moderation.Action{Kind: moderation.ActionDelete, Source: moderation.SourceAutoMod, Target: user.ID,
					Channel: 77, Outcome: moderation.OutcomeDone})
			case 1, 2:
				im.Action(moderation.AuditEntry{Origin: origin, Entry: snowflake.At[snowflake.EntryID](at, int64(i)),
					Action: moderation.Action{
						Kind: moderation.ActionTimeout, Source: moderation.SourceAudit, Target: user.ID, Actor: 5,
						Reason: "too loud", Outcome: moderation.OutcomeDone,
					}})
			case 3, 4:
				im.Command(moderation.CommandRun{Origin: origin,
					Interaction: snowflake.At[snowflake.InteractionID](at, int64(i)), Command: "stats", User: user,
					OK: true})
			case 5:
				im.Join(moderation.MemberJoined{Origin: origin, Member: moderation.Member{User: user, JoinedAt: at}})
			}
		}
		return nil
	}
}
