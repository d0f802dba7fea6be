package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guildwatch/internal/moderation"
)

// A moderator's work stays counted when their data is erased, under nobody's name, on every page and in every answer.
func TestAModeratorIsErased(t *testing.T) {
	h := policed(t, nil)
	owner, moderator := h.signIn(t, keeper), h.signIn(t, modID)
	for _, deed := range []struct {
		path   string
		values url.Values
	}{{memberPath(plainID) + "/act", url.Values{"kind": {"kick"}, "reason": {"be kind"}}}, {casePath(patsCase) + "/note", url.Values{"text": {"seen"}}},
		{casePath(patsCase) + "/claim", url.Values{"do": {"claim"}}}, {homePath + "/exports", url.Values{"what": {"violations"}}}} {
		if got := h.submit(t, moderator, deed.path, deed.values); got.StatusCode >= 400 {
			t.Fatalf("%s: status %d: %s", deed.path, got.StatusCode, plainText(got.body))
		}
	}
	h.carry(t, moderation.Result{Done: true})
	got := h.submit(t, owner, memberPath(modID)+"/erase", url.Values{"id": {modID.String()}})
	if got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	api := "/api/servers/" + home.String()
	nobody := 0
	for _, path := range []string{homePath, homePath + "/violations", casePath(patsCase), homePath + "/warnings", memberPath(plainID),
		homePath + "/analytics?period=day", homePath + "/reports/daily?date=2026-11-20", homePath + "/exports", homePath + "/audit",
		homePath + "/team", homePath + "/imports", homePath + "/appeals", homePath + "/raid", homePath + "/rules", homePath + "/settings",
		api + "/workload?period=day", api + "/metrics?period=day", api + "/temporal-analytics?period=day", api + "/violations",
		api + "/warnings", api + "/top-offenders?period=day", api + "/audit-log", api + "/export/history"} {
		body := h.get(t, 200, path, "Cookie", owner).body
		if strings.Contains(body, "/members/-") || strings.Contains(body, modID.String()+`"`) {
			t.Errorf("%s leads to them or to nobody", path)
		}
		nobody += strings.Count(body, "Erased member #")
	}
	if nobody < 5 {
		t.Errorf("nobody stands in %d places", nobody)
	}
}
