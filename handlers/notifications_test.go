package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// exportEnds has an export of a moderator of home end in the background.
func (h *house) exportEnds(t *testing.T, state store.ExportState) store.Export {
	t.Helper()
	grant, err := access.Check[access.Export](t.Context(), h.Roster, access.Person(modID, false), home)
	must(t, err)
	made, err := h.Store.AskExport(t.Context(), grant, store.ExportOrder{What: "violations", Format: "csv"})
	must(t, err)
	_, err = h.Store.EndExport(t.Context(), made, store.ExportResult{State: state, Problem: "Something went wrong."}, true)
	must(t, err)
	return made
}

// Who had no page open is told on the next one, once, with a link, and without any script; nobody else is.
func TestTheNextPageSaysOnceThatAnExportIsOver(t *testing.T) {
	h := policed(t, nil)
	mod := h.signIn(t, modID)
	ready, failed := h.exportEnds(t, store.ExportDone), h.exportEnds(t, store.ExportFailed)
	says := func(page string) bool { return strings.Contains(page, "Your export is ready: Violations.") }
	if says(h.get(t, 200, homePath, "Cookie", h.signIn(t, adminID)).body) {
		t.Error("somebody else is told")
	}
	if says(h.get(t, 200, homePath+"?region=panel-cards", "Cookie", mod).body) {
		t.Error("a part of a page says it")
	}
	h.ask(t, http.MethodHead, homePath, "Cookie", mod)
	if says(h.get(t, 200, homePath, "Cookie", mod, "Sec-Purpose", "prefetch;prerender").body) {
		t.Error("a page that nobody looks at says it")
	}
	page := h.get(t, 200, homePath+"/warnings", "Cookie", mod).body
	for _, want := range []string{`data-told="1 2"`, "Your export is ready: Violations.", "Your export failed: Violations.",
		`<a class="toast-text" href="` + apiPath(home, "export/"+ready.ID) + `"`,
		`<a class="toast-text" href="` + exportsPath + "#export-" + failed.ID + `"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the next page lacks %s", want)
		}
	}
	if says(h.get(t, 200, homePath, "Cookie", mod).body) {
		t.Error("it is said twice")
	}
}

// A page whose stream was down hears of it when that is back; what its script has shown is not said again.
func TestAStreamThatJoinsSaysWhatWasMissed(t *testing.T) {
	h := policed(t, nil)
	mod := h.signIn(t, modID)
	h.exportEnds(t, store.ExportAborted)
	for _, path := range []string{"/live/" + home.String(), apiPath(home, "events")} {
		got := strings.Join(h.listen(t, path, "Cookie", mod).until(t, "event: notification"), "\n")
		if !strings.Contains(got, `"number":1,"kind":"export.aborted"`) || !strings.Contains(got, `"tone":"warning"`) {
			t.Errorf("%s: %s", path, got)
		}
	}
	seen, do := homePath+"/notifications/1", url.Values{"do": {"seen"}}
	if got := h.submit(t, h.signIn(t, adminID), seen, do); got.StatusCode != 204 {
		t.Errorf("somebody else's: %d", got.StatusCode)
	}
	if list, err := h.Store.Unseen(t.Context(), home, modID); err != nil || len(list) != 1 {
		t.Errorf("somebody else has seen it: %v, %v", list, err)
	}
	for _, number := range []string{"0", "-1", "x"} {
		if got := h.submit(t, mod, homePath+"/notifications/"+number, do); got.StatusCode != 404 {
			t.Errorf("number %s: %d", number, got.StatusCode)
		}
	}
	for range 2 {
		if got := h.submit(t, mod, seen, do); got.StatusCode != 204 {
			t.Errorf("status %d", got.StatusCode)
		}
	}
	if list, err := h.Store.Unseen(t.Context(), home, modID); err != nil || len(list) != 0 {
		t.Errorf("it is still unseen: %v, %v", list, err)
	}
	if list, err := h.Store.Unseen(t.Context(), other, snowflake.UserID(modID)); err != nil || len(list) != 0 {
		t.Errorf("in the other guild there is %v: %v", list, err)
	}
}
