package handlers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

var violationsPath = homePath + "/violations"

// The violations of a steered house: AutoMod's hit on somebody, and the one of plain-pat.
const (
	nativeCase = int64(1)
	patsCase   = int64(2)
)

// Actions about a violation of home, and of the other guild, by their ids.
const (
	homeAction = "5"
	farAction  = "7"
)

// evilText is what the member wrote who broke a rule.
const evilText = "bl\u200borp <script>alert(5)</script> \u202e\" onload=\"alert(2)"

// policed is a governed house where home has two violations and the other guild has three.
func policed(t *testing.T, change func(*Options)) *house {
	t.Helper()
	h := governed(t, change)
	h.arm(t, home, homeNative, "House words")
	h.arm(t, other, farNative, "Far words")
	h.caught(t, home, plainID, generalChannel, 1)
	h.caught(t, other, farID, farChannel, 3)
	return h
}

// caught has a member break the guild's first rule so many times: the message is to go, the member takes a step.
func (h *house) caught(t *testing.T, guild snowflake.GuildID, user snowflake.UserID, channel snowflake.ChannelID,
	times int) {
	t.Helper()
	for i := range times {
		found := moderation.Violation{Guild: guild, At: noon.Add(-time.Duration(20-i) * time.Minute),
			Source:   moderation.SourceRule,
			Severity: moderation.SeverityHigh, Rule: "rule:1", RuleName: "House rule", User: user, Channel: channel,
			Message: snowflake.MessageID(7000 + i), Keyword: "blorp", Content: evilText}
		opened, err := h.Store.Open(t.Context(), moderation.Case{Violation: found, Version: 1,
			Surface:  moderation.SurfaceContent,
			Evidence: fmt.Sprint("evidence ", i, user), Detected: found.At.Add(40 * time.Millisecond),
			Response: moderation.Response{Delete: true, Ladder: true}})
		must(t, err)
		if !opened.Fresh {
			t.Fatalf("opened %+v", opened)
		}
	}
}

func casePath(number int64) string { return violationsPath + "/" + strconv.FormatInt(number, 10) }

// detail is a violation of home as it is now.
func (h *house) detail(t *testing.T, number int64) (detail store.ViolationDetail) {
	t.Helper()
	must(t, h.Store.Read(context.WithoutCancel(t.Context()), func(now *store.Snapshot) {
		detail, _ = now.Violation(home, number)
	}))
	return detail
}

// carry does what was planned, as Discord would confirm or refuse it.
func (h *house) carry(t *testing.T, result moderation.Result) {
	t.Helper()
	errands, err := h.Store.TakeDue(t.Context(), noon.Add(time.Hour), 100, moderation.Busy{})
	must(t, err)
	for _, errand := range errands {
		must(t, h.Store.Settle(t.Context(), errand, result))
	}
}

func TestTheListOfViolations(t *testing.T) {
	h := policed(t, nil)
	page := h.get(t, 200, violationsPath, "Cookie", h.signIn(t, viewerID)).body
	clean(t, "the list", page)
	text := plainText(page)
	for _, part := range []string{"plain-pat broke House rule #2", "High", "Delete message: planned",
		"Warn: planned", "#general",
		"guildwatch rule", "canary-ann broke AutoMod rule: Keyword #1 canary text"} {
		if !strings.Contains(text, part) {
			t.Errorf("the list does not say %q: %s", part, text)
		}
	}
	if strings.Contains(text, "far-canary") {
		t.Error("the list shows another guild's")
	}
	region := h.get(t, 200, violationsPath+"?region=violations&severity=high")
	alone(t, region, "violations")
	if !strings.Contains(region.body, `data-refetch-on="violation"`) {
		t.Error("the list does not fetch itself again")
	}
	h.get(t, 404, violationsPath+"?region=team")
}

func TestViolationsAreNarrowed(t *testing.T) {
	h := policed(t, nil)
	must(t, h.Store.MarkFalsePositive(t.Context(), granted[access.ManageViolations](t, h, modID), nativeCase, true))
	for query, want := range map[string]int{
		"": 2, "severity=high": 1, "severity=low": 0, "source=automod": 1, "source=rule": 1, "rule=rule:1": 1,
		"rule=rule:9":   0,
		"state=counted": 1, "state=false_positive": 1, "state=shadow": 0, "member=204": 1, "member=plain": 1, "member=999": 0,
		"member=206": 0, "channel=401": 1, "channel=406": 0, "channel=5": 1, "from=2026-11-20&to=2026-11-20": 2,
		"from=2026-11-21": 0, "to=2026-11-19": 0, "text=BLORP": 1, "text=canary": 1, "text=%25%25%25": 0, "before=2": 1,
		"severity=high&source=automod": 0,
	} {
		page := h.get(t, 200, violationsPath+"?"+query).body
		if got := strings.Count(page, `id="violation-`); got != want {
			t.Errorf("%q shows %d rows, want %d", query, got, want)
		}
		if want == 0 && !strings.Contains(page, "Nothing like that") {
			t.Errorf("%q does not say that nothing matches", query)
		}
		clean(t, query, page)
	}
	for query, c := range map[string]struct {
		status   int
		sentence string
	}{
		"member=nobody-at-all":         {422, "No member's name begins like that"},
		"member=far-canary":            {422, "No member's name begins like that"},
		"text=no+%25":                  {422, "Write three characters of a word"},
		"from=yesterday":               {422, "Write a day as year, month, day"},
		"from=2026-11-21&to=2026-11-2": {422, "Write a day as year, month, day"},
		"severity=<script>alert(1)":    {400, "is not known"},
		"source=x":                     {400, "is not known"}, "state=x": {400, "is not known"},
		"channel=x": {400, "is no channel's id"}, "before=0": {400, "is no number of a row"},
	} {
		got := h.ask(t, "GET", violationsPath+"?"+strings.ReplaceAll(query, "<", "%3C"))
		if got.StatusCode != c.status || !strings.Contains(plainText(got.body), c.sentence) {
			t.Errorf("%s: status %d, %s", query, got.StatusCode, plainText(got.body))
		}
		clean(t, query, got.body)
	}
}

// granted is the proof that somebody has a right in home.
func granted[R access.Right](t *testing.T, h *house, user snowflake.UserID) access.Grant[R] {
	t.Helper()
	grant, err := access.Check[R](t.Context(), h.Roster, access.Person(user, false), home)
	must(t, err)
	return grant
}

func TestViolationsAreReadPageByPage(t *testing.T) {
	h := policed(t, nil)
	for i := range 2*violationsListed + 5 {
		_, err := h.Store.RecordExecution(t.Context(), moderation.AutoModExecution{
			Origin: moderation.Origin{Guild: home, At: noon.Add(-time.Duration(300-i) * time.Second)}, Rule: 7, User: 101,
			Trigger: moderation.TriggerKeyword, Channel: 5, Message: snowflake.MessageID(9000 + i),
			Did: moderation.ActionDelete})
		must(t, err)
	}
	seen, path, pages := map[string]bool{}, violationsPath+"?source=automod", 0
	for path != "" {
		page := h.get(t, 200, path).body
		pages++
		for _, part := range strings.Split(page, `id="violation-`)[1:] {
			number, _, _ := strings.Cut(part, `"`)
			if seen[number] {
				t.Errorf("violation %s stands on two pages", number)
			}
			seen[number] = true
		}
		path = ""
		if _, rest, more := strings.Cut(page, `rel="next" href="`); more {
			next, _, _ := strings.Cut(rest, `"`)
			path = strings.ReplaceAll(next, "&amp;", "&")
		}
	}
	if pages != 3 || len(seen) != 2*violationsListed+6 {
		t.Errorf("%d violations on %d pages", len(seen), pages)
	}
}

func TestThePageOfAViolation(t *testing.T) {
	h := policed(t, nil)
	h.carry(t, moderation.Result{Refused: "The bot may not do this here."})
	page := h.get(t, 200, casePath(patsCase), "Cookie", h.signIn(t, modID)).body
	clean(t, "the page", page)
	text := plainText(page)
	for _, part := range []string{"Violation #2",
		"Written bl ⟨U+200B⟩ orp <script>alert(5)</script> ⟨U+202E⟩ \" onload=\"alert(2)",
		"Read as blorp", "Rule House rule version 1", "in a message", "Failed", "The bot may not do this here.",
		"The next violation costs a timeout of 10 min."} {
		if !strings.Contains(text, part) {
			t.Errorf("the page does not say %q: %s", part, text)
		}
	}
	if !strings.Contains(page, `href="`+rulesPath+`/1"`) || !strings.Contains(page, `href="`+homePath+`/members/204"`) {
		t.Error("the page does not lead to the rule and to the member")
	}
	alone(t, h.get(t, 200, casePath(patsCase)+"?region=violation"), "violation")
	for _, number := range []string{"3", "999", "0", "-1", "x", "99999999999999999999"} {
		h.get(t, 404, violationsPath+"/"+number)
	}
	h.get(t, 404, casePath(patsCase)+"?region=violations")
}

func TestWhoMayDoWhatWithAViolation(t *testing.T) {
	h := policed(t, nil)
	posts := []string{"/act", "/undo", "/false", "/note", "/claim"}
	for user, may := range map[snowflake.UserID]bool{keeper: true, adminID: true, modID: true, viewerID: false} {
		cookie := h.signIn(t, user)
		page := h.get(t, 200, casePath(patsCase), "Cookie", cookie).body
		for _, post := range posts {
			if there := strings.Contains(page, `action="`+casePath(patsCase)+post+`"`); there != may {
				t.Errorf("%d: the form to %s is there: %t", user, post, there)
			}
			if got := h.submit(t, cookie, casePath(patsCase)+post, url.Values{}); (got.StatusCode == 403) == may {
				t.Errorf("%d: POST %s answers %d", user, post, got.StatusCode)
			}
		}
	}
	if detail := h.detail(t, patsCase); len(detail.Actions) != 2 || len(detail.Notes) != 0 || detail.Claim.By != 0 {
		t.Errorf("something was changed: %+v", detail)
	}
}

// As a browser without scripts: a moderator times the member out, Discord confirms, the moderator takes it back.
func TestAModeratorActsAndUndoes(t *testing.T) {
	h := policed(t, nil)
	cookie := h.signIn(t, modID)
	h.carry(t, moderation.Result{Done: true})
	f := formTo(t, h.get(t, 200, casePath(patsCase), "Cookie", cookie).body, casePath(patsCase)+"/act", "reason")
	if f.values.Get("length") != "60" || len(f.choices["length"]) < 5 {
		t.Errorf("lengths are %v", f.choices)
	}
	f.values.Set("kind", "timeout")
	f.values.Set("length", "1440")
	f.values.Set("reason", "calm down "+evilName)
	got := h.submit(t, cookie, f.action, f.values)
	if got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	after := h.get(t, 200, got.Header.Get("Location"), "Cookie", cookie).body
	clean(t, "after acting", after)
	if text := plainText(after); !strings.Contains(text, "On its way to Discord: time out.") ||
		!strings.Contains(text, "Time out by <script>alert(1)</script>") || !strings.Contains(text, "calm down") {
		t.Errorf("after acting the page says %s", text)
	}
	acted := h.detail(t, patsCase).Actions[2]
	if acted.Kind != moderation.ActionTimeout || !acted.Until.Equal(noon.Add(24*time.Hour)) || acted.Actor != modID ||
		acted.Target != plainID || acted.Source != moderation.SourceDashboard {
		t.Errorf("planned is %+v", acted)
	}
	h.carry(t, moderation.Result{Done: true})
	var undo form
	for _, f := range forms(t, h.get(t, 200, casePath(patsCase), "Cookie", cookie).body) {
		if f.values.Get("action") == strconv.FormatInt(acted.ID, 10) {
			undo = f
		}
	}
	got = h.submit(t, cookie, undo.action, undo.values)
	if got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	h.carry(t, moderation.Result{Done: true})
	if text := plainText(h.get(t, 200, got.Header.Get("Location"), "Cookie", cookie).body); !strings.Contains(text,
		"Done: end timeout.") {
		t.Errorf("after the undo the page says %s", text)
	}
	if outcome := h.detail(t, patsCase).Actions[2].Outcome; outcome != moderation.OutcomeUndone {
		t.Errorf("the timeout is %s", outcome)
	}
	if got := h.submit(t, cookie, undo.action, undo.values); got.StatusCode != http.StatusConflict ||
		!strings.Contains(plainText(got.body), "This was taken back already.") {
		t.Errorf("a second undo: status %d: %s", got.StatusCode, plainText(got.body))
	}
}

// Two moderators press at the same moment: one action, and the second is told who did it.
func TestTwoModeratorsActAtOnce(t *testing.T) {
	h := policed(t, nil)
	values := url.Values{"kind": {"ban"}, "reason": {"spam \"><script>alert(1)"}, "length": {"1440"}}
	statuses, bodies := make(chan int, 2), make(chan string, 2)
	for _, user := range []snowflake.UserID{adminID, secondID} {
		cookie := h.signIn(t, user)
		go func() {
			got := h.submit(t, cookie, casePath(patsCase)+"/act", values)
			statuses <- got.StatusCode
			bodies <- got.body
		}()
	}
	if a, b := <-statuses, <-statuses; a+b != 303+409 {
		t.Errorf("statuses %d and %d", a, b)
	}
	body := <-bodies + <-bodies
	clean(t, "the conflict", body)
	if text := plainText(body); !strings.Contains(text, "admin-ann has just done this.") && !strings.Contains(text,
		"second-sue has just done this.") {
		t.Errorf("the second is told %s", text)
	}
	if back := formTo(t, body, casePath(patsCase)+"/act", "reason"); back.values.Get("reason") != values.Get("reason") ||
		back.values.Get("length") != "1440" {
		t.Errorf("the form comes back with %v", back.values)
	}
	if !strings.Contains(body, `data-home="`+casePath(patsCase)+`"`) {
		t.Error("a form that came back does not say where its page is")
	}
	if bans := len(h.detail(t, patsCase).Actions); bans != 3 {
		t.Errorf("%d actions", bans)
	}
}

func TestActsThatAreRefused(t *testing.T) {
	h := policed(t, nil)
	for name, c := range map[string]struct {
		values   url.Values
		status   int
		sentence string
	}{
		"nothing":   {url.Values{}, 422, "Choose what to do"},
		"made up":   {url.Values{"kind": {"<script>alert(1)"}}, 422, "Choose what to do"},
		"no length": {url.Values{"kind": {"timeout"}, "length": {"x"}}, 422, "A timeout takes"},
		"too long":  {url.Values{"kind": {"timeout"}, "length": {"99999999"}}, 422, "A timeout takes"},
		"long reason": {url.Values{"kind": {"warn"}, "reason": {strings.Repeat("ä", 401)}}, 422,
			"The reason has 401 characters"},
	} {
		got := h.submit(t, h.signIn(t, modID), casePath(patsCase)+"/act", c.values)
		if got.StatusCode != c.status || !strings.Contains(plainText(got.body), c.sentence) {
			t.Errorf("%s: status %d: %s", name, got.StatusCode, plainText(got.body))
		}
		clean(t, name, got.body)
	}
	if actions := h.detail(t, patsCase).Actions; len(actions) != 2 {
		t.Errorf("planned is %+v", actions)
	}
	// Somebody who stands as high cannot be touched, and the attempt is noted.
	h.caught(t, home, adminID, generalChannel, 1)
	got := h.submit(t, h.signIn(t, modID), casePath(3)+"/act", url.Values{"kind": {"kick"}})
	if got.StatusCode != 403 || !strings.Contains(plainText(got.body), "You cannot act on somebody who is admin here") {
		t.Errorf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	if row := h.auditLog(t, home)[0]; row.Action != "denied" || row.Target != "right:act_on_members" ||
		row.Actor.User != modID {
		t.Errorf("the refusal is noted as %+v", row)
	}
}

func TestMarksNotesAndClaims(t *testing.T) {
	h := policed(t, nil)
	mod, admin := h.signIn(t, modID), h.signIn(t, adminID)
	press := func(cookie, deed string, want int, says string, pairs ...string) {
		t.Helper()
		got := h.submit(t, cookie, casePath(patsCase)+deed, with(url.Values{}, pairs...))
		body := got.body
		if got.StatusCode == 303 {
			body = h.get(t, 200, got.Header.Get("Location"), "Cookie", cookie).body
		}
		clean(t, deed, body)
		if text := plainText(body); got.StatusCode != want || !strings.Contains(text, says) {
			t.Errorf("%s %v: status %d, the page does not say %q: %s", deed, pairs, got.StatusCode, says, text)
		}
	}
	press(admin, "/claim", 303, "You are on it, for five minutes.", "do", "claim")
	press(mod, "/claim", 409, "admin-ann is on it.", "do", "claim")
	press(admin, "/claim", 303, "You are not on it any more.", "do", "release")
	press(mod, "/claim", 303, "You are on it.", "do", "claim")
	press(mod, "/claim", 422, "Choose whether you are on it.")
	if text := plainText(h.get(t, 200, casePath(patsCase), "Cookie", admin).body); !strings.Contains(text,
		"<script>alert(1)</script> is on it") {
		t.Errorf("the page does not say who is on it: %s", text)
	}
	press(mod, "/false", 303, "Marked as a false positive.", "wrong", "yes")
	if state := h.detail(t, patsCase).State; state != moderation.StateFalsePositive {
		t.Errorf("the state is %s", state)
	}
	press(admin, "/false", 303, "It counts again.", "wrong", "no")
	press(admin, "/false", 422, "Choose whether the rule was wrong.", "wrong", "<script>alert(1)")
	press(mod, "/note", 303, "The note is saved.", "text", "spoke to them "+evilName)
	press(mod, "/note", 422, "A note has 1 to 1000 characters.", "text", " ")
	press(mod, "/note", 422, "A note has 1 to 1000 characters.", "text", strings.Repeat("x", 1001))
	if notes := h.detail(t, patsCase).Notes; len(notes) != 1 || notes[0].By != modID {
		t.Errorf("notes are %+v", notes)
	}
}
