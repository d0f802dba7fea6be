package export

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// steps are what an export says of how far it has come, page by page, with the rows of its file.
func (d *desk) steps(t *testing.T, what What, filter store.ExportFilter) (steps []store.ExportProgress, rows int64) {
	t.Helper()
	e := store.Export{ExportOrder: order(what, CSV), Guild: home, At: noon}
	e.Filter = filter
	rows, _, err := d.Write(context.Background(), discard{}, e, func(come store.ExportProgress) { steps = append(steps, come) })
	must(t, err)
	return steps, rows
}

type discard struct{}

func (discard) Write(piece []byte) (int, error) { return len(piece), nil }

// Every table says how much there is to go through and how much of it is done, and never goes back; without a filter the one
// is its rows.
func TestHowFarAnExportIs(t *testing.T) {
	d := opened(t, 300)
	dir := filepath.Dir(d.o.Dir)
	storetest.Tamper(t, dir, fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90)
		INSERT INTO warnings (guild_id, number, user_id, at, source, given_by, reason, violation, action_id)
		SELECT %d, i, 101, %d + i * 3600000, 'dashboard', 7, 'spam', 0, 0 FROM n`, home, noon.Add(-90*time.Hour).UnixMilli()))
	made, err := d.AskExport(t.Context(), grantOf(t, home, access.Owner), order(Health, CSV))
	must(t, err)
	_, err = d.EndExport(t.Context(), made, store.ExportResult{State: store.ExportDone}, false)
	must(t, err)
	for range 45 {
		must(t, d.NoteDownload(t.Context(), grantOf(t, home, access.Owner), made))
	}
	half := noon.Add(-45 * 24 * time.Hour)
	for _, what := range All() {
		filters := []store.ExportFilter{{}}
		switch what {
		case Violations, AuditLog:
			filters = append(filters, store.ExportFilter{To: half}, store.ExportFilter{From: half})
		case Actions:
			filters = append(filters, store.ExportFilter{To: half}, store.ExportFilter{From: half, To: half.Add(240 * time.Hour)},
				store.ExportFilter{User: 101}, store.ExportFilter{Action: "warn"}, store.ExportFilter{Action: "ban"})
		case Warnings:
			filters = append(filters, store.ExportFilter{Text: "spam", To: noon.Add(-50 * time.Hour)})
		}
		for _, filter := range filters {
			steps, rows := d.steps(t, what, filter)
			var last store.ExportProgress
			for _, now := range steps {
				if now.Rows < last.Rows || now.Gone < last.Gone || now.Gone > now.Total || now.Rows > now.Total ||
					last.Total > 0 && now.Total != last.Total {
					t.Errorf("%s by %+v goes from %+v to %+v", what, filter, last, now)
				}
				last = now
			}
			if last.Gone != last.Total || last.Rows != rows || filter == (store.ExportFilter{}) && last.Total != rows {
				t.Errorf("%s by %+v ends with %+v of %d rows", what, filter, last, rows)
			}
			if len(filters) > 1 && filter == (store.ExportFilter{}) && (len(steps) < 2 || steps[0].Gone != 20) {
				t.Errorf("%s begins with %+v", what, steps)
			}
		}
	}
}

// What is counted in pieces is as much as what is counted at once, also with more at one moment than a piece has.
func TestPiecesOfASurvey(t *testing.T) {
	d := opened(t, 20)
	storetest.Tamper(t, filepath.Dir(d.o.Dir), fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
		INSERT INTO actions (guild_id, at, kind, source, target_id, actor_id, channel_id, reason, outcome, origin)
		SELECT %d + (i %% 7 = 0), CASE WHEN i < 5000 THEN %d ELSE %d + i END, 'ban', 'audit', 101, 7, 0, '', 'done', 'test:' || i
		FROM n`, home, noon.UnixMilli(), noon.UnixMilli()))
	var last store.LastRows
	must(t, d.Read(t.Context(), func(now *store.Snapshot) { last = now.LastRows(home) }))
	for name, test := range map[string]struct {
		filter store.ExportFilter
		wants  int64
	}{
		"all":          {store.ExportFilter{Action: "ban"}, 10_286},
		"from a time":  {store.ExportFilter{From: noon}, 10_286},
		"up to a time": {store.ExportFilter{From: noon, To: noon.Add(8 * time.Second)}, 6_857},
		"one member":   {store.ExportFilter{User: 101, From: noon}, 10_286},
	} {
		all, err := d.survey(t.Context(), &store.Export{ExportOrder: store.ExportOrder{What: string(Actions), Filter: test.filter},
			Guild: home}, last)
		must(t, err)
		if name == "all" {
			all.Entries -= d.olderActions(t)
		}
		if all.Entries != test.wants || all.Highest > last.Actions || all.Lowest < 1 || all.Highest-all.Lowest+1 < all.Entries {
			t.Errorf("%s: %+v, want %d", name, all, test.wants)
		}
	}
}

// olderActions are how many actions the history had by itself.
func (d *desk) olderActions(t *testing.T) (n int64) {
	t.Helper()
	must(t, d.Read(t.Context(), func(now *store.Snapshot) {
		for _, a := range now.ActionList(home, store.ActionFilter{To: noon}, 1000) {
			if a.Kind != moderation.ActionBan {
				n++
			}
		}
	}))
	return n
}
