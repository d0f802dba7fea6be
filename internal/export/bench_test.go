package export

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// plain is a history of one guild as it really is: short texts, one action to two violations, 4000 members.
func plain(violations int) func(*store.Importer) error {
	return func(im *store.Importer) error {
		start := noon.Add(-90 * 24 * time.Hour)
		im.Guild(moderation.Guild{ID: home, Name: "Canary", Owner: keeper, Members: 4000, JoinedAt: start}, "Europe/Berlin")
		for user := range snowflake.UserID(4000) {
			im.Member(home, &moderation.Member{User: moderation.User{ID: 10_000 + user, Name: fmt.Sprint("member", user),
				Global: fmt.Sprint("Member ", user)}, JoinedAt: start})
		}
		for i := range violations {
			at := start.Add(90 * 24 * time.Hour / time.Duration(violations) * time.Duration(i))
			user := snowflake.UserID(10_000 + (i*7919)%4000)
			v := moderation.Violation{Guild: home, At: at, Source: moderation.SourceAutoMod,
				Severity: moderation.Severities()[i%4], Rule: "automod:412", RuleName: "Bad words", User: user, Channel: 77,
				Message: snowflake.At[snowflake.MessageID](at, int64(i%4096)), Keyword: "word",
				Content: "this is what somebody wrote, number " + strconv.Itoa(i)}
			if i%2 == 0 {
				im.Violation(v)
				continue
			}
			im.Violation(v, moderation.Action{Kind: moderation.ActionDelete, Source: moderation.SourceAutoMod, Target: user,
				Channel: 77, Count: 1, Outcome: moderation.OutcomeDone})
		}
		return nil
	}
}

// many is how many violations the benchmark exports.
func many() int {
	n, _ := strconv.Atoi(os.Getenv("GUILDWATCH_EXPORT_ROWS"))
	return max(n, 50_000)
}

// sameCSV is the export of violations as sqlite3's command line writes it: the same columns with the same cells, but for
// the time of the guild's zone, which it does not know, and what keeps cells from being formulas.
const sameCSV = `.mode csv
.headers on
SELECT v.number, strftime('%Y-%m-%dT%H:%M:%fZ', v.at/1000.0, 'unixepoch') AS at,
  strftime('%Y-%m-%dT%H:%M:%S+01:00', v.at/1000 + 3600, 'unixepoch') AS at_local, v.state, v.severity, v.source, v.rule,
  v.rule_name, nullif(v.rule_version, 0), v.user_id, coalesce(nullif(u.global_name, ''), u.name), v.channel_id,
  c.name AS channel_name, v.message_id, v.surface, v.keyword, v.content, nullif(v.response_ms, -1),
  nullif(v.marked_by, 0), m.name, nullif(v.claimed_by, 0), l.name,
  (SELECT group_concat(a.kind || ' ' || a.outcome, ', ') FROM actions a
    WHERE a.guild_id = v.guild_id AND a.violation = v.number AND a.violation <> 0) AS actions
FROM violations v LEFT JOIN users u ON u.user_id = v.user_id LEFT JOIN users m ON m.user_id = v.marked_by
LEFT JOIN users l ON l.user_id = v.claimed_by
LEFT JOIN channels c ON c.guild_id = v.guild_id AND c.channel_id = v.channel_id
WHERE v.guild_id = 81384788765712384 AND v.number <= (SELECT max(number) FROM violations WHERE guild_id = 81384788765712384)
ORDER BY v.number DESC;
`

// BenchmarkExport writes a guild's violations to a file, and has sqlite3's command line write the same in the same run.
// GUILDWATCH_EXPORT_ROWS=1000000 is the size of the bar.
func BenchmarkExport(b *testing.B) {
	dir := b.TempDir()
	must(b, store.Import(context.Background(), store.Options{Dir: dir, Clock: clock}, plain(many())))
	d := furnished(b, dir)
	d.page = pageRows
	rate := map[string]float64{}
	for _, format := range Formats() {
		b.Run(string(format), func(b *testing.B) {
			for b.Loop() {
				before := resident()
				began := time.Now()
				n, size := d.export(b, dir, format)
				rate[string(format)] = float64(n) / time.Since(began).Seconds()
				b.ReportMetric(rate[string(format)], "rows/s")
				b.ReportMetric(float64(size)/(1<<20), "MB")
				b.ReportMetric(resident()-before, "MB-more-memory")
			}
		})
	}
	b.Run("live", func(b *testing.B) { // while members write as before; in turns, because the database grows
		for b.Loop() {
			var quiet, busy calm
			for range 5 {
				d.traffic(b, dir, &quiet, func(enough <-chan struct{}) { <-enough })
				d.traffic(b, dir, &busy, func(enough <-chan struct{}) {
					for open := true; open; {
						d.export(b, dir, CSV)
						select {
						case <-enough:
							open = false
						default:
						}
					}
				})
			}
			b.ReportMetric(busy.p99()/quiet.p99(), "p99-to-quiet")
			b.ReportMetric(busy.p99(), "ms-p99")
			b.ReportMetric(busy.log, "MB-of-WAL")
		}
	})
	b.Run("sqlite3", func(b *testing.B) {
		program, err := exec.LookPath("sqlite3")
		if err != nil {
			b.Skip("sqlite3's command line is not installed: there is nothing to compare with")
		}
		for b.Loop() {
			began := time.Now()
			command := exec.Command(program, "-batch", "-readonly", filepath.Join(dir, "guildwatch.db"))
			command.Stdin, err = os.Open(script(b, dir))
			must(b, err)
			out, err := os.Create(filepath.Join(dir, "out"))
			must(b, err)
			command.Stdout, command.Stderr = out, os.Stderr
			must(b, command.Run())
			must(b, out.Close())
			rows := float64(many()) / time.Since(began).Seconds()
			b.ReportMetric(rows, "rows/s")
			b.ReportMetric(rate["csv"]/rows, "csv-to-sqlite3")
		}
	})
}

// export writes every violation to a file, and gives its rows and bytes.
func (d *desk) export(b *testing.B, dir string, format Format) (rows, size int64) {
	file, err := os.CreateTemp(dir, "out") // a name anew: ext4 writes a file that was emptied when it is closed
	must(b, err)
	rows, size, err = d.Write(context.Background(), file,
		store.Export{ExportOrder: order(Violations, format), Guild: home, At: noon}, func(store.ExportProgress) {})
	must(b, err)
	must(b, errors.Join(file.Close(), os.Remove(file.Name())))
	return rows, size
}

// resident is the memory of this process in MB.
func resident() float64 {
	text, err := os.ReadFile("/proc/self/statm")
	var size, pages int64
	if _, failed := fmt.Sscan(string(text), &size, &pages); err != nil || failed != nil {
		return 0
	}
	return float64(pages*int64(os.Getpagesize())) / (1 << 20)
}

// calm is how live traffic fared.
type calm struct {
	took []float64 // ms to record a violation
	log  float64   // the most that the log of the database took, in MB
}

func (c *calm) p99() float64 {
	slices.Sort(c.took)
	return c.took[len(c.took)*99/100]
}

// traffic records a violation every 5 ms while something runs, which is told when there are 600.
func (d *desk) traffic(b *testing.B, dir string, c *calm, meanwhile func(enough <-chan struct{})) {
	over, ended, enough := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		told := sync.OnceFunc(func() { close(enough) })
		defer told()
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for n := 1; ; n++ {
			select {
			case <-over:
				return
			case <-tick.C:
			}
			began := time.Now()
			if _, err := d.catch(context.Background(), snowflake.UserID(10_000+n*7919%4000), int(began.UnixNano()%1e9)); err != nil {
				b.Error(err)
				return
			}
			c.took = append(c.took, float64(time.Since(began))/1e6)
			if n == 600 {
				told()
			}
			if log, err := os.Stat(filepath.Join(dir, "guildwatch.db-wal")); err == nil {
				c.log = max(c.log, float64(log.Size())/(1<<20))
			}
		}
	}()
	meanwhile(enough)
	close(over)
	<-ended
}

func script(b *testing.B, dir string) string {
	path := filepath.Join(dir, "same.sql")
	must(b, os.WriteFile(path, []byte(sameCSV), 0o600))
	return path
}
