package export

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

const (
	home   = snowflake.GuildID(81384788765712384)
	other  = snowflake.GuildID(81384788765712390)
	keeper = snowflake.UserID(7)
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// past makes a database with so many violations of home and of other, and everything that people write in them hostile.
func past(violations int) func(*store.Importer) error {
	return func(im *store.Importer) error {
		r := rand.New(rand.NewPCG(3, uint64(violations)))
		text := func() string { return hostile[r.IntN(len(hostile))] }
		start := noon.Add(-90 * 24 * time.Hour)
		for _, guild := range []snowflake.GuildID{home, other} {
			im.Guild(moderation.Guild{ID: guild, Name: "=Canary <Coffee>;House", Owner: keeper, Members: 90, JoinedAt: start},
				"Europe/Berlin")
			for user := range snowflake.UserID(50) {
				im.Member(guild, &moderation.Member{User: moderation.User{ID: 100 + user, Name: text(), Global: text()},
					JoinedAt: start})
			}
		}
		kinds := []moderation.ActionKind{moderation.ActionDelete, moderation.ActionWarn, moderation.ActionTimeout}
		for i := range violations {
			at := start.Add(90 * 24 * time.Hour * time.Duration(i) / time.Duration(violations))
			for g, guild := range []snowflake.GuildID{home, other} {
				if g*i%10 != 0 {
					continue // the other guild has a tenth
				}
				user := 100 + snowflake.UserID(r.IntN(60)) // some of whom nobody knows a name
				var done []moderation.Action
				for _, kind := range kinds[:r.IntN(4)] {
					done = append(done, moderation.Action{Kind: kind, Source: moderation.SourceAutoMod, Target: user, Channel: 77,
						Reason: text(), Count: 1, Outcome: moderation.OutcomeDone})
				}
				im.Violation(moderation.Violation{Guild: guild, At: at, Source: moderation.SourceAutoMod,
					Severity: moderation.Severities()[r.IntN(4)], Rule: "automod:412", RuleName: text(), User: user, Channel: 77,
					Message: snowflake.At[snowflake.MessageID](at, int64(i)), Keyword: text(), Content: text() + text()}, done...)
			}
		}
		return nil
	}
}

// desk is a store with an exporter over it.
type desk struct {
	*store.Store
	*Exporter
}

// histories keeps each history that was made: a copy costs a hundredth of making it again.
var histories = map[int][]byte{}

// opened opens the history of past.
func opened(t testing.TB, violations int) *desk {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "guildwatch.db")
	if whole := histories[violations]; whole != nil {
		must(t, os.WriteFile(file, whole, 0o600))
		return furnished(t, dir)
	}
	must(t, store.Import(context.Background(), store.Options{Dir: dir, Clock: clock}, past(violations)))
	var err error
	histories[violations], err = os.ReadFile(file)
	must(t, err)
	return furnished(t, dir)
}

func clock() time.Time { return noon }

func furnished(t testing.TB, dir string) *desk {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	s, err := storetest.Open(dir, storetest.Clock(clock))
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	x, err := New(Options{Store: s, Dir: dir + "/exports", Logger: quiet, Clock: clock, Stats: stats.New(s, stats.Options{
		Clock: clock, Logger: quiet, Gateway: func() stats.Gateway { return stats.Gateway{} }})})
	must(t, err)
	x.page = 20 // many pages of few rows
	return &desk{s, x}
}

// running has the worker run until the test ends, or stop is called.
func (d *desk) running(t testing.TB) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); d.Run(ctx) }()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return stop
}

// roles lets everybody be what a test says.
type roles access.Role

func (r roles) RoleIn(context.Context, snowflake.GuildID, access.Actor) (access.Role, error) {
	return access.Role(r), nil
}

func grantOf(t testing.TB, guild snowflake.GuildID, role access.Role) access.Grant[access.Export] {
	t.Helper()
	grant, err := access.Check[access.Export](context.Background(), roles(role), access.Person(keeper, false), guild)
	must(t, err)
	return grant
}

func order(what What, format Format) store.ExportOrder {
	return store.ExportOrder{What: string(what), Format: string(format)}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// written is a table as its file has it: for each row the text of each column, "" for nothing.
func (d *desk) written(t testing.TB, what What, format Format, filter store.ExportFilter) (rows []map[string]string) {
	t.Helper()
	var file strings.Builder
	e := store.Export{ExportOrder: order(what, format), Guild: home, At: noon}
	e.Filter = filter
	n, size, err := d.Write(context.Background(), &file, e, func(store.ExportProgress) {})
	must(t, err)
	if rows, err = parse(what, format, file.String()); err != nil {
		t.Fatalf("%s as %s: %v\n%.600s", what, format, err, file.String())
	}
	if int(n) != len(rows) || int(size) != file.Len() {
		t.Errorf("%s as %s: %d rows and %d bytes are reported of %d and %d", what, format, n, size, len(rows), file.Len())
	}
	return rows
}

// columnsOf are the columns of a table.
func columnsOf(what What) []Column {
	return map[What][]Column{Violations: violationColumns, Actions: actionColumns, Warnings: warningColumns,
		Health: healthColumns, Offenders: offenderColumns, Effectiveness: effectColumns, Temporal: temporalColumns,
		AuditLog: auditColumns}[what]
}

var errCut = errors.New("the file is not whole")

// parse reads a file as docs/EXPORTS.md tells people to.
func parse(what What, format Format, file string) ([]map[string]string, error) {
	if format == JSON {
		return parseJSON(what, file)
	}
	text, marked := strings.CutPrefix(file, "\ufeff")
	if !marked || !strings.HasSuffix(text, "\r\n") {
		return nil, errCut
	}
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	last := records[len(records)-1]
	if last[0] != lastRow || last[1] != strconv.Itoa(len(records)-2)+" rows" {
		return nil, errCut
	}
	columns := columnsOf(what)
	var rows []map[string]string
	for _, record := range records[1 : len(records)-1] {
		row := map[string]string{}
		for i, column := range columns {
			if records[0][i] != column.Name {
				return nil, fmt.Errorf("column %d is %q", i, records[0][i])
			}
			if row[column.Name] = record[i]; column.Is == Text || column.Is == ID {
				row[column.Name] = plainCell(record[i])
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func parseJSON(what What, file string) (rows []map[string]string, err error) {
	var whole struct {
		Rows  []map[string]any `json:"rows"`
		Count *int             `json:"count"`
	}
	decoder := json.NewDecoder(strings.NewReader(file))
	decoder.UseNumber()
	if err := decoder.Decode(&whole); err != nil {
		return nil, errors.Join(errCut, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) || whole.Count == nil || *whole.Count != len(whole.Rows) {
		return nil, errCut
	}
	for _, from := range whole.Rows {
		row := map[string]string{}
		for _, column := range columnsOf(what) {
			value, there := from[column.Name]
			_, number := value.(json.Number)
			switch {
			case !there || len(from) != len(columnsOf(what)):
				return nil, fmt.Errorf("a row has the keys %v", from)
			case value == nil:
				row[column.Name] = ""
			case number != (column.Is == Number || column.Is == Decimal):
				return nil, fmt.Errorf("%s is %T", column.Name, value)
			default:
				row[column.Name] = fmt.Sprint(value)
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}
