package stats_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

var (
	rows = flag.Int("rows", 100_000, "rows of violations, actions, commands, joins and leaves behind the benchmarks")
	disk = flag.Bool("disk", false, "have violations, analytic queries and what is cold read from the disk (Linux)")
	much = flag.Int("violations", 0, "how many violations are behind the benchmarks, with a fifth of what else -rows has for so many")
)

const (
	townGuilds = 50
	townDays   = 365
	townUsers  = 200_000
	townRules  = 30 // in each guild
	// townModerators act in every guild.
	townModerators = 12
)

// town imports a year of 50 guilds whose sizes follow Zipf's law, the largest with a fifth of all, or finds the one of
// the same size that an earlier run has left in the temporary directory. It gives its directory and the moment at which
// it ends.
func town(b *testing.B) (dir string, end time.Time) {
	b.Helper()
	dir = filepath.Join(os.TempDir(), fmt.Sprintf("guildwatch-town-2-%d", *rows)) // 2: as tell tells it now
	if *much > 0 {
		dir = filepath.Join(os.TempDir(), fmt.Sprintf("guildwatch-town-2-of-%d", *much))
	}
	if _, err := os.Stat(filepath.Join(dir, "guildwatch.db")); errors.Is(err, fs.ErrNotExist) {
		started := time.Now()
		if err := store.Import(context.Background(), store.Options{Dir: dir}, tell); err != nil {
			b.Fatal(err)
		}
		b.Logf("imported in %v", time.Since(started).Round(time.Second))
	}
	s := openTown(b, dir, time.Now())
	defer s.Close()
	newest, err := stats.New(s, stats.Options{}).Recent(context.Background(), store.Everywhere, 1)
	if err != nil || len(newest) == 0 {
		b.Fatal("no end of the history: ", err)
	}
	if err := s.SumOffenders(context.Background(), newest[0].At); err != nil { // as the program does every day
		b.Fatal(err)
	}
	return dir, newest[0].At
}

// forget has the system's cache forget the file of a directory; nil where that is not known how to do.
var forget func(dir string) error

// fromDisk has the next question read from the disk, if that is asked for.
func fromDisk(b *testing.B, dir string) {
	b.Helper()
	if !*disk {
		return
	}
	if forget == nil {
		b.Skip("only on Linux")
	}
	if err := forget(dir); err != nil {
		b.Fatal(err)
	}
}

func openTown(b *testing.B, dir string, now time.Time) *store.Store {
	b.Helper()
	s, err := storetest.Open(dir, func(o *store.Options) { o.Clock = func() time.Time { return now } })
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// tell makes up the town's history.
func tell(im *store.Importer) error {
	random := rand.New(rand.NewPCG(1, 2))
	end := time.Now().Truncate(time.Second)
	start := end.AddDate(0, 0, -townDays)
	for g := snowflake.GuildID(1); g <= townGuilds; g++ {
		name := fmt.Sprint("Town ", int64(g))
		im.Guild(moderation.Guild{ID: g, Name: name, Members: townUsers / int(g), JoinedAt: start}, "UTC")
	}
	for at := moderation.BucketOf(start); at.Before(end); at = at.Add(moderation.Bucket) {
		var beats moderation.Latency
		beats.Add(time.Duration(40+random.IntN(60)) * time.Millisecond)
		im.Latency(at, beats)
		for g := snowflake.GuildID(1); g <= townGuilds; g++ {
			im.Messages(g, at, moderation.Counts{Messages: int64(1 + random.IntN(2000/int(g)))})
		}
	}
	guilds := rand.NewZipf(random, 1.01, 1, townGuilds-1)
	users := rand.NewZipf(random, 1.05, 50, townUsers-1)
	rules := rand.NewZipf(random, 1.2, 2, townRules-1)
	channels := rand.NewZipf(random, 1.1, 2, 59)
	words := newVocabulary(random)
	kinds, severities := moderation.ActionKinds(), moderation.Severities()
	sources := []moderation.Source{moderation.SourceAudit, moderation.SourceCommand, moderation.SourceRule}
	steps, others := *rows, 10
	if *much > 0 {
		steps, others = 5**much, 50
	}
	for i := 0; i < steps; i++ {
		if i%10 > 3 && i%others > 9 {
			continue
		}
		at := start.Add(time.Duration(float64(end.Sub(start)) * float64(i) / float64(steps))).Truncate(time.Millisecond)
		origin := moderation.Origin{Guild: snowflake.GuildID(1 + guilds.Uint64()), At: at}
		user := moderation.User{ID: snowflake.UserID(1_000 + users.Uint64()), Name: "member"}
		switch i % 10 {
		case 0, 1, 2, 3: // with its action: two rows
			v := moderation.Violation{
				Guild: origin.Guild, At: at, Severity: severities[random.IntN(4)], User: user.ID, Keyword: words.one(),
				Channel: snowflake.ChannelID(70 + channels.Uint64()),
				Message: snowflake.At[snowflake.MessageID](at, int64(i)), Content: words.message(),
			}
			if rule := int64(1 + rules.Uint64()); i%10 < 2 {
				v.Source, v.Rule, v.RuleName = moderation.SourceAutoMod, fmt.Sprint("automod:", 400+rule), "Bad words"
				im.Violation(v, moderation.Action{Kind: moderation.ActionDelete, Source: moderation.SourceAutoMod,
					Target: user.ID, Channel: v.Channel, Outcome: moderation.OutcomeDone})
			} else {
				v.Source, v.Rule, v.RuleName = moderation.SourceRule, fmt.Sprint("rule:", rule), "No shouting"
				past := store.Past{Took: time.Duration(20+random.IntN(900)) * time.Millisecond,
					Done: []moderation.Action{{Kind: moderation.ActionDelete}}}
				if random.IntN(20) == 0 {
					past.Wrong = 5
				}
				im.Case(moderation.Case{Violation: v, Version: 1, Evidence: fmt.Sprint(i), Detected: at,
					Surface: moderation.SurfaceContent}, past)
			}
			i++
		case 5, 6, 7:
			im.Action(moderation.AuditEntry{Origin: origin, Entry: snowflake.At[snowflake.EntryID](at, int64(i)),
				Action: moderation.Action{
					Kind: kinds[random.IntN(len(kinds))], Source: sources[random.IntN(len(sources))], Target: user.ID,
					Actor: snowflake.UserID(5 + random.IntN(townModerators)), Reason: "too loud", Outcome: moderation.OutcomeDone,
				}})
		case 8:
			im.Command(moderation.CommandRun{
				Origin: origin, Interaction: snowflake.At[snowflake.InteractionID](at, int64(i)), Command: "guildwatch",
				User: user, OK: true,
			})
		case 9:
			im.Join(moderation.MemberJoined{Origin: origin, Member: moderation.Member{User: user, JoinedAt: at}})
		}
	}
	im.User(moderation.User{ID: 5, Name: "moderator"})
	return nil
}
