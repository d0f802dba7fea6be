package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// appealed is a policed house in which plain-pat has appealed against their warning, and a member of the other guild
// against two.
func appealed(t *testing.T, change func(*Options)) *house {
	t.Helper()
	h := policed(t, change)
	for _, made := range []struct {
		guild  snowflake.GuildID
		number int64 // of the violation
		user   snowflake.UserID
	}{{home, patsCase, plainID}, {other, 1, farID}, {other, 2, farID}} {
		var actions []store.ActionRow
		must(t, h.Store.Read(t.Context(), func(now *store.Snapshot) {
			found, _ := now.Violation(made.guild, made.number)
			actions = found.Actions
		}))
		_, err := h.Store.MakeAppeal(t.Context(), made.guild, actions[len(actions)-1].ID, made.user, "Please: "+evilText)
		must(t, err)
	}
	return h
}

var appealsPath = homePath + "/appeals"

func TestTheListOfAppeals(t *testing.T) {
	h := appealed(t, nil)
	page := h.get(t, 200, appealsPath, "Cookie", h.signIn(t, viewerID)).body
	clean(t, "the list", page)
	text := plainText(page)
	for _, part := range []string{"Waiting for a decision", "plain-pat appeals against a warning: appeal #1", "House rule", "Appeals 1 open"} {
		if !strings.Contains(text, part) {
			t.Errorf("the list does not say %q: %s", part, text)
		}
	}
	for query, want := range map[string]int{"": 1, "state=open": 1, "state=denied": 0, "before=1": 0, "state=open&before=1": 0} {
		if got := strings.Count(h.get(t, 200, appealsPath+"?"+query).body, `id="appeal-`); got != want {
			t.Errorf("%q shows %d rows, want %d", query, got, want)
		}
	}
	h.get(t, 400, appealsPath+"?state=lost")
	h.get(t, 400, appealsPath+"?before=x")
	region := h.get(t, 200, appealsPath+"?region=appeals")
	alone(t, region, "appeals")
	if !strings.Contains(region.body, `data-refetch-on="appeal"`) {
		t.Error("the list does not fetch itself again")
	}
	h.get(t, 404, appealsPath+"?region=team")
	for path, part := range map[string]string{casePath(patsCase): "appeals against a warning", homePath + "/members/" + plainID.String(): "appeal #1"} {
		if !strings.Contains(plainText(h.get(t, 200, path).body), part) {
			t.Errorf("%s does not show the appeal", path)
		}
	}
}

// Two moderators decide at the same time: one decision holds, and the other reads whose it was.
func TestAnAppealIsDecidedOnThePage(t *testing.T) {
	h := appealed(t, nil)
	page := h.get(t, 200, appealsPath+"/1", "Cookie", h.signIn(t, modID)).body
	clean(t, "the page", page)
	if text := plainText(page); !strings.Contains(text, "The member writes Please:") || !strings.Contains(text, "Approve") ||
		!strings.Contains(text, "the warning does not count any more") {
		t.Errorf("the page says %s", text)
	}
	if seen := h.get(t, 200, appealsPath+"/1", "Cookie", h.signIn(t, viewerID)).body; strings.Contains(seen, `value="approve"`) {
		t.Error("a viewer is shown the buttons")
	}
	h.get(t, 404, appealsPath+"/2")
	alone(t, h.get(t, 200, appealsPath+"/1?region=appeal-case"), "appeal-case")
	decide := func(user snowflake.UserID, form url.Values) reply {
		return h.submit(t, h.signIn(t, user), appealsPath+"/1/decide", form)
	}
	if got := decide(modID, url.Values{"do": {"perhaps"}}); got.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("neither: %d", got.StatusCode)
	}
	long := url.Values{"do": {"deny"}, "answer": {strings.Repeat("x", 1001)}}
	if got := decide(modID, long); got.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(got.body, "at most 1000 fit") ||
		!strings.Contains(got.body, long.Get("answer")) {
		t.Errorf("an answer that is too long: %d", got.StatusCode)
	}
	got := decide(modID, url.Values{"do": {"approve"}, "answer": {"sorry"}})
	if got.StatusCode != http.StatusSeeOther || got.Header.Get("Location") != appealsPath+"/1?done=decided" {
		t.Fatalf("%d %s", got.StatusCode, got.Header.Get("Location"))
	}
	if text := plainText(h.get(t, 200, got.Header.Get("Location")).body); !strings.Contains(text, "The appeal is approved.") ||
		strings.Contains(text, "Decide") {
		t.Errorf("afterwards the page says %s", text)
	}
	late := decide(adminID, url.Values{"do": {"deny"}, "answer": {"never"}})
	if late.StatusCode != http.StatusConflict || !strings.Contains(plainText(late.body), "has approved this appeal already.") {
		t.Errorf("the second: %d %s", late.StatusCode, plainText(late.body))
	}
	if detail := h.detail(t, patsCase); detail.Actions[1].Outcome != moderation.OutcomeFailed {
		t.Errorf("what was planned is %+v", detail.Actions[1])
	}
}

func TestWhetherMembersAreToldIsSaved(t *testing.T) {
	h := appealed(t, nil)
	path := homePath + "/settings"
	if text := plainText(h.get(t, 200, path).body); !strings.Contains(text, "Members are told Yes, with a button to appeal.") {
		t.Errorf("the page says %s", text)
	}
	profile, _, err := h.Store.Profile(t.Context(), home)
	must(t, err)
	was := (&settingsRead{profile: profile}).settings()
	form := url.Values{"time_zone": {was.TimeZone}, "log_channel": {""}, "was": {asSeen(was)}, "take_appeals": {"no"}}
	if got := h.submit(t, h.signIn(t, keeper), path, form); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", got.StatusCode)
	}
	if text := plainText(h.get(t, 200, path).body); !strings.Contains(text, "Yes, and they cannot appeal.") {
		t.Errorf("saved, the page says %s", text)
	}
	if text := plainText(h.get(t, 200, appealsPath).body); !strings.Contains(text, "takes no appeals now") {
		t.Errorf("the list says %s", text)
	}
	must(t, h.Store.UpdateSettings(t.Context(), granted[access.UpdateSettings](t, h, keeper),
		store.Settings{TimeZone: was.TimeZone, LogChannel: generalChannel}))
	must(t, h.Store.SetLogProblem(t.Context(), home, "guildwatch may not write there."))
	if text := plainText(h.get(t, 200, path).body); !strings.Contains(text, "Nothing arrives there now. guildwatch may not write there.") {
		t.Errorf("with a channel that does not work, the page says %s", text)
	}
}
