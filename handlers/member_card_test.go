package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

func memberPath(user snowflake.UserID) string { return homePath + "/members/" + user.String() }

func TestTheCardOfAMember(t *testing.T) {
	h := policed(t, nil)
	h.carry(t, moderation.Result{Done: true})
	page := h.get(t, 200, memberPath(plainID), "Cookie", h.signIn(t, viewerID)).body
	clean(t, "the card", page)
	text := plainText(page)
	for _, part := range []string{"plain-pat", "On the ladder level 1 next: a timeout of 10 min",
		"was warned by guildwatch",
		"Delete message by guildwatch", "plain-pat broke House rule #2", "Joined 20 Nov 2026"} {
		if !strings.Contains(text, part) {
			t.Errorf("the card does not say %q: %s", part, text)
		}
	}
	if strings.Contains(page, `method="post" action="`+memberPath(plainID)) {
		t.Error("a viewer gets a form")
	}
	mods := h.get(t, 200, memberPath(modID)).body
	clean(t, "the card of somebody with an evil name", mods)
	if text := plainText(mods); !strings.Contains(text, `Discord roles </option><script>alert(3)</script> ⟨U+202E⟩`) ||
		!strings.Contains(text, "User name <script>alert(1)</script>") {
		t.Errorf("the card says %s", text)
	}
	alone(t, h.get(t, 200, memberPath(plainID)+"?region=member"), "member")
	h.get(t, 404, memberPath(plainID)+"?region=team")
	for _, id := range []string{"206", "999", "0", "-1", "x", "99999999999999999999"} {
		h.get(t, 404, homePath+"/members/"+id)
	}
}

// Without a violation, too: a ban from the card, confirmed, and lifted from the card.
func TestAModeratorActsOnAMember(t *testing.T) {
	h := policed(t, nil)
	cookie := h.signIn(t, modID)
	f := formTo(t, h.get(t, 200, memberPath(plainID), "Cookie", cookie).body, memberPath(plainID)+"/act", "reason")
	f.values.Set("kind", "ban")
	got := h.submit(t, cookie, f.action, f.values)
	if got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	if again := h.submit(t, h.signIn(t, adminID), f.action, f.values); again.StatusCode != http.StatusConflict ||
		!strings.Contains(plainText(again.body), "<script>alert(1)</script> has just done this.") {
		t.Errorf("a second ban: status %d: %s", again.StatusCode, plainText(again.body))
	}
	h.carry(t, moderation.Result{Done: true})
	after := h.get(t, 200, got.Header.Get("Location"), "Cookie", cookie).body
	if !strings.Contains(plainText(after), "Done: ban.") {
		t.Errorf("after the ban the card says %s", plainText(after))
	}
	id := strings.TrimPrefix(got.Header.Get("Location"), memberPath(plainID)+"?done=")
	if got = h.submit(t, cookie, memberPath(plainID)+"/undo",
		url.Values{"action": {id}}); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	h.carry(t, moderation.Result{Done: true})
	if text := plainText(h.get(t, 200, got.Header.Get("Location"), "Cookie", cookie).body); !strings.Contains(text,
		"Done: unban.") {
		t.Errorf("after the undo the card says %s", text)
	}
	for name, c := range map[string]struct {
		user     snowflake.UserID
		values   url.Values
		status   int
		sentence string
	}{
		"nothing":    {plainID, url.Values{}, 422, "Choose what to do"},
		"a message":  {plainID, url.Values{"kind": {"delete"}}, 422, "There is no message to delete."},
		"oneself":    {modID, url.Values{"kind": {"kick"}}, 403, "You cannot act on yourself."},
		"guildwatch": {robotID, url.Values{"kind": {"kick"}}, 403, "guildwatch does not act on itself."},
		"the owner":  {keeper, url.Values{"kind": {"kick"}}, 403, "You cannot act on somebody who is owner here"},
		"a long story": {plainID, url.Values{"kind": {"warn"}, "reason": {strings.Repeat("x", 401)}}, 422,
			"The reason has 401"},
	} {
		got := h.submit(t, cookie, memberPath(c.user)+"/act", c.values)
		if got.StatusCode != c.status || !strings.Contains(plainText(got.body), c.sentence) {
			t.Errorf("%s: status %d: %s", name, got.StatusCode, plainText(got.body))
		}
	}
	// What was done about somebody else is not taken back from here.
	if got := h.submit(t, cookie, memberPath(viewerID)+"/undo",
		url.Values{"action": {homeAction}}); got.StatusCode != 404 {
		t.Errorf("an action about somebody else: status %d", got.StatusCode)
	}
}

func TestAllWarningsOfAMemberAreCleared(t *testing.T) {
	h := policed(t, nil)
	cookie := h.signIn(t, modID)
	h.submit(t, cookie, memberPath(plainID)+"/act", url.Values{"kind": {"warn"}})
	f := formTo(t, h.get(t, 200, memberPath(plainID), "Cookie", cookie).body, memberPath(plainID)+"/clear", "reason")
	long := h.submit(t, cookie, f.action, url.Values{"do": {"clear"}, "reason": {strings.Repeat("x", 401)}})
	if long.StatusCode != 422 || !strings.Contains(plainText(long.body), "A reason has at most 400 characters.") {
		t.Errorf("a long reason: status %d: %s", long.StatusCode, plainText(long.body))
	}
	f.values.Set("do", "clear")
	f.values.Set("reason", "start anew "+evilName)
	got := h.submit(t, cookie, f.action, f.values)
	if got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	after := h.get(t, 200, got.Header.Get("Location"), "Cookie", cookie).body
	clean(t, "after clearing", after)
	text := plainText(after)
	for _, part := range []string{"No warning counts any more.", "level 0", "Cleared",
		"start anew <script>alert(1)</script>"} {
		if !strings.Contains(text, part) {
			t.Errorf("after clearing the card does not say %q: %s", part, text)
		}
	}
	if strings.Contains(after, "Clear all warnings") {
		t.Error("there is nothing left to clear, and the form stands there")
	}
}

// warningsNow are home's warnings as they are now.
func (h *house) warningsNow(t *testing.T) (rows []store.WarningRow) {
	t.Helper()
	must(t, h.Store.Read(t.Context(), func(now *store.Snapshot) { rows = now.Warnings(home, store.WarningFilter{}, 100) }))
	return rows
}
