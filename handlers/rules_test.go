package handlers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

var rulesPath = homePath + "/rules"

// governed is a steered house where home has one rule and the other guild has two.
func governed(t *testing.T, change func(*Options)) *house {
	t.Helper()
	h, _ := steered(t, change)
	h.govern(t, home, keeper, "House rule")
	h.govern(t, other, farID, "Far rule one", "Far rule two")
	return h
}

// govern makes rules that look for a word, in the name of a guild's owner.
func (h *house) govern(t *testing.T, guild snowflake.GuildID, owner snowflake.UserID, names ...string) {
	t.Helper()
	grant, err := access.Check[access.UpdateRules](t.Context(), h.Roster, access.Person(owner, false), guild)
	must(t, err)
	for _, name := range names {
		_, err := h.Store.SaveRule(t.Context(), grant, rule.Rule{Name: name, Kind: rule.Words, Mode: rule.Enforce,
			Severity: moderation.SeverityHigh, Respond: rule.RespondLadder, Delete: true,
			Spec: rule.Spec{Words: []string{"blorp"}}}, "")
		must(t, err)
	}
}

// ruleList is home's rules as they are now.
func (h *house) ruleList(t *testing.T) (rows []store.RuleRow) {
	t.Helper()
	must(t, h.Store.Read(context.WithoutCancel(t.Context()), func(now *store.Snapshot) { rows = now.RuleList(home) }))
	return rows
}

func TestWhoMayDoWhatWithRules(t *testing.T) {
	h := governed(t, nil)
	ways := []string{`action="` + rulesPath + `/try#try"`, rulesPath + "/new?kind=words", `action="` + rulesPath + `/1"`,
		`action="` + rulesPath + `/1/mode"`, rulesPath + `/ladder"`, `action="` + rulesPath + `/1/delete"`}
	for user, want := range map[snowflake.UserID]struct {
		ways              int // so many of the ways, from the first on
		get, save, remove int
	}{
		keeper: {6, 200, 422, 409}, adminID: {5, 200, 422, 403}, modID: {1, 200, 403, 403}, viewerID: {1, 200, 403, 403},
		plainID: {0, 404, 404, 404}, farID: {0, 404, 404, 404},
	} {
		cookie := h.signIn(t, user)
		pages := ""
		for _, path := range []string{"", "/1", "/1/versions", "/1/shadow"} {
			pages += h.get(t, want.get, rulesPath+path, "Cookie", cookie).body
		}
		for i, way := range ways {
			if there := strings.Contains(pages, way); there != (i < want.ways) {
				t.Errorf("%d: %s is there: %t", user, way, there)
			}
		}
		if got := h.submit(t, cookie, rulesPath+"/1", url.Values{"name": {""}}); got.StatusCode != want.save {
			t.Errorf("%d: saving answers %d, want %d", user, got.StatusCode, want.save)
		}
		if got := h.submit(t, cookie, rulesPath+"/1/delete", url.Values{"version": {"7"}}); got.StatusCode != want.remove {
			t.Errorf("%d: deleting answers %d, want %d", user, got.StatusCode, want.remove)
		}
	}
}

// As a browser without scripts: an admin takes a template, changes it, saves it, changes it again, looks at the versions
// and rolls back; an owner deletes it.
func TestARuleFromATemplateToItsEnd(t *testing.T) {
	h := governed(t, nil)
	cookie := h.signIn(t, adminID)
	page := h.get(t, 200, rulesPath+"/new?template=mention-spam", "Cookie", cookie).body
	clean(t, "the editor", page)
	f := formTo(t, page, rulesPath+"/new", "most")
	f.values.Set("name", "Pings "+evilName)
	f.values.Set("within", "2")
	f.values.Set("within_unit", "min")
	f.values["exempt_channels"] = []string{logsChannel.String(), newsChannel.String()}
	f.values["exempt_roles"] = []string{modsRole.String()}
	got := h.submit(t, cookie, f.action, f.values)
	if got.StatusCode != http.StatusSeeOther || got.Header.Get("Location") != rulesPath+"?saved=2#rule-2" {
		t.Fatalf("status %d to %s: %s", got.StatusCode, got.Header.Get("Location"), plainText(got.body))
	}
	list := h.get(t, 200, rulesPath+"?saved=2", "Cookie", cookie).body
	clean(t, "the list", list)
	if text := plainText(list); !strings.Contains(text, "Pings "+evilName+" is enforced now.") ||
		!strings.Contains(text, "Mentions: message deleted, next step of the ladder") {
		t.Errorf("the list says %s", text)
	}
	row := h.ruleList(t)[1]
	if row.Spec.Within != 2*time.Minute || row.Spec.Most != 6 || len(row.ExemptChannels) != 2 ||
		len(row.ExemptRoles) != 1 ||
		!row.Delete || row.Severity != moderation.SeverityHigh {
		t.Errorf("kept is %+v", row)
	}

	page = h.get(t, 200, rulesPath+"/2", "Cookie", cookie).body
	clean(t, "the rule", page)
	f = formTo(t, page, rulesPath+"/2", "most")
	if got := f.values["exempt_channels"]; len(got) != 2 {
		t.Errorf("the form comes with %v", f.values)
	}
	f.values.Set("most", "9")
	f.values.Set("note", "too strict")
	f.values.Del("exempt_channels")
	if got := h.submit(t, cookie, f.action, f.values); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	versions := h.get(t, 200, rulesPath+"/2/versions", "Cookie", cookie).body
	clean(t, "the versions", versions)
	for _, part := range []string{"Version 2 by admin-ann : too strict", "Still fine before: 6 → after: 9",
		"Exempt before: #logs\"'><img src=x onerror=alert(4)>, #news → after: nothing"} {
		if text := plainText(versions); !strings.Contains(text, part) {
			t.Errorf("the versions do not say %q: %s", part, text)
		}
	}
	f = formTo(t, versions, rulesPath+"/2/rollback", "version")
	if got := h.submit(t, cookie, f.action, f.values); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	if row := h.ruleList(t)[1]; row.Version != 3 || row.Spec.Most != 6 || len(row.ExemptChannels) != 2 {
		t.Errorf("rolled back to %+v", row)
	}
	owner := h.get(t, 200, rulesPath+"/2").body
	f = formTo(t, owner, rulesPath+"/2/delete", "version")
	if got := h.submit(t, "", f.action, f.values); got.StatusCode != http.StatusSeeOther || len(h.ruleList(t)) != 1 {
		t.Errorf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	h.get(t, 404, rulesPath+"/2")
	alone(t, h.get(t, 200, rulesPath+"?region=rules"), "rules")
	h.get(t, 404, rulesPath+"?region=settings")
}

// One press takes a rule into shadow mode and back, and off.
func TestTheModeOfARule(t *testing.T) {
	h := governed(t, nil)
	for _, mode := range []rule.Mode{rule.Shadow, rule.Enforce, rule.Off} {
		path := rulesPath
		if mode == rule.Off {
			path += "/1"
		}
		var pressed form
		for _, f := range forms(t, h.get(t, 200, path).body) {
			if f.action == rulesPath+"/1/mode" && f.values.Get("mode") == string(mode) {
				pressed = f
			}
		}
		if got := h.submit(t, "", rulesPath+"/1/mode", pressed.values); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: status %d: %s", mode, got.StatusCode, plainText(got.body))
		}
		if got := h.ruleList(t)[0].Mode; got != mode {
			t.Errorf("the mode is %s, want %s", got, mode)
		}
	}
	if got := h.submit(t, "", rulesPath+"/1/mode", url.Values{"mode": {"<b>"}}); got.StatusCode != http.StatusBadRequest {
		t.Errorf("a made-up mode: %d", got.StatusCode)
	}
}

// What cannot be saved comes back as it was sent, with a sentence beside each field.
func TestRulesThatCannotBeSaved(t *testing.T) {
	h := governed(t, nil)
	for name, c := range map[string]struct {
		values url.Values
		says   []string
	}{
		"nothing": {url.Values{"kind": {"words"}},
			[]string{"Give the rule a name", "List 1 to 5000 words", "Choose how severe",
				"Choose what follows", "Choose whether"}},
		"a slow expression": {with(wordForm, "kind", "regex", "pattern", "((a{0,100}){0,10}){0,1}b"),
			[]string{"at most 1000 are allowed"}},
		"no expression": {with(wordForm, "kind", "regex", "pattern", "(<script>alert(4)"),
			[]string{"This regular expression cannot be used"}},
		"a long note": {with(wordForm, "note", strings.Repeat("x", 201)),
			[]string{"A note has at most 200 characters."}},
		"no timeout": {with(wordForm, "respond", "timeout", "timeout", "1", "timeout_unit", "years"),
			[]string{"A timeout takes from one minute to 28 days."}},
		"a long timeout": {with(wordForm, "respond", "timeout", "timeout", "99999999999", "timeout_unit", "d"),
			[]string{"A timeout takes"}},
		"a domain": {with(wordForm, "kind", "links", "deny", "javascript:alert(1)"), []string{"is no domain."}},
		"a flood of none": {with(wordForm, "kind", "flood", "most", "-1", "within", "x"),
			[]string{"Say how many are still fine", "Say within how long"}},
		"a foreign channel": {with(wordForm, "exempt_channels", farChannel.String()),
			[]string{"Choose exempt channels and roles of this server."}},
		"no id": {with(wordForm, "exempt_roles", "<script>alert(1)</script>"),
			[]string{"Choose exempt channels and roles of this server."}},
	} {
		got := h.submit(t, "", rulesPath+"/new", c.values)
		if got.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, got.StatusCode)
		}
		clean(t, name, got.body)
		for _, part := range append(c.says, "Nothing was saved.") {
			if !strings.Contains(plainText(got.body), part) {
				t.Errorf("%s: the page does not say %q: %s", name, part, plainText(got.body))
			}
		}
		if back := formTo(t, got.body, rulesPath+"/new", "name"); back.values.Get("name") != c.values.Get("name") ||
			back.values.Get("pattern") != c.values.Get("pattern") {
			t.Errorf("%s: the form comes back with %v", name, back.values)
		}
	}
	if got := h.submit(t, "", rulesPath+"/new",
		url.Values{"kind": {"none"}}); got.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a made-up kind: %d", got.StatusCode)
	}
	h.get(t, 404, rulesPath+"/new")
	h.get(t, 404, rulesPath+"/new?template=none")
	if rows := h.ruleList(t); len(rows) != 1 {
		t.Errorf("kept are %+v", rows)
	}
}

// with is a form with other values in it.
func with(form url.Values, pairs ...string) url.Values {
	changed := url.Values{}
	for name, values := range form {
		changed[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		changed.Set(pairs[i], pairs[i+1])
	}
	return changed
}

// Two admins change one rule: the second is shown what the first saved, and may save over it.
func TestTwoAdminsChangeOneRule(t *testing.T) {
	h := governed(t, nil)
	mine := formTo(t, h.get(t, 200, rulesPath+"/1").body, rulesPath+"/1", "words")
	theirs := formTo(t, h.get(t, 200, rulesPath+"/1").body, rulesPath+"/1", "words")
	theirs.values.Set("words", "blorp\r\ngrumble\r\n\r\nblorp")
	if got := h.submit(t, h.signIn(t, adminID), theirs.action, theirs.values); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	mine.values.Set("severity", "critical")
	got := h.submit(t, "", mine.action, mine.values)
	if got.StatusCode != http.StatusConflict {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	clean(t, "the conflict", got.body)
	for _, part := range []string{"Somebody was faster: version 2 holds now, and yours is not saved.",
		"Saved by admin-ann",
		"Severity before: High → after: Critical", "Words before: grumble → after: nothing"} {
		if text := plainText(got.body); !strings.Contains(text, part) {
			t.Errorf("the page does not say %q: %s", part, text)
		}
	}
	back := formTo(t, got.body, rulesPath+"/1", "words")
	if got := h.submit(t, "", back.action, back.values); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	if row := h.ruleList(t)[0]; row.Severity != moderation.SeverityCritical || len(row.Spec.Words) != 1 ||
		row.Version != 3 {
		t.Errorf("kept is %+v", row)
	}
}

// A message is tried by whoever may look, with nothing counted, and a rule by who writes it, with nothing saved.
func TestTryingAMessage(t *testing.T) {
	h := governed(t, nil)
	cookie := h.signIn(t, viewerID)
	f := formTo(t, h.get(t, 200, rulesPath, "Cookie", cookie).body, rulesPath+"/try#try", "text")
	seq := h.Store.LastSeq()
	for text, part := range map[string]string{
		"b\u200bl0rp <script>alert(1)</script>": "The message would be deleted. The member would take the next step of the ladder: " +
			"without an earlier violation, a warning.",
		"good morning": "No rule matches. Nothing would follow.",
	} {
		f.values.Set("text", text)
		got := h.submit(t, cookie, rulesPath+"/try", f.values)
		if got.StatusCode != 200 || !strings.Contains(plainText(got.body), part) {
			t.Errorf("%q: status %d: %s", text, got.StatusCode, plainText(got.body))
		}
		clean(t, "a trial", got.body)
	}
	for name, values := range map[string]url.Values{"nothing": with(f.values, "text", " "),
		"too much":          with(f.values, "text", strings.Repeat("語", 4001)),
		"a foreign channel": with(f.values, "channel", farChannel.String())} {
		if got := h.submit(t, cookie, rulesPath+"/try", values); got.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, got.StatusCode)
		}
	}
	editor := formTo(t, h.get(t, 200, rulesPath+"/1").body, rulesPath+"/1", "words")
	for sample, part := range map[string]string{"Z O N K": "The message would be deleted.", "blorp": "No rule matches."} {
		got := h.submit(t, "", editor.action, with(editor.values, "words", "zonk", "sample", sample, "do", "try"))
		if text := plainText(got.body); got.StatusCode != 200 || !strings.Contains(text, part) {
			t.Errorf("%q: status %d: %s", sample, got.StatusCode, text)
		}
	}
	if got := h.submit(t, "", editor.action, with(editor.values, "do",
		"try")); got.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("no sample: status %d", got.StatusCode)
	}
	if h.Store.LastSeq() != seq || h.ruleList(t)[0].Version != 1 {
		t.Error("trying changed something")
	}
}

// A rule in shadow mode says on its page what it would have done; one press enforces it.
func TestWhatARuleInShadowModeWouldHaveDone(t *testing.T) {
	h := governed(t, nil)
	h.submit(t, "", rulesPath+"/1/mode", url.Values{"mode": {"shadow"}})
	var first int64
	for i := range listed + 1 {
		opened, err := h.Store.Open(t.Context(), moderation.Case{Version: 1, Shadow: true, Surface: moderation.SurfaceContent,
			Evidence: "x", Detected: noon, Violation: moderation.Violation{Guild: home, At: noon, Source: moderation.SourceRule,
				Severity: moderation.SeverityHigh, Rule: "rule:1", RuleName: "House rule", User: modID, Channel: logsChannel,
				Message: snowflake.MessageID(900 + i), Keyword: "blorp", Content: "blorp " + evilName}})
		must(t, err)
		if i == 0 {
			first = opened.Violation
		}
	}
	path := rulesPath + "/1/shadow"
	cookie := h.signIn(t, viewerID)
	page := h.get(t, 200, path, "Cookie", cookie).body
	clean(t, "the shadow page", page)
	text := plainText(page)
	for _, part := range []string{"0 hits, 101 in shadow mode in 7 days", "blorp " + evilName,
		"message deleted, next step of the ladder", fmt.Sprint("#", first+listed)} {
		if !strings.Contains(text, part) {
			t.Errorf("the page does not say %q: %.2000s", part, text)
		}
	}
	next := fmt.Sprint(path, "?before=", first+1)
	if strings.Contains(page, "/1/mode") || !strings.Contains(page, next) {
		t.Error("a viewer has a button, or no way to the next page")
	}
	older := plainText(h.get(t, 200, next, "Cookie", cookie).body)
	if !strings.Contains(older, fmt.Sprint("#", first, " ")) || strings.Contains(older, fmt.Sprint("#", first+1, " ")) ||
		!strings.Contains(older, "Newest") {
		t.Errorf("the next page says %s", older)
	}
	h.get(t, 400, path+"?before=x")
	f := formTo(t, h.get(t, 200, path).body, rulesPath+"/1/mode", "mode")
	if got := h.submit(t, "", f.action, f.values); got.StatusCode != http.StatusSeeOther ||
		h.ruleList(t)[0].Mode != rule.Enforce {
		t.Errorf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	if text := plainText(h.get(t, 200, path).body); !strings.Contains(text,
		"The rule is not in shadow mode now (Enforced).") {
		t.Errorf("the page says %.800s", text)
	}
}
