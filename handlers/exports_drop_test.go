package handlers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guildwatch/store"
)

// taken is the newest export of home's history, as somebody sees it.
func (h *house) taken(t *testing.T, cookie string) exportAnswer {
	t.Helper()
	var history exportsAnswer
	must(t, json.Unmarshal([]byte(h.get(t, 200, apiPath(home, "export/history"), "Cookie", cookie).body), &history))
	return history.Exports[0]
}

// The buttons of the history: who sees them, and what they do.
func TestAFileIsDeletedFromTheHistory(t *testing.T) {
	h := policed(t, nil)
	h.takeOut(t, home, keeper, homeExport)
	mod, admin := h.signIn(t, modID), h.signIn(t, adminID)
	address, file := exportsPath+"/"+homeExport, apiPath(home, "export/"+homeExport)
	if page := h.get(t, 200, exportsPath, "Cookie", mod).body; strings.Contains(page, address) {
		t.Error("a moderator is offered to delete what an owner took out")
	}
	if got := h.submit(t, mod, address, url.Values{"do": {"delete"}}); got.StatusCode != 403 {
		t.Errorf("a moderator deletes it: %d", got.StatusCode)
	}
	if row := h.auditLog(t, home)[0]; row.Action != "denied" || row.Actor.User != modID {
		t.Errorf("the refusal is in the log as %+v", row)
	}
	if got := h.ask(t, http.MethodDelete, file, "Cookie", mod); got.StatusCode != 403 {
		t.Errorf("a moderator's script deletes it: %d", got.StatusCode)
	}
	h.get(t, 200, file, "Cookie", mod)
	formTo(t, h.get(t, 200, exportsPath, "Cookie", admin).body, address, "do")
	late := h.submit(t, admin, address, url.Values{"do": {"cancel"}})
	if page := h.get(t, 200, late.Header.Get("Location"), "Cookie", admin).body; late.StatusCode != 303 ||
		!strings.Contains(page, "was over a moment before that") {
		t.Errorf("cancelling what is done: %d", late.StatusCode)
	}
	h.get(t, 200, file, "Cookie", mod)
	got := h.submit(t, admin, address, url.Values{"do": {"delete"}})
	if page := h.get(t, 200, got.Header.Get("Location"), "Cookie", admin).body; got.StatusCode != 303 ||
		!strings.Contains(page, "The file is deleted.") || !strings.Contains(plainText(page), "File deleted by") {
		t.Errorf("status %d:\n%.300s", got.StatusCode, plainText(page))
	}
	h.get(t, 404, file, "Cookie", admin)
	if got := h.ask(t, http.MethodDelete, file, "Cookie", admin); got.StatusCode != 409 {
		t.Errorf("a second time: %d", got.StatusCode)
	}
	row := h.taken(t, admin)
	if row.State != store.ExportDeleted || row.Download != nil || row.EndedBy == nil || row.EndedBy.User != adminID ||
		row.Downloads != 2 {
		t.Errorf("the history has %+v", row)
	}
	log := h.auditLog(t, home)
	if log[0].Action != "export.deleted" || log[0].Actor.User != adminID || log[0].Person.User != keeper ||
		log[0].Target != "export:violations" {
		t.Errorf("the log says %+v", log[0])
	}
}

// A script deletes a file in one request, which answers with what became of it.
func TestAScriptDeletesAFile(t *testing.T) {
	h := policed(t, nil)
	h.takeOut(t, home, keeper, homeExport)
	h.takeOut(t, other, farID, farExport)
	for path, want := range map[string]int{homeExport + "?do=never": 400, homeExport + "?if=1": 400, farExport: 404,
		"x": 404, homeExport + "?do=cancel": 409} {
		if got := h.ask(t, http.MethodDelete, apiPath(home, "export/"+path)); got.StatusCode != want {
			t.Errorf("%s: %d %s", path, got.StatusCode, got.body)
		}
	}
	got := h.ask(t, http.MethodDelete, apiPath(home, "export/"+homeExport))
	var answer exportAnswer
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil || got.StatusCode != 200 ||
		answer.State != store.ExportDeleted || answer.EndedBy.User != keeper || answer.Download != nil {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	h.get(t, 404, apiPath(home, "export/"+homeExport))
}

// Each fetching of a file is a row of the log and is counted, that by the form's own answer as well; to ask for its
// length alone is none.
func TestDownloadsAreInTheLog(t *testing.T) {
	h := policed(t, nil)
	admin := h.signIn(t, adminID)
	if got := h.submit(t, "", exportsPath, url.Values{"what": {"violations"}}); got.StatusCode != 200 {
		t.Fatalf("status %d", got.StatusCode)
	}
	made := h.taken(t, admin)
	if made.Downloads != 1 || made.Downloaded == nil {
		t.Errorf("after the form's own answer it is %+v", made)
	}
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		if got := h.ask(t, method, *made.Download, "Cookie", admin); got.StatusCode != 200 {
			t.Errorf("%s: %d", method, got.StatusCode)
		}
	}
	if made = h.taken(t, admin); made.Downloads != 2 {
		t.Errorf("after another one it is %+v", made)
	}
	log := h.auditLog(t, home)
	for i, want := range []struct {
		action string
		who    any
	}{{"export.downloaded", adminID}, {"export.downloaded", keeper}, {"export.asked", keeper}} {
		if log[i].Action != want.action || log[i].Actor.User != want.who || log[i].Target != "export:violations" {
			t.Errorf("row %d of the log is %+v", i, log[i])
		}
	}
	if page := plainText(h.get(t, 200, exportsPath).body); !strings.Contains(page, "fetched 2 times, last") {
		t.Error("the history does not say how often it was fetched")
	}
}
