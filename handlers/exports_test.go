package handlers

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/export"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

var exportsPath = homePath + "/exports"

// Exports of home and of the other guild, under ids that a test knows.
const (
	homeExport = "HOMEHOMEHOMEHOMEHOMEHOME22"
	farExport  = "FARFARFARFARFARFARFARFAR22"
)

// writing lets a site write exports until the test ends.
func writing(t *testing.T, o *Options, dir string) {
	t.Helper()
	x, err := export.New(export.Options{Store: o.Store, Stats: o.Stats, Dir: filepath.Join(dir, "exports"), Logger: o.Logger,
		Clock: func() time.Time { return noon }})
	must(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); x.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	o.Exports = x
}

// takeOut makes an export of a guild's violations in the name of its owner, and gives it an id that a test knows.
func (h *house) takeOut(t *testing.T, guild snowflake.GuildID, owner snowflake.UserID, id string) {
	t.Helper()
	grant, err := access.Check[access.Export](t.Context(), h.Roster, access.Person(owner, false), guild)
	must(t, err)
	made, err := h.Exports.Ask(t.Context(), grant, store.ExportOrder{What: "violations", Format: "csv"}, time.Minute)
	must(t, err)
	if made.State != store.ExportDone {
		t.Fatalf("made %+v", made)
	}
	storetest.Tamper(t, h.dir, fmt.Sprintf("UPDATE exports SET export_id = '%s' WHERE export_id = '%s'", id, made.ID))
	folder := filepath.Join(h.dir, "exports", guild.String())
	must(t, os.Rename(filepath.Join(folder, made.ID+".csv"), filepath.Join(folder, id+".csv")))
}

// table reads a CSV answer and fails unless it is whole.
func table(t *testing.T, got reply) [][]string {
	t.Helper()
	text, marked := strings.CutPrefix(got.body, "\ufeff")
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || len(records) < 2 || records[len(records)-1][1] != fmt.Sprint(len(records)-2, " rows") {
		t.Fatalf("this is no whole file (%v):\n%.600s", err, got.body)
	}
	return records[1 : len(records)-1]
}

// The button of each list leads to a form with the list's filter, and the form to the file.
func TestAListIsExportedAsItIsShown(t *testing.T) {
	h := policed(t, nil)
	for from, rows := range map[string]int{"/violations": 2, "/violations?source=rule&text=blorp": 1, "/warnings": 1,
		"/violations?member=plain-pat": 1, "/warnings?q=204": 1, "/warnings?q=nothing+like+that": 0, "/audit": -1,
		"/audit?action=rule.saved": 1, "/audit?severity=high&action=rule.saved": 1, "/warnings?q=204&before=99&source=rule": 1} {
		page := h.get(t, 200, homePath+from)
		link := ""
		for _, a := range attributes(t, page.body) {
			if a.name == "href" && strings.HasPrefix(a.value, exportsPath+"?") {
				link = a.value
			}
		}
		if link == "" {
			t.Errorf("%s has no way to an export", from)
			continue
		}
		f := formTo(t, h.get(t, 200, link).body, exportsPath, "format")
		got := h.submit(t, "", exportsPath, f.values)
		if got.StatusCode != 200 || got.Header.Get("Content-Type") != "text/csv; charset=utf-8; header=present" {
			t.Errorf("%s: %d, %s", from, got.StatusCode, got.Header.Get("Content-Type"))
			continue
		}
		if records := table(t, got); rows >= 0 && len(records) != rows || rows < 0 && len(records) == 0 {
			t.Errorf("%s is exported with %d rows, want %d", from, len(records), rows)
		}
		if !strings.Contains(got.Header.Get("Content-Disposition"), `attachment; filename=guildwatch-`) ||
			!strings.Contains(got.Header.Get("Content-Disposition"), `filename*=UTF-8''Canary%20Coffee%20House%20`) {
			t.Errorf("%s: %s", from, got.Header.Get("Content-Disposition"))
		}
	}
}

// Every table as every format, from the page and for scripts; the history has all of them with who asked.
func TestEveryTableCanBeTakenOut(t *testing.T) {
	h := policed(t, nil)
	made := 0
	for _, what := range export.All() {
		for _, format := range export.Formats() {
			if made++; made%10 == 0 { // ten in a minute are allowed, and here no time passes
				storetest.Tamper(t, h.dir, "UPDATE exports SET asked_at = asked_at - 60001")
			}
			got := h.submit(t, "", apiPath(home, "export"), url.Values{"what": {string(what)}, "format": {string(format)}})
			var answer exportAnswer
			if err := json.Unmarshal([]byte(got.body), &answer); err != nil || got.StatusCode != 201 || answer.Download == nil {
				t.Fatalf("%s as %s: %d %s", what, format, got.StatusCode, got.body)
			}
			file := h.get(t, 200, *answer.Download)
			if int64(len(file.body)) != *answer.Bytes || file.Header.Get("Cache-Control") != "private, no-store" {
				t.Errorf("%s as %s: %d bytes of %d, %v", what, format, len(file.body), *answer.Bytes, file.Header)
			}
			if format == export.CSV {
				table(t, file)
			} else if !json.Valid([]byte(file.body)) {
				t.Errorf("%s as %s: %s", what, format, file.body)
			}
		}
	}
	var history exportsAnswer
	must(t, json.Unmarshal([]byte(h.get(t, 200, apiPath(home, "export/history")).body), &history))
	if len(history.Exports) != made || history.Exports[0].By.User != keeper {
		t.Errorf("of %d exports the history has %+v", made, history)
	}
	page := h.get(t, 200, exportsPath).body
	if n := strings.Count(page, "Download"); n < made {
		t.Errorf("the page offers %d files of %d", n, made)
	}
	clean(t, "the page", page)
	if rows := h.auditLog(t, home); rows[1].Action != "export.asked" || rows[0].Actor.User != keeper {
		t.Errorf("the audit log says %+v", rows[0])
	}
}

// A moderator exports what they may see, and neither makes nor fetches what they may not; a viewer exports nothing.
func TestWhoMayExportWhat(t *testing.T) {
	h := policed(t, nil)
	mod, admin := h.signIn(t, modID), h.signIn(t, adminID)
	if got := h.submit(t, h.signIn(t, viewerID), exportsPath, url.Values{"what": {"health"}}); got.StatusCode != 403 {
		t.Errorf("a viewer: %d", got.StatusCode)
	}
	if page := h.get(t, 200, exportsPath, "Cookie", mod).body; strings.Contains(page, "what=audit-log") {
		t.Error("a moderator is offered the audit log")
	}
	if got := h.submit(t, mod, exportsPath, url.Values{"what": {"audit-log"}}); got.StatusCode != 403 {
		t.Errorf("a moderator asks for the audit log: %d", got.StatusCode)
	}
	if row := h.auditLog(t, home)[0]; row.Action != "denied" || row.Target != "right:view_audit" || row.Actor.User != modID {
		t.Errorf("the refusal is in the log as %+v", row)
	}
	var made exportAnswer
	must(t, json.Unmarshal([]byte(h.submit(t, admin, apiPath(home, "export"), url.Values{"what": {"audit-log"}}).body), &made))
	h.get(t, 200, *made.Download, "Cookie", admin)
	h.get(t, 403, *made.Download, "Cookie", mod)
	var history exportsAnswer
	must(t, json.Unmarshal([]byte(h.get(t, 200, apiPath(home, "export/history"), "Cookie", mod).body), &history))
	if history.Exports[0].Download != nil {
		t.Error("a moderator is led to the file of the audit log")
	}
	h.get(t, 200, apiPath(home, "export/history"), "Cookie", admin)
}

// Odd orders are refused with a sentence, on the page beside the field.
func TestOddExports(t *testing.T) {
	h := policed(t, nil)
	for form, want := range map[string]string{
		"what=violations&from=2026-13-01":                       "Write a day",
		"what=violations&from=2026-02-01&to=2026-01-1":          "Write a day",
		"what=violations&member=nobody-like-that":               "No member",
		"what=violations&member=" + farID.String():              "Nobody of that id",
		"what=violations&rule=rule:99":                          "no such rule",
		"what=actions&action=hug":                               "no such action",
		"what=actions&severity=high&text=gift":                  "Actions cannot be narrowed by severity: leave it empty.",
		"what=audit-log&rule=rule%3A1":                          "Audit log cannot be narrowed by rule: leave it empty.",
		"what=health&from=2026-07-01":                           "Health cannot be narrowed by from: leave it empty.",
		"what=top-offenders&member=plain-pat":                   "Top offenders cannot be narrowed by member: leave it empty.",
		"what=violations&period=week":                           "Violations cannot be narrowed by period: leave it empty.",
		"what=top-offenders&to=2026-07-01":                      "Say also when the time begins.",
		"what=top-offenders&period=week&from=2026-07-01":        "Give either a period, or from and to.",
		"what=temporal-analytics&from=2020-01-01&to=2026-01-01": "at most two years",
		"what=temporal-analytics&from=2036-01-01&to=2036-01-02": "not begun yet",
	} {
		values, err := url.ParseQuery(form)
		must(t, err)
		got := h.submit(t, "", exportsPath, values)
		if got.StatusCode != 422 || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d", form, got.StatusCode)
		}
		if to := values.Get("to"); to != "" && !strings.Contains(got.body, `value="`+to+`"`) {
			t.Errorf("%s: what was written is gone", form)
		}
	}
	for _, form := range []string{"", "what=everything", "what=health&format=xlsx", "what=violations&severity=evil",
		"what=top-offenders&period=eon", "what=health&colour=red", "what=health&what=actions", "what=violations&from=yesterday",
		"what=actions&source=moon", "what=violations&user=x", "what=top-offenders&to=2026-07-01T00:00:00Z",
		"what=top-offenders&period=week&to=2026-07-01T00:00:00Z", "what=temporal-analytics&from=2020-01-01T00:00:00Z",
		"what=rule-effectiveness&from=2026-07-01T00:00:00Z&to=2026-07-01T00:00:00Z",
		"what=violations&from=2026-07-02T00:00:00Z&to=2026-07-01T00:00:00Z",
		"what=actions&severity=high&text=gift", "what=warnings&source=rule", "what=audit-log&channel=1", "what=health&period=day",
		"what=violations&action=ban", "what=rule-effectiveness&user=1"} {
		values, err := url.ParseQuery(form)
		must(t, err)
		if got := h.submit(t, "", apiPath(home, "export"), values); got.StatusCode != 400 {
			t.Errorf("%q: %d %s", form, got.StatusCode, got.body)
		}
	}
	if got := h.get(t, 422, exportsPath+"?what=actions&severity=high"); !strings.Contains(got.body, "cannot be narrowed by severity") {
		t.Error("the page leaves out a filter and says nothing")
	}
	var history exportsAnswer
	must(t, json.Unmarshal([]byte(h.get(t, 200, apiPath(home, "export/history")).body), &history))
	if len(history.Exports) > 0 {
		t.Errorf("of odd orders the history has %+v", history)
	}
	empty := url.Values{"what": {"actions"}, "severity": {""}, "text": {" "}, "period": {""}, "rule": {""}}
	if got := h.submit(t, "", exportsPath, empty); got.StatusCode != 200 {
		t.Errorf("fields of other tables that are empty: %d", got.StatusCode)
	}
	if got := h.submit(t, "", apiPath(home, "export"), empty); got.StatusCode != 201 {
		t.Errorf("filters of other tables that are empty: %d", got.StatusCode)
	}
	for _, id := range []string{farExport, "..%2f..%2fguildwatch.db", "%2e%2e", "x.csv", strings.Repeat("A", 26)} {
		h.get(t, 404, apiPath(home, "export/")+id)
	}
}

// The history says of a time that ends at noon that it ends with that day, of one that ends at midnight that it ends with the
// day before.
func TestTheDayOnWhichAnExportEnds(t *testing.T) {
	h := policed(t, nil)
	for to, want := range map[string]string{"2026-07-01T12:00:00Z": "to 1 Jul 2026", "2026-07-01T00:00:00Z": "to 30 Jun 2026"} {
		if got := h.submit(t, "", apiPath(home, "export"), url.Values{"what": {"actions"}, "to": {to}}); got.StatusCode != 201 {
			t.Fatalf("%d %s", got.StatusCode, got.body)
		}
		if page := plainText(h.get(t, 200, exportsPath).body); !strings.Contains(page, want) {
			t.Errorf("of %s the history does not say %q", to, want)
		}
	}
}

// What was taken over from another bot is a source of actions, and of nothing else.
func TestWhatWasTakenOverIsExported(t *testing.T) {
	h := policed(t, nil)
	admin := h.signIn(t, adminID)
	got := h.bring(t, admin, "zeppelin", "cases.json", fmt.Sprintf(`{"cases":[{"case_number":7,"user_id":"%s","mod_id":"%s","type":5,
		"created_at":"2021-03-04 05:06:07","notes":[{"body":"=1+1"}]}]}`, movedID, modID))
	if got := h.submit(t, admin, got.Header.Get("Location"), url.Values{"do": {"import"}}); got.StatusCode != 303 {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	asked := url.Values{"what": {"actions"}, "source": {"import"}}
	if !strings.Contains(h.get(t, 200, exportsPath+"?"+asked.Encode()).body, `<option value="import" selected`) {
		t.Error("the form does not offer it")
	}
	if rows := table(t, h.submit(t, "", exportsPath, asked)); len(rows) != 1 || rows[0][3] != "kick" || rows[0][4] != "import" {
		t.Errorf("the file has %q", rows)
	}
	if strings.Contains(h.get(t, 200, exportsPath+"?what=violations").body, `value="import"`) {
		t.Error("violations are offered by a source that none has")
	}
	if got := h.submit(t, "", apiPath(home, "export"), url.Values{"what": {"violations"}, "source": {"import"}}); got.StatusCode != 400 {
		t.Errorf("violations by that source: %d", got.StatusCode)
	}
}

// F37: somebody with a slow line gets all of a file, and the server holds a piece of it at a time: what it and its reader
// allocate meanwhile is a small part of the file.
func TestASlowReaderGetsTheWholeFile(t *testing.T) {
	h := policed(t, nil)
	h.takeOut(t, home, keeper, homeExport)
	file := filepath.Join(h.dir, "exports", home.String(), homeExport+".csv")
	long := strings.Repeat("0123456789abcdef", 1<<20) // 16 MB
	must(t, os.WriteFile(file, []byte(long), 0o600))
	storetest.Tamper(t, h.dir, fmt.Sprintf("UPDATE exports SET bytes = %d", len(long)))
	r, err := http.NewRequestWithContext(t.Context(), "GET", h.URL+apiPath(home, "export/"+homeExport), nil)
	must(t, err)
	r.Header.Set("Cookie", h.cookie)
	response, err := h.Client().Do(r)
	must(t, err)
	defer response.Body.Close()
	got, before := 0, allocated()
	for piece := make([]byte, 512<<10); ; {
		n, err := io.ReadFull(response.Body, piece)
		got += n
		if err != nil {
			break
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-t.Context().Done():
		}
	}
	if got != len(long) || response.ContentLength != int64(len(long)) {
		t.Errorf("%d bytes of %d arrive", got, len(long))
	}
	if more := allocated() - before; more > uint64(len(long))/4 {
		t.Errorf("%d bytes are allocated for a file of %d", more, len(long))
	}
}

// allocated is how many bytes were ever allocated.
func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}

func TestNamesOfFiles(t *testing.T) {
	for name, want := range map[string]string{"Canary <Coffee> House": "Canary Coffee House", "../../etc/passwd": "etcpasswd",
		"\u202egpj.exe": "gpj.exe", "a\r\nX-Injected: yes": "aX-Injected yes", "": "guildwatch", "...": "guildwatch",
		"Ünïcode 🦊": "Ünïcode 🦊", `"; filename="evil.exe`: "; filename=evil.exe"} {
		if got := fileName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
	got := disposition(&export.File{Guild: "\"; é\r\n", Export: store.Export{At: noon,
		ExportOrder: store.ExportOrder{What: "violations", Format: "csv"}}})
	if want := "attachment; filename=guildwatch-violations-" + noon.Format("2006-01-02") + ".csv; filename*=UTF-8''%3B%20%C3%A9%20" +
		"violations%20" + noon.Format("2006-01-02") + ".csv"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
