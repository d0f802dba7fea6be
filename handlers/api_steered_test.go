package handlers

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
)

func apiPath(guild snowflake.GuildID, name string) string {
	return "/api/servers/" + snowflake.String(guild) + "/" + name
}

// requestID is drawn at random for each request.
var requestID = regexp.MustCompile(`"request_id":"[a-z0-9]{12}"`)

func TestJSONOfTheTeamTheSettingsAndTheAuditLog(t *testing.T) {
	h, _ := steered(t, nil)
	f := formTo(t, h.get(t, 200, settingsPath).body, settingsPath, "time_zone")
	f.values.Set("time_zone", "Europe/Lisbon")
	f.values.Set("log_channel", generalChannel.String())
	h.submit(t, h.signIn(t, secondID), settingsPath, f.values)
	h.get(t, 403, teamPath, "Cookie", h.signIn(t, modID))
	for name, path := range map[string]string{"roles": "roles", "config": "config", "audit_log": "audit-log",
		"audit_log_denied": "audit-log?action=denied"} {
		got := h.get(t, 200, apiPath(home, path))
		golden(t, name, requestID.ReplaceAllString(got.body, `"request_id":"reference"`))
	}
	h.get(t, 404, apiPath(other, "roles"))
	h.get(t, 404, apiPath(other, "config"))
	h.get(t, 404, apiPath(other, "audit-log"))
}

// An empty guild answers whole objects, with null only where there is nothing.
func TestJSONOfAGuildWithoutAnything(t *testing.T) {
	h := open(t, nil)
	for _, path := range []string{"roles", "config", "audit-log"} {
		golden(t, strings.ReplaceAll(path, "-", "_")+"_empty", h.get(t, 200, apiPath(home, path)).body)
	}
}

func TestScriptsPageThroughTheAuditLog(t *testing.T) {
	h, _ := steered(t, nil)
	busyLog(t, h, listed+20)
	seen, cursor, last := 0, "", int64(1<<62)
	for {
		var answer auditAnswer
		got := h.get(t, 200, apiPath(home, "audit-log")+"?actor=207&cursor="+cursor)
		if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
			t.Fatal(err)
		}
		for _, entry := range answer.Entries {
			if entry.Number >= last || entry.Actor.User == nil || *entry.Actor.User != secondID {
				t.Fatalf("after row %d comes %+v", last, entry)
			}
			last = entry.Number
			seen++
		}
		if answer.Next == nil {
			break
		}
		cursor = *answer.Next
	}
	if want := (listed + 20) / 2; seen != want {
		t.Errorf("%d rows, want %d", seen, want)
	}
	for query, want := range map[string]int{"from=2026-11-20T12:00:00Z": 100, "to=2026-11-20T12:00:00Z": 0,
		"from=2026-11-20T13:00:00%2B01:00&to=2026-11-20T12:00:01Z": 100, "action=role.taken&actor=999": 0} {
		var answer auditAnswer
		if err := json.Unmarshal([]byte(h.get(t, 200, apiPath(home, "audit-log")+"?"+query).body), &answer); err != nil {
			t.Fatal(err)
		}
		if len(answer.Entries) != want {
			t.Errorf("%s: %d rows, want %d", query, len(answer.Entries), want)
		}
	}
	for _, query := range []string{"actor=x", "actor=-1", "from=yesterday", "to=1", "cursor=x", "cursor=0", "page=2",
		"actor=1&actor=2"} {
		if got := h.get(t, 400, apiPath(home, "audit-log")+"?"+query); codeOf(t, got) != "invalid" {
			t.Errorf("%s: %s", query, got.body)
		}
	}
}

// What is secret is in no answer, and least of all in one to a viewer.
func TestJSONForViewersHoldsNoSecret(t *testing.T) {
	h := vault(t, nil)
	if got := h.submit(t, "", "/instance", url.Values{"do": {"set"}, "client_secret": {clientSecret}}); got.StatusCode != 303 {
		t.Fatalf("status %d", got.StatusCode)
	}
	h.give(t, access.Member(viewerID), access.Viewer)
	h.give(t, access.HoldersOf(modsRole), access.Moderator)
	all := []string{"config", "metrics", "roles", "audit-log"}
	for user, paths := range map[snowflake.UserID][]string{keeper: all, adminID: all, modID: all[:2], viewerID: all[:2]} {
		cookie := h.signIn(t, user)
		for _, path := range paths {
			body := requestID.ReplaceAllString(h.get(t, 200, apiPath(home, path), "Cookie", cookie).body, "")
			for _, part := range []string{clientSecret, clientSecret[28:], "secret", "token", "hash"} {
				if strings.Contains(strings.ToLower(body), strings.ToLower(part)) {
					t.Errorf("%s holds %q: %s", path, part, body)
				}
			}
		}
	}
}

// Viewers read the settings, and nothing of who may do what.
func TestWhoMayReadWhichJSON(t *testing.T) {
	h, _ := steered(t, nil)
	for user, want := range map[snowflake.UserID][3]int{keeper: {200, 200, 200}, adminID: {200, 200, 200},
		modID: {200, 403, 403}, viewerID: {200, 403, 403}, plainID: {404, 404, 404}, farID: {404, 404, 404}} {
		cookie := h.signIn(t, user)
		for i, path := range []string{"config", "roles", "audit-log"} {
			got := h.ask(t, "GET", apiPath(home, path), "Cookie", cookie)
			if got.StatusCode != want[i] {
				t.Errorf("%d: %s answers %d, want %d", user, path, got.StatusCode, want[i])
			}
			if got.StatusCode != 200 && (strings.Contains(got.body, "second-sue") || sentenceOf(t, got) == "") {
				t.Errorf("%d: %s: %s", user, path, got.body)
			}
		}
	}
	got := h.get(t, 401, apiPath(home, "roles"), "Cookie", "none="+fmt.Sprint(1))
	if codeOf(t, got) != "unauthenticated" {
		t.Errorf("nobody: %s", got.body)
	}
}
