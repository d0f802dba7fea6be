package export

import (
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// steer fills the tables that an import leaves empty: the audit log, warnings that were cleared, rules.
func (d *desk) steer(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	manage, err := access.Check[access.ManageViolations](ctx, roles(access.Owner), access.Person(keeper, false), home)
	must(t, err)
	assign, err := access.Check[access.ManageRoles](ctx, roles(access.Owner), access.Person(keeper, false), home)
	must(t, err)
	rules, err := access.Check[access.UpdateRules](ctx, roles(access.Owner), access.Person(keeper, false), home)
	must(t, err)
	own := rule.Templates()[0].Rule
	for i, text := range hostile {
		own.Severity = moderation.Severities()[i%4]
		own, err = d.SaveRule(ctx, rules, own, "; "+text)
		must(t, err)
		user := snowflake.UserID(100 + i%50)
		found, err := d.catch(ctx, user, i)
		must(t, err)
		must(t, d.MarkFalsePositive(ctx, manage, found.Violation, i%4 == 0))
		if i%4 == 2 {
			must(t, d.ClearWarning(ctx, manage, int64(i+1), text))
		}
		if i < 5 {
			must(t, d.AssignRole(ctx, assign, access.Member(user), access.Viewer))
		}
		must(t, d.SeeChannel(ctx, moderation.ChannelSeen{Origin: moderation.Origin{Guild: home, At: noon},
			Channel: moderation.Channel{ID: snowflake.ChannelID(77 + i), Name: text}}))
		must(t, d.SeeNativeRule(ctx, moderation.NativeRuleSeen{Origin: moderation.Origin{Guild: home, At: noon},
			Rule: snowflake.RuleID(500 + i), Name: text, Trigger: moderation.TriggerKeyword, Enabled: true}))
	}
}

// catch opens a case of guildwatch's own rule 1.
func (d *desk) catch(ctx context.Context, user snowflake.UserID, i int) (moderation.Opened, error) {
	text := hostile[i%len(hostile)]
	return d.Store.Open(ctx, moderation.Case{Version: 2, Surface: moderation.SurfaceContent, Evidence: text + user.String(),
		Detected: noon, Response: moderation.Response{Delete: true, Ladder: true},
		Violation: moderation.Violation{Guild: home, At: noon.Add(-time.Minute), Source: moderation.SourceRule,
			Severity: moderation.SeverityHigh, Rule: "rule:1", RuleName: text, User: user, Channel: 78,
			Message: snowflake.MessageID(9000 + i), Keyword: text, Content: text}})
}

// Both formats of every table hold the same rows, and every row the same values, whatever people wrote.
func TestCSVAndJSONHoldTheSame(t *testing.T) {
	d := opened(t, 120)
	d.steer(t)
	for _, what := range All() {
		sheet, document := d.written(t, what, CSV, store.ExportFilter{}), d.written(t, what, JSON, store.ExportFilter{})
		if len(sheet) == 0 || len(sheet) != len(document) {
			t.Errorf("%s: %d rows of CSV, %d of JSON", what, len(sheet), len(document))
			continue
		}
		for i := range sheet {
			if !maps.Equal(sheet[i], document[i]) {
				t.Errorf("%s, row %d:\n%q\n%q", what, i, sheet[i], document[i])
			}
		}
	}
}

// The corpus of formulas, in every cell of every table: nothing that people wrote begins a cell with what a program
// computes, for programs that know commas and quotes and for those that do not.
func TestNoExportHoldsAFormula(t *testing.T) {
	d := opened(t, 120)
	d.steer(t)
	for _, what := range All() {
		var file strings.Builder
		_, _, err := d.Write(t.Context(), &file, store.Export{ExportOrder: order(what, CSV), Guild: home, At: noon},
			func(store.ExportProgress) {})
		must(t, err)
		for _, line := range strings.Split(file.String(), "\r\n") {
			for _, cell := range cells(line) {
				inert(t, string(what)+" without quotes", cell)
			}
		}
		records, err := csv.NewReader(strings.NewReader(file.String())).ReadAll()
		must(t, err)
		wrote := 0
		for _, record := range records {
			for _, cell := range record {
				inert(t, string(what), cell)
				if strings.Contains(plainCell(cell), "=1") {
					wrote++
				}
			}
		}
		if wrote == 0 && what != Health && what != Temporal {
			t.Errorf("%s holds nothing that was meant to harm", what)
		}
	}
}

// A file that was cut anywhere is never taken for a whole one.
func TestACutFileIsNoticed(t *testing.T) {
	d := opened(t, 4)
	for _, format := range Formats() {
		var file strings.Builder
		_, _, err := d.Write(t.Context(), &file, store.Export{ExportOrder: order(Violations, format), Guild: home, At: noon},
			func(store.ExportProgress) {})
		must(t, err)
		whole := file.String()
		for end := range len(whole) - 1 { // without the line break at its very end JSON is whole
			if rows, err := parse(Violations, format, whole[:end]); err == nil {
				t.Fatalf("%s cut after %d of %d bytes passes with %d rows", format, end, len(whole), len(rows))
			}
		}
		// Whole lines that are missing in the middle are noticed too.
		lines := strings.SplitAfter(whole, "\n")
		if _, err := parse(Violations, format, strings.Join(slices.Delete(lines, 3, 4), "")); err == nil {
			t.Errorf("%s without its third line passes", format)
		}
	}
}

// The rows of an export are those that the page with the same filter shows, in the same order.
func TestExportsHoldWhatThePageShows(t *testing.T) {
	d := opened(t, 120)
	d.steer(t)
	rapid.Check(t, func(r *rapid.T) {
		f := store.ExportFilter{
			Severity: rapid.SampledFrom(append(moderation.Severities(), "")).Draw(r, "severity"),
			Source:   rapid.SampledFrom([]moderation.Source{"", moderation.SourceRule, moderation.SourceAutoMod}).Draw(r, "source"),
			User:     rapid.SampledFrom([]snowflake.UserID{0, 0, 101, 155, 999}).Draw(r, "user"),
			Text:     rapid.SampledFrom([]string{"", "", "hyperlink"}).Draw(r, "text"),
			State:    rapid.SampledFrom([]string{"", "", "counted", "false_positive"}).Draw(r, "state"),
		}
		if rapid.Bool().Draw(r, "since") {
			f.From = noon.Add(-time.Duration(rapid.IntRange(1, 2000).Draw(r, "hours")) * time.Hour)
		}
		if rapid.Bool().Draw(r, "until") {
			f.To = noon.Add(-time.Duration(rapid.IntRange(1, 1000).Draw(r, "hours before")) * time.Hour)
		}
		var numbers []string
		must(t, d.Read(t.Context(), func(now *store.Snapshot) {
			page := store.ViolationFilter{Severity: f.Severity, Source: f.Source, User: f.User, Text: f.Text,
				State: moderation.ViolationState(f.State), From: f.From, To: f.To}
			for {
				rows := now.Violations(home, page, 50)
				for _, row := range rows {
					numbers = append(numbers, snowflake.String(snowflake.RuleID(row.Number)))
				}
				if len(rows) < 50 {
					return
				}
				page.Before = rows[49].Number
			}
		}))
		var got []string
		for _, row := range d.written(t, Violations, rapid.SampledFrom(Formats()).Draw(r, "format"), f) {
			got = append(got, row["number"])
		}
		if !slices.Equal(got, numbers) {
			t.Fatalf("%+v: %d rows are exported, the page has %d", f, len(got), len(numbers))
		}
	})
}

// Figures come with all that the page and scripts have of them: the time before, kinds, versions, and of how many weeks
// "usual" is.
func TestFiguresHoldWhatThePageShows(t *testing.T) {
	d := opened(t, 400)
	d.steer(t)
	storetest.Tamper(t, filepath.Dir(d.o.Dir), fmt.Sprintf("INSERT INTO latency VALUES (%d, 0, 0, '[]')",
		noon.AddDate(0, 0, -90).UnixMilli())) // so long it was watched
	told := map[string]bool{}
	for _, period := range stats.Periods() {
		filter := store.ExportFilter{Period: string(period)}
		window, err := stats.WindowOf(noon, period)
		must(t, err)
		a, err := d.o.Stats.Analytics(t.Context(), home, window)
		must(t, err)
		before, percent := compared(a.Temporal.Violations.Change)
		rows := d.written(t, Temporal, CSV, filter)
		if len(rows) != 7*24+len(a.Temporal.Series.Points) {
			t.Fatalf("%s: %d rows of times", period, len(rows))
		}
		for i, row := range rows {
			weeks := ""
			if i >= 7*24 {
				if usual := a.Temporal.Series.Points[i-7*24].Usual; usual.Known {
					weeks = strconv.Itoa(usual.Weeks)
				}
			}
			if row["period_violations"] != strconv.FormatFloat(a.Temporal.Violations.Value, 'f', 0, 64) ||
				row["period_violations_before"] != before || row["period_change_percent"] != percent || row["usual_weeks"] != weeks {
				t.Errorf("%s, row %d of times: %v, want %q, %q and %q", period, i, row, before, percent, weeks)
			}
			for column, cell := range row {
				told[column] = told[column] || cell != ""
			}
		}
		for i, row := range d.written(t, Effectiveness, JSON, filter) {
			r := &a.Rules[i]
			before, percent := compared(r.Change)
			if row["rule"] != r.Rule || row["counted_before"] != before || row["change_percent"] != percent ||
				row["kind"] != stats.KindOf(&r.RuleLabel) || (row["versions"] == "") != (len(r.Marks) == 0) {
				t.Errorf("%s, rule %s: %v, want %q and %q", period, r.Rule, row, before, percent)
			}
			for column, cell := range row {
				told[column] = told[column] || cell != ""
			}
		}
	}
	for _, what := range []What{Effectiveness, Temporal} {
		for _, column := range columnsOf(what) {
			if !told[column.Name] {
				t.Errorf("nowhere in %s is anything in %s", what, column.Name)
			}
		}
	}
}

// compared are the cells of a change.
func compared(c stats.Change) (before, percent string) {
	if c.Known {
		before = strconv.FormatFloat(c.Previous, 'f', -1, 64)
	}
	if c.Known && !c.New {
		percent = strconv.FormatFloat(roundTo4(c.Percent), 'f', -1, 64)
	}
	return before, percent
}

func TestVersionsOfARule(t *testing.T) {
	at := noon.Add(time.Hour)
	for want, marks := range map[string][]stats.MarkPoint{
		"":                          nil,
		"2 at 2026-11-20T12:00:00Z": {{Version: 2, At: noon}},
		"2 at 2026-11-20T12:00:00Z (fewer words); 3 at 2026-11-20T13:00:00Z; 4 at 2026-11-20T13:00:00Z (mode: off)": {
			{Version: 2, At: noon, Note: "fewer words"}, {Version: 3, At: at}, {Version: 4, At: at, Note: "mode: off"}},
	} {
		if got := versions(marks); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What comes while an export is written is not in it, and what it is about may change meanwhile: a member who is renamed, and
// one whose account is deleted, have a name in every row.
func TestAnExportIsOfTheMomentItBegan(t *testing.T) {
	d := opened(t, 120)
	whole := d.written(t, Violations, CSV, store.ExportFilter{})
	renamed, deleted := whole[119]["user_id"], whole[118]["user_id"]
	if renamed == deleted {
		t.Fatal("the last two rows are of one member")
	}
	id, err := snowflake.Parse[snowflake.UserID](renamed)
	must(t, err)
	var file strings.Builder
	pages := 0
	n, _, err := d.Write(t.Context(), &file, store.Export{ExportOrder: order(Violations, CSV), Guild: home, At: noon},
		func(store.ExportProgress) {
			pages++
			_, err := d.catch(t.Context(), 101, pages)
			must(t, err)
			must(t, d.SeeMembers(t.Context(), home, []moderation.Member{{User: moderation.User{ID: id, Name: "renamed",
				Global: "renamed"}, JoinedAt: noon}}))
			must(t, d.LoseMember(t.Context(), home, 102, noon))
			storetest.Tamper(t, filepath.Dir(d.o.Dir), "UPDATE users SET gone = 1 WHERE user_id = "+deleted)
		})
	must(t, err)
	rows, err := parse(Violations, CSV, file.String())
	must(t, err)
	if pages < 3 || n != 120 || len(rows) != 120 || rows[0]["number"] != "120" || rows[119]["number"] != "1" {
		t.Errorf("%d pages, %d rows from %s to %s", pages, n, rows[0]["number"], rows[len(rows)-1]["number"])
	}
	for i, row := range rows {
		if row["user_name"] == "" {
			t.Errorf("row %d names nobody", i)
		}
	}
	if now, gone := rows[119]["user_name"], rows[118]["user_name"]; now != "renamed" || !strings.HasPrefix(gone, "Deleted User #") {
		t.Errorf("who was renamed is called %q, whose account was deleted %q", now, gone)
	}
}

// A guild that removes guildwatch has no export any more.
func TestAGuildThatIsLostMeanwhile(t *testing.T) {
	d := opened(t, 400)
	var file strings.Builder
	_, _, err := d.Write(t.Context(), &file, store.Export{ExportOrder: order(Violations, CSV), Guild: home, At: noon},
		func(store.ExportProgress) {
			must(t, d.LoseGuild(t.Context(), moderation.GuildLost{Origin: moderation.Origin{Guild: home, At: noon}}))
		})
	if err == nil || !strings.Contains(err.Error(), "removed") {
		t.Errorf("it ends with %v", err)
	}
	if _, err := parse(Violations, CSV, file.String()); err == nil {
		t.Error("half a file passes for a whole one")
	}
}
