package handlers

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

func TestJSONOfViolationsAndWarnings(t *testing.T) {
	h := policed(t, nil)
	h.carry(t, moderation.Result{Refused: "The bot may not do this here."})
	mod := granted[access.ManageViolations](t, h, modID)
	must(t, h.Store.MarkFalsePositive(t.Context(), mod, nativeCase, true))
	must(t, h.Store.ClaimViolation(t.Context(), mod, patsCase))
	h.warn(t, viewerID, "canary reason")
	must(t, h.Store.ClearWarning(t.Context(), mod, 1, "a mistake"))
	cookie := h.signIn(t, viewerID)
	for _, name := range []string{"violations", "warnings"} {
		golden(t, name, h.get(t, 200, apiPath(home, name), "Cookie", cookie).body)
		golden(t, name+"_none", h.get(t, 200, apiPath(home, name)+"?text=nothing-like-that").body)
		h.get(t, 404, apiPath(other, name))
		h.get(t, 404, apiPath(home, name), "Cookie", h.signIn(t, plainID))
	}
}

func TestScriptsPageThroughViolationsAndWarnings(t *testing.T) {
	h := policed(t, nil)
	h.caught(t, home, viewerID, generalChannel, listed+20)
	for name, filter := range map[string]string{"violations": "severity=high&source=rule&user=203",
		"warnings": "state=counting&user=203"} {
		seen, cursor := map[float64]bool{}, ""
		for {
			var answer map[string]any
			body := h.get(t, 200, apiPath(home, name)+"?"+filter+cursor).body
			must(t, json.Unmarshal([]byte(body), &answer))
			for _, row := range answer[name].([]any) {
				number := row.(map[string]any)["number"].(float64)
				if seen[number] {
					t.Errorf("%s %v comes twice", name, number)
				}
				seen[number] = true
			}
			next, more := answer["next_cursor"].(string)
			if !more {
				break
			}
			cursor = "&cursor=" + next
		}
		if len(seen) == 0 || name == "violations" && len(seen) != listed+20 {
			t.Errorf("%d %s", len(seen), name)
		}
	}
}

func TestScriptsNarrowViolationsAndWarnings(t *testing.T) {
	h := policed(t, nil)
	count := func(path string) int {
		return strings.Count(h.get(t, 200, "/api/servers/"+snowflake.String(home)+"/"+path).body, `"number":`)
	}
	for path, want := range map[string]int{"violations": 2, "violations?severity=high": 1, "violations?source=automod": 1,
		"violations?rule=rule:1": 1, "violations?state=shadow": 0, "violations?user=204": 1, "violations?user=206": 0,
		"violations?channel=401": 1, "violations?channel=406": 0, "violations?text=BLORP": 1, "violations?cursor=2": 1,
		"violations?from=2026-11-20T11:35:00Z": 1, "violations?to=2026-11-20T11:35:00Z": 1,
		"warnings": 1, "warnings?user=204": 1, "warnings?user=206": 0, "warnings?state=cleared": 0,
		"warnings?text=house": 1} {
		if got := count(path); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	for _, path := range []string{"violations?severity=x", "violations?source=x", "violations?state=x",
		"violations?user=x",
		"violations?channel=x", "violations?from=yesterday", "violations?cursor=0", "violations?page=2",
		"violations?user=1&user=2",
		"warnings?state=x", "warnings?user=x", "warnings?cursor=x", "warnings?q=x"} {
		if got := h.get(t, 400, fmt.Sprintf("/api/servers/%d/%s", home, path)); codeOf(t, got) != "invalid" {
			t.Errorf("%s: %s", path, got.body)
		}
	}
}
