package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/store"
)

var ladderPath = rulesPath + "/ladder"

func (h *house) steps(t *testing.T) (steps ladder.Ladder) {
	t.Helper()
	must(t, h.Store.Read(t.Context(), func(now *store.Snapshot) { steps = now.Ladder(home) }))
	return steps
}

// ladderForm is the form of a ladder: kind, length and unit of each step.
func ladderForm(was ladder.Ladder, steps ...string) url.Values {
	values := url.Values{"was": {asClimbed(was)}}
	for _, step := range steps {
		parts := strings.Fields(step + " 10 min")
		values.Add("step", parts[0])
		values.Add("length", parts[1])
		values.Add("unit", parts[2])
	}
	return values
}

func TestAnAdminChangesTheLadder(t *testing.T) {
	h, _ := steered(t, nil)
	cookie := h.signIn(t, adminID)
	if page := h.get(t, 200, ladderPath, "Cookie", cookie).body; !strings.Contains(plainText(page),
		"as guildwatch comes with it") {
		t.Errorf("the page says %s", plainText(page))
	}
	was := formTo(t, h.get(t, 200, ladderPath, "Cookie", cookie).body, ladderPath, "was").values.Get("was")
	if was != asClimbed(ladder.Default()) {
		t.Errorf("the form was made from %s", was)
	}
	got := h.submit(t, cookie, ladderPath, ladderForm(ladder.Default(), "warn", "timeout 90 min", "timeout 2 d", "ban"))
	if got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	want := ladder.Ladder{{Kind: moderation.ActionWarn}, {Kind: moderation.ActionTimeout, Timeout: 90 * time.Minute},
		{Kind: moderation.ActionTimeout, Timeout: 48 * time.Hour}, {Kind: moderation.ActionBan}}
	if now := h.steps(t); asClimbed(now) != asClimbed(want) {
		t.Errorf("the ladder is %v", now)
	}
	page := plainText(h.get(t, 200, rulesPath+"?saved=ladder", "Cookie", cookie).body)
	for _, part := range []string{"The ladder is saved.", "Timeout of 1 h 30 min", "Timeout of 2 days"} {
		if !strings.Contains(page, part) {
			t.Errorf("the list does not say %q: %s", part, page)
		}
	}
	if page := h.get(t, 200, ladderPath, "Cookie", h.signIn(t, viewerID)).body; strings.Contains(page,
		`method="post" action="`+ladderPath) {
		t.Error("a viewer has a form")
	}
	if got := h.submit(t, cookie, ladderPath,
		url.Values{"was": {asClimbed(want)}, "do": {"default"}}); got.StatusCode != http.StatusSeeOther {
		t.Errorf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	if now := h.steps(t); asClimbed(now) != asClimbed(ladder.Default()) {
		t.Errorf("back at %v", now)
	}
}

func TestLaddersThatCannotBeSaved(t *testing.T) {
	h, _ := steered(t, nil)
	many := make([]string, 12)
	for i := range many {
		many[i] = "warn"
	}
	for name, c := range map[string]struct {
		form   url.Values
		status int
		says   string
	}{
		"no step":  {ladderForm(ladder.Default()), 422, "A ladder has one to ten steps."},
		"too many": {ladderForm(ladder.Default(), many...), 422, "A ladder has one to ten steps."},
		"a made-up step": {ladderForm(ladder.Default(), "<script>alert(1)</script>"), 422,
			"Step 1: choose warn, timeout, kick or ban."},
		"no length":    {ladderForm(ladder.Default(), "timeout x min"), 422, "Step 1: a timeout takes"},
		"far too long": {ladderForm(ladder.Default(), "warn", "timeout 99999999999 d"), 422, "Step 2: a timeout takes"},
		"an old form":  {ladderForm(nil, "warn"), 409, "Somebody was faster"},
	} {
		got := h.submit(t, "", ladderPath, c.form)
		if got.StatusCode != c.status || !strings.Contains(plainText(got.body), c.says) {
			t.Errorf("%s: status %d: %s", name, got.StatusCode, plainText(got.body))
		}
		clean(t, name, got.body)
	}
	if now := h.steps(t); asClimbed(now) != asClimbed(ladder.Default()) {
		t.Errorf("the ladder is %v", now)
	}
}
