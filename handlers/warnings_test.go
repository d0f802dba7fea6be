package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

var warningsPath = homePath + "/warnings"

// warn warns somebody by hand, as an admin.
func (h *house) warn(t *testing.T, user snowflake.UserID, reason string) {
	t.Helper()
	_, err := h.Store.Order(t.Context(), granted[access.ActOnMembers](t, h, adminID), moderation.Order{
		Kind: moderation.ActionWarn, Target: user, Reason: reason, Source: moderation.SourceDashboard})
	must(t, err)
}

func TestTheListOfWarnings(t *testing.T) {
	h := policed(t, nil)
	h.warn(t, modID, "canary reason "+evilRole)
	page := h.get(t, 200, warningsPath, "Cookie", h.signIn(t, viewerID)).body
	clean(t, "the list", page)
	text := plainText(page)
	for _, part := range []string{"plain-pat was warned by guildwatch House rule", "violation #2",
		"was warned by admin-ann canary reason"} {
		if !strings.Contains(text, part) {
			t.Errorf("the list does not say %q: %s", part, text)
		}
	}
	if strings.Contains(page, "far-canary") || strings.Contains(page, `method="post" action="`+warningsPath) ||
		strings.Contains(page, "#clear") {
		t.Error("a viewer sees another guild's, or a form")
	}
	for query, want := range map[string]int{"": 2, "q=CANARY": 1, "q=plain": 1, "q=204": 1, "q=206": 0, "q=999": 0,
		"q=%25":          0,
		"state=counting": 2, "state=cleared": 0, "before=2": 1} {
		page := h.get(t, 200, warningsPath+"?"+query).body
		if got := strings.Count(page, `id="warning-`); got != want {
			t.Errorf("%q shows %d rows, want %d", query, got, want)
		}
		if want == 0 && !strings.Contains(page, "Nothing like that") {
			t.Errorf("%q does not say that nothing matches", query)
		}
	}
	h.get(t, 400, warningsPath+"?state=x")
	h.get(t, 400, warningsPath+"?before=x")
	alone(t, h.get(t, 200, warningsPath+"?region=warnings"), "warnings")
	h.get(t, 404, warningsPath+"?region=team")
}

// As a browser without scripts: choose a warning, clear it with a reason; the second moderator is told who was faster.
func TestAWarningIsCleared(t *testing.T) {
	h := policed(t, nil)
	cookie := h.signIn(t, modID)
	link := regexp.MustCompile(`href="(` + warningsPath + `\?clear=1)#clear"`).FindStringSubmatch(h.get(t, 200,
		warningsPath, "Cookie", cookie).body)
	if link == nil {
		t.Fatal("the list does not lead to the form")
	}
	f := formTo(t, h.get(t, 200, link[1], "Cookie", cookie).body, warningsPath+"/1/clear", "reason")
	long := h.submit(t, cookie, f.action, url.Values{"do": {"clear"}, "reason": {strings.Repeat("x", 401)}})
	if long.StatusCode != 422 || !strings.Contains(plainText(long.body), "A reason has at most 400 characters.") {
		t.Errorf("a long reason: status %d: %s", long.StatusCode, plainText(long.body))
	}
	f.values.Set("do", "clear")
	f.values.Set("reason", "a mistake "+evilName)
	got := h.submit(t, cookie, f.action, f.values)
	if got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	after := h.get(t, 200, got.Header.Get("Location"), "Cookie", cookie).body
	clean(t, "after clearing", after)
	if text := plainText(after); !strings.Contains(text, "One warning was cleared.") ||
		!strings.Contains(text, "by <script>alert(1)</script> a mistake <script>alert(1)</script>") {
		t.Errorf("after clearing the page says %s", text)
	}
	if row := h.warningsNow(t)[0]; row.ClearedBy != modID || row.Cleared.IsZero() {
		t.Errorf("kept is %+v", row)
	}
	second := h.submit(t, h.signIn(t, adminID), f.action, f.values)
	if second.StatusCode != http.StatusConflict || !strings.Contains(plainText(second.body),
		"has cleared this warning already.") {
		t.Errorf("a second clearing: status %d: %s", second.StatusCode, plainText(second.body))
	}
	clean(t, "the conflict", second.body)
	for _, number := range []string{"2", "999", "0", "-1", "x"} {
		h.get(t, 404, warningsPath+"?clear="+number)
		if got := h.submit(t, cookie, warningsPath+"/"+number+"/clear", url.Values{"do": {"clear"}}); got.StatusCode != 404 {
			t.Errorf("warning %s: status %d", number, got.StatusCode)
		}
	}
}

func TestOldWarningsAreCleared(t *testing.T) {
	h := policed(t, nil)
	h.warn(t, viewerID, "today as well")
	cookie := h.signIn(t, modID)
	f := formTo(t, h.get(t, 200, warningsPath, "Cookie", cookie).body, warningsPath+"/clear", "date")
	for date, want := range map[string]string{"": "Choose a day.", "never": "Write a day", "2026-11-20": ""} {
		f.values.Set("date", date)
		f.values.Set("reason", "spring cleaning")
		got := h.submit(t, cookie, f.action, f.values)
		if want != "" && (got.StatusCode != 422 || !strings.Contains(plainText(got.body), want)) {
			t.Errorf("%q: status %d: %s", date, got.StatusCode, plainText(got.body))
		}
		if want == "" && got.Header.Get("Location") != warningsPath+"?cleared=0" {
			t.Errorf("%q: status %d to %s", date, got.StatusCode, got.Header.Get("Location"))
		}
	}
	f.values.Set("date", "2026-11-21")
	got := h.submit(t, cookie, f.action, f.values)
	if text := plainText(h.get(t, 200, got.Header.Get("Location"), "Cookie", cookie).body); !strings.Contains(text,
		"2 warnings were cleared.") {
		t.Errorf("after clearing the page says %s", text)
	}
	for _, row := range h.warningsNow(t) {
		if row.ClearedBy != modID || row.ClearReason != "spring cleaning" {
			t.Errorf("kept is %+v", row)
		}
	}
	if row := h.auditLog(t, home)[0]; row.Action != "warnings.cleared" || row.Actor.User != modID {
		t.Errorf("the audit log has %+v", row)
	}
}

func TestWarningsAreReadPageByPage(t *testing.T) {
	h := policed(t, nil)
	h.caught(t, home, viewerID, generalChannel, warningsListed+20)
	seen, path := 0, warningsPath
	for path != "" {
		page := h.get(t, 200, path).body
		seen += strings.Count(page, `id="warning-`)
		path = ""
		if next := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(page); next != nil {
			path = strings.ReplaceAll(next[1], "&amp;", "&")
		}
	}
	if want := len(h.warningsNow(t)); seen != want || want <= warningsListed {
		t.Errorf("%d warnings on all pages, %d are kept", seen, want)
	}
}
