package handlers

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
)

var auditPath = homePath + "/audit"

// busyLog gives roles and takes them again, so that a guild's log has so many rows more, half of them by the second
// owner.
func busyLog(t *testing.T, h *house, rows int) {
	t.Helper()
	for i := range rows {
		by := []snowflake.UserID{keeper, secondID}[i%2]
		grant, err := access.Check[access.ManageRoles](t.Context(), h.Roster, access.Person(by, false), home)
		if err != nil {
			t.Fatal(err)
		}
		to := []access.Role{access.Moderator, access.None}[i/2%2]
		subject := access.Member([]snowflake.UserID{plainID, viewerID}[i%2])
		if err := h.Store.AssignRole(t.Context(), grant, subject, to); err != nil {
			t.Fatal(err)
		}
	}
}

var rowNumberOnPage = regexp.MustCompile(`row ([0-9,]+)<`)

func numbersOn(t *testing.T, page string) (numbers []int64) {
	t.Helper()
	for _, m := range rowNumberOnPage.FindAllStringSubmatch(page, -1) {
		n, err := strconv.ParseInt(strings.ReplaceAll(m[1], ",", ""), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, n)
	}
	return numbers
}

// rowNumbers are all numbers of a guild's log, newest first, as its page shows them by one link after the other.
func (h *house) rowNumbers(t *testing.T) (numbers []int64) {
	t.Helper()
	path := auditPath
	for path != "" {
		page := h.get(t, 200, path).body
		numbers = append(numbers, numbersOn(t, page)...)
		path = ""
		if next := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(page); next != nil {
			path = strings.ReplaceAll(next[1], "&amp;", "&")
		}
	}
	return numbers
}

func TestTheAuditLogIsReadPageByPage(t *testing.T) {
	h, _ := steered(t, nil)
	busyLog(t, h, 2*auditListed+10)
	numbers := h.rowNumbers(t)
	seen := map[int64]bool{}
	for i, n := range numbers {
		if seen[n] || i > 0 && numbers[i-1] <= n {
			t.Fatalf("row %d stands after row %d", n, numbers[max(0, i-1)])
		}
		seen[n] = true
	}
	var want int
	for _, row := range h.auditLog(t, home) {
		if want++; !seen[row.Number] {
			t.Errorf("row %d is on no page", row.Number)
		}
	}
	if first := numbersOn(t, h.get(t, 200, auditPath).body); len(first) != auditListed || want < auditListed {
		t.Errorf("the first page has %d rows", len(first))
	}
	later := h.get(t, 200, auditPath+"?person=207&before=40")
	if !strings.Contains(later.body, `href="`+auditPath+`?person=207">Newest`) {
		t.Error("a later page does not lead back to the newest rows of the same person")
	}
	alone(t, h.get(t, 200, auditPath+"?region=audit"), "audit")
	h.get(t, 404, auditPath+"?region=team")
}

func TestTheAuditLogIsNarrowed(t *testing.T) {
	h, _ := steered(t, nil)
	busyLog(t, h, 20)
	moderator := h.signIn(t, modID)
	refused := h.get(t, 403, auditPath, "Cookie", moderator)
	all := h.auditLog(t, home)
	if row := all[0]; row.Action != "denied" || row.Actor.User != modID || row.Target != "right:view_audit" {
		t.Fatalf("the refusal is noted as %+v", row)
	}
	count := func(match func(i int) bool) (n int) {
		for i := range all {
			if match(i) {
				n++
			}
		}
		return n
	}
	for query, want := range map[string]int{
		"":                              len(all),
		"person=207":                    count(func(i int) bool { return all[i].Actor.User == secondID }),
		"person=second-s":               count(func(i int) bool { return all[i].Actor.User == secondID }),
		"person=202":                    count(func(i int) bool { return all[i].Actor.User == modID }),
		"action=denied":                 1,
		"action=role.taken":             count(func(i int) bool { return all[i].Action == "role.taken" }),
		"action=nothing":                0,
		"person=207&action=denied":      0,
		"person=999":                    0,
		"from=2026-11-20&to=2026-11-20": len(all),
		"from=2026-11-21":               0,
		"to=2026-11-19":                 0,
	} {
		page := h.get(t, 200, auditPath+"?"+query).body
		if got := len(numbersOn(t, page)); got != want {
			t.Errorf("%q shows %d rows, want %d", query, got, want)
		}
		if want == 0 && !strings.Contains(page, "Nothing like that") {
			t.Errorf("%q does not say that nothing matches", query)
		}
	}
	text := plainText(h.get(t, 200, auditPath+"?action=denied").body)
	for _, part := range []string{"was not allowed to read the audit log", "reference " + refused.Header.Get("X-Request-Id"),
		"Role given", "Role taken away"} {
		if !strings.Contains(text, part) {
			t.Errorf("the log does not say %q: %s", part, text)
		}
	}
}

// A refused change is told in words: who wanted what for whom, and as what they asked.
func TestARefusedChangeIsToldInWords(t *testing.T) {
	for name, c := range map[string]struct {
		subject, id, role string
		says              string
	}{
		"a member": {"member", keeper.String(), "admin", "was not allowed to manage roles: keeper Wanted role: admin"},
		"a Discord role": {"discord_role", staffRole.String(), "owner",
			"was not allowed to manage roles: the Discord role Staff Wanted role: owner"},
	} {
		h, _ := steered(t, nil)
		for range 3 { // two go without a row
			h.submit(t, "", teamPath, url.Values{"subject": {c.subject}, "id": {c.id}, "was": {"none"}, "role": {c.role}})
		}
		h.get(t, 403, auditPath, "Cookie", h.signIn(t, modID))
		text := plainText(h.get(t, 200, auditPath+"?action=denied").body)
		for _, part := range []string{c.says, "as owner", "as moderator", "Refusals before it without a row: 2"} {
			if !strings.Contains(text, part) {
				t.Errorf("%s: the log does not say %q: %s", name, part, text)
			}
		}
	}
}

// Days are the guild's: what was done at 12:00 UTC belongs to the next day where it is 13 hours later.
func TestDaysOfTheAuditLogAreTheGuilds(t *testing.T) {
	h, _ := steered(t, nil)
	f := formTo(t, h.get(t, 200, settingsPath).body, settingsPath, "time_zone")
	f.values.Set("time_zone", "Pacific/Apia")
	h.submit(t, "", f.action, f.values)
	for query, want := range map[string]bool{"from=2026-11-21&to=2026-11-21": true, "to=2026-11-20": false} {
		if page := h.get(t, 200, auditPath+"?"+query).body; (len(numbersOn(t, page)) > 0) != want {
			t.Errorf("%s: %s", query, plainText(page))
		}
	}
}

// A day that has no midnight begins where its clock does, and ends with the next one's.
func TestDaysWithoutMidnight(t *testing.T) {
	zone, err := time.LoadLocation("America/Santiago") // 2026-09-06 begins at 01:00
	if err != nil {
		t.Fatal(err)
	}
	first := time.Date(2026, 9, 6, 1, 0, 0, 0, zone)
	from, to, problem := days("2026-09-06", "2026-09-06", zone)
	if problem != "" || !from.Equal(first) || to.Sub(from) != 23*time.Hour {
		t.Errorf("the day is from %v to %v: %s", from, to, problem)
	}
	at, whole, err := momentIn(zone, "2026-09-06")
	if err != nil || !whole || !at.Equal(first) || dayAfter(zone, at).Sub(at) != 23*time.Hour {
		t.Errorf("the day begins at %v: %v", at, err)
	}
}

func TestFiltersThatMakeNoSense(t *testing.T) {
	h, _ := steered(t, nil)
	for query, c := range map[string]struct {
		status   int
		sentence string
	}{
		"person=nobody-at-all":                           {422, "name begins like that"},
		"person=%3Cscript%3Ealert(1)%3C/script%3Exx":     {422, "name begins like that"},
		"person=far-canary":                              {422, "name begins like that"},
		"from=yesterday":                                 {422, "Write a day as year, month, day"},
		"from=99999-01-01":                               {422, "Write a day as year, month, day"},
		"to=0001-01-01":                                  {422, "Write a day as year, month, day"},
		"from=2026-11-21&to=2026-11-19":                  {422, "The first day comes after the last"},
		"before=x":                                       {400, "is no number of a row"},
		"before=-1":                                      {400, "is no number of a row"},
		"before=99999999999999999999":                    {400, "is no number of a row"},
		"action=%22%3E%3Cscript%3Ealert(1)%3C/script%3E": {200, "Nothing like that"},
	} {
		got := h.ask(t, "GET", auditPath+"?"+query)
		if got.StatusCode != c.status || !strings.Contains(got.body, c.sentence) {
			t.Errorf("%s: status %d, %s", query, got.StatusCode, plainText(got.body))
		}
		clean(t, query, got.body)
	}
	if got := h.ask(t, "GET", auditPath+"?person=%FF&before="); got.StatusCode != 422 {
		t.Errorf("bytes that are no text: status %d", got.StatusCode)
	}
}

// Whoever did something, their name is text, and so is what they chose.
func TestNamesInTheAuditLogAreText(t *testing.T) {
	h, _ := steered(t, nil)
	h.get(t, 403, teamPath, "Cookie", h.signIn(t, modID)) // a person with an evil name
	f := formTo(t, h.get(t, 200, teamPath+"?discord_role="+modsRole.String()).body, teamPath, "role")
	f.values.Set("role", "viewer")
	h.submit(t, "", f.action, f.values)
	page := h.get(t, 200, auditPath).body
	clean(t, "the audit log", page)
	text := plainText(page)
	for _, part := range []string{"<script>alert(1)</script> was not allowed to see the team",
		"gave a role to the Discord role </option><script>alert(3)</script> ⟨U+202E⟩ before: moderator → after: viewer"} {
		if !strings.Contains(text, part) {
			t.Errorf("the log does not say %q: %s", part, text)
		}
	}
	person := fmt.Sprintf(`href="%s?person=%d"`, auditPath, modID)
	if !strings.Contains(page, person) {
		t.Errorf("the name is no link to what they did: %s", person)
	}
}

// A refusal is noted whatever was asked for: pages, forms, JSON and streams; once a minute for each right.
func TestEveryRefusalIsNoted(t *testing.T) {
	h, _ := steered(t, nil)
	viewer := h.signIn(t, viewerID)
	for path, right := range map[string]string{teamPath: "view_team", auditPath: "view_audit"} {
		before := len(h.auditLog(t, home))
		for range 3 {
			h.get(t, 403, path, "Cookie", viewer)
		}
		rows := h.auditLog(t, home)
		if len(rows) != before+1 || rows[0].Target != "right:"+right {
			t.Errorf("%s: %d rows more, the newest %+v", path, len(rows)-before, rows[0])
		}
	}
	h.get(t, 403, "/api/servers/"+home.String()+"/audit-log", "Cookie", h.signIn(t, modID))
	if row := h.auditLog(t, home)[0]; row.Actor.User != modID || row.Target != "right:view_audit" {
		t.Errorf("JSON: %+v", row)
	}
	before := len(h.auditLog(t, 0))
	h.get(t, 403, "/live", "Cookie", viewer)
	if rows := h.auditLog(t, 0); len(rows) != before+1 || rows[0].Target != "right:operator" || rows[0].Actor.User != viewerID {
		t.Errorf("the instance's log has %d rows more: %+v", len(rows)-before, rows)
	}
	// Strangers leave no row: they could fill the log of a guild that they are not in.
	rows := len(h.auditLog(t, home))
	h.get(t, 404, teamPath, "Cookie", h.signIn(t, farID))
	h.submit(t, h.signIn(t, plainID), teamPath, url.Values{})
	if after := len(h.auditLog(t, home)); after != rows {
		t.Errorf("strangers left %d rows", after-rows)
	}
}
