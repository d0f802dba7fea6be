package handlers

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/moderation"
)

func TestAMembersDataIsTakenOutAndErased(t *testing.T) {
	h := policed(t, nil)
	owner, moderator, viewer := h.signIn(t, keeper), h.signIn(t, modID), h.signIn(t, viewerID)
	erase := memberPath(plainID) + "/erase"
	if page := h.get(t, 200, memberPath(plainID), "Cookie", viewer).body; strings.Contains(page, "/data") {
		t.Error("a viewer is offered the member's data")
	}
	if page := h.get(t, 200, memberPath(plainID), "Cookie", moderator).body; !strings.Contains(page, "/data") ||
		strings.Contains(page, erase) {
		t.Error("a moderator may export and not erase")
	}
	file := h.get(t, 200, memberPath(plainID)+"/data", "Cookie", moderator)
	var whole struct {
		Names      []string
		Violations struct{ Count int }
		Whole      bool
	}
	if err := json.Unmarshal([]byte(file.body), &whole); err != nil || !whole.Whole || whole.Violations.Count == 0 ||
		!strings.Contains(file.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%v: %s", err, file.body)
	}
	h.get(t, 404, homePath+"/members/999/data", "Cookie", moderator)

	f := formTo(t, h.get(t, 200, memberPath(plainID), "Cookie", owner).body, erase, "id")
	f.values.Set("id", plainID.String())
	if got := h.submit(t, owner, erase, f.values); got.StatusCode != http.StatusConflict ||
		!strings.Contains(plainText(got.body), "Try again in a minute") {
		t.Errorf("while Discord is being asked: status %d: %s", got.StatusCode, plainText(got.body))
	}
	h.carry(t, moderation.Result{Done: true})
	f.values.Set("id", modID.String())
	if got := h.submit(t, owner, erase, f.values); got.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("with another id: status %d", got.StatusCode)
	}
	f.values.Set("id", plainID.String())
	if got := h.submit(t, moderator, erase, f.values); got.StatusCode != http.StatusForbidden {
		t.Errorf("by a moderator: status %d", got.StatusCode)
	}
	got := h.submit(t, owner, erase, f.values)
	if got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	h.get(t, 404, memberPath(plainID), "Cookie", owner)
	list := h.get(t, 200, got.Header.Get("Location"), "Cookie", owner).body
	if text := plainText(list); !strings.Contains(text, "data was erased") || !strings.Contains(text, "Erased member #") ||
		strings.Contains(text, "plain-pat") || strings.Contains(list, plainID.String()) {
		t.Errorf("the list says %s", text)
	}
	today := noon.Format(time.DateOnly)
	named := 0
	for _, page := range []string{homePath + "/violations", homePath, homePath + "/violations/1", homePath + "/analytics?period=day",
		homePath + "/reports/daily?date=" + today, homePath + "/warnings"} {
		body := h.get(t, 200, page, "Cookie", owner).body
		if strings.Contains(body, "/members/-") {
			t.Errorf("on %s a link leads to nobody's card", page)
		}
		named += strings.Count(body, "Erased member #")
	}
	if named < 5 {
		t.Errorf("they stand in %d places", named)
	}
}
