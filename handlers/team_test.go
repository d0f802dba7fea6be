package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

var teamPath = homePath + "/team"

func TestTheTeamPageSaysWhoHasWhichRoleAndWhy(t *testing.T) {
	h, _ := steered(t, nil)
	page := h.get(t, 200, teamPath).body
	text := plainText(page)
	for _, part := range []string{"keeper Owner owns the server in Discord",
		"admin-ann Admin has the Discord role Staff with the permission Administrator",
		"Moderator has the Discord role </option><script>alert(3)</script> ⟨U+202E⟩",
		"viewer-vic Viewer given on 20 Nov 2026 by keeper", "second-sue Owner given on",
		"set on 20 Nov 2026 by keeper", "This is you."} {
		if !strings.Contains(text, part) {
			t.Errorf("the page does not say %q:\n%s", part, text)
		}
	}
	for _, gone := range []string{"plain-pat", "robot-rob", "far-canary", "Far canary"} {
		if strings.Contains(page, gone) {
			t.Errorf("the page names %s", gone)
		}
	}
	clean(t, "the team page", page)
	alone(t, h.get(t, 200, teamPath+"?region=team"), "team")
	h.get(t, 404, teamPath+"?region=panel-cards")
}

// plainText is what stands on a page, without its markup.
func plainText(page string) string {
	var text strings.Builder
	for _, n := range textNodes(page) {
		text.WriteString(n)
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

func TestWhoMaySeeAndSteerTheTeam(t *testing.T) {
	h, _ := steered(t, nil)
	for user, want := range map[snowflake.UserID]struct{ get, post int }{
		keeper: {200, 303}, secondID: {200, 303}, adminID: {200, 403}, modID: {403, 403}, viewerID: {403, 403},
		plainID: {404, 404}, farID: {404, 404},
	} {
		cookie := h.signIn(t, user)
		page := h.get(t, want.get, teamPath, "Cookie", cookie)
		if forms := strings.Contains(page.body, `action="`+teamPath); forms != (want.post == 303) {
			t.Errorf("%d: forms are there: %t", user, forms)
		}
		before := len(h.auditLog(t, home))
		was := h.roleOf(t, plainID)
		sent := url.Values{"subject": {"member"}, "id": {plainID.String()}, "was": {was.String()}, "role": {"viewer"}}
		got := h.submit(t, cookie, teamPath, sent)
		if got.StatusCode != want.post {
			t.Errorf("%d: POST answers %d, want %d", user, got.StatusCode, want.post)
		}
		if want.post == 403 {
			row := h.auditLog(t, home)[0]
			if len(h.auditLog(t, home)) == before || row.Action != "denied" || row.Target != "right:manage_roles" ||
				row.Actor.User != user || row.Role != h.roleOf(t, user) || row.Request != got.Header.Get("X-Request-Id") {
				t.Errorf("%d: the refusal is noted as %+v", user, row)
			}
		}
		if want.post == 303 { // take it back for the next one
			sent.Set("was", "viewer")
			sent.Set("role", "none")
			h.submit(t, cookie, teamPath, sent)
		}
	}
	if role := h.roleOf(t, plainID); role != access.None {
		t.Errorf("plain-pat is %s", role)
	}
	// Somebody who may look only gets no form, whatever the address asks for.
	page := h.get(t, 200, teamPath+"?member=204&q=plain", "Cookie", h.signIn(t, adminID))
	if strings.Contains(page.body, "plain-pat") {
		t.Error("an admin finds members who have no role")
	}
}

// As a browser without scripts: search, choose, save, see it, take it away again.
func TestAnOwnerGivesARoleAndTakesIt(t *testing.T) {
	h, _ := steered(t, nil)
	page := h.get(t, 200, teamPath+"?q=PLAIN").body
	link := teamPath + "?member=204"
	if !strings.Contains(page, `href="`+link+`#change"`) {
		t.Fatalf("the search does not lead to the member: %s", page)
	}
	for _, step := range []struct {
		was, to access.Role
		flash   string
	}{{access.None, access.Moderator, "plain-pat is given the role moderator now."},
		{access.Moderator, access.Owner, "plain-pat is given the role owner now."},
		{access.Owner, access.None, "No role is given to plain-pat now."}} {
		f := formTo(t, h.get(t, 200, link).body, teamPath, "role")
		if got := f.values.Get("role"); got != step.was.String() || len(f.choices["role"]) != 5 {
			t.Fatalf("the form has %s of %v chosen, want %s", got, f.choices["role"], step.was)
		}
		seq := h.Store.LastSeq()
		f.values.Set("role", step.to.String())
		got := h.submit(t, "", f.action, f.values)
		if got.StatusCode != http.StatusSeeOther {
			t.Fatalf("to %s: status %d %s", step.to, got.StatusCode, got.body)
		}
		if role := h.roleOf(t, plainID); role != step.to {
			t.Errorf("plain-pat is %s, want %s", role, step.to)
		}
		if after := h.get(t, 200, got.Header.Get("Location")); !strings.Contains(after.body, step.flash) {
			t.Errorf("after the change the page does not say %q", step.flash)
		}
		changes, err := h.Store.NextChanges(t.Context(), seq, 10)
		if err != nil || len(changes) != 1 || changes[0].Kind != moderation.ChangeConfig || changes[0].Actor != keeper {
			t.Errorf("pages hear of %+v, %v", changes, err)
		}
		if row := h.auditLog(t, home)[0]; row.Person.User != plainID || row.Request != got.Header.Get("X-Request-Id") {
			t.Errorf("the audit log has %+v", row)
		}
	}
}

func TestADiscordRoleMeansARole(t *testing.T) {
	h, _ := steered(t, nil)
	give := formsOn(t, h.get(t, 200, teamPath).body, "discord_role")
	if got := give.choices["discord_role"]; len(got) != 3 {
		t.Fatalf("offered are %v, want all but the robots'", got)
	}
	for role, most := range map[snowflake.RoleID]int{staffRole: 4, snowflake.RoleID(home): 2} {
		f := formTo(t, h.get(t, 200, teamPath+"?discord_role="+role.String()).body, teamPath, "role")
		if len(f.choices["role"]) != most {
			t.Errorf("%d: offered are %v", role, f.choices["role"])
		}
	}
	f := formTo(t, h.get(t, 200, teamPath+"?discord_role="+modsRole.String()).body, teamPath, "role")
	f.values.Set("role", "none")
	got := h.submit(t, "", f.action, f.values)
	if got.StatusCode != http.StatusSeeOther || h.roleOf(t, modID) != access.None {
		t.Errorf("status %d, the moderator is %s", got.StatusCode, h.roleOf(t, modID))
	}
	if page := h.get(t, 200, got.Header.Get("Location")).body; !strings.Contains(page, "means nothing here now.") {
		t.Error("the page does not say what happened")
	}
	h.get(t, 404, teamPath, "Cookie", h.signIn(t, modID))
}

// formsOn is the page's form with a field of that name.
func formsOn(t *testing.T, page, field string) form {
	t.Helper()
	for _, f := range forms(t, page) {
		if f.choices[field] != nil {
			return f
		}
	}
	t.Fatalf("no form has the field %s", field)
	return form{}
}

func TestWhatCannotBeGivenComesBackWithTheReason(t *testing.T) {
	h, _ := steered(t, nil)
	before := len(h.auditLog(t, home))
	for name, c := range map[string]struct {
		subject, id, was, role string
		status                 int
		sentence               string
	}{
		"one's own role":        {"member", keeper.String(), "none", "admin", 403, "Nobody changes their own role"},
		"a bot":                 {"member", robotID.String(), "none", "viewer", 422, "A bot cannot have a role"},
		"everybody a moderator": {"discord_role", home.String(), "none", "moderator", 422, "viewer at most"},
		"owners by a role":      {"discord_role", staffRole.String(), "none", "owner", 403, "Name owners one by one"},
		"no role at all":        {"member", plainID.String(), "none", "", 422, "Choose a role"},
		"a made-up role":        {"member", plainID.String(), "none", "root", 422, "Choose a role"},
		"a form of nobody":      {"member", plainID.String(), "", "viewer", 422, "Choose a role"},
		"a foreign member":      {"member", farID.String(), "none", "viewer", 404, "no such member"},
		"a foreign role":        {"discord_role", farRole.String(), "none", "viewer", 404, "no such member"},
		"an absent member":      {"member", "999", "none", "viewer", 404, "no such member"},
		"an odd id":             {"member", "../../1", "none", "viewer", 404, "no such member"},
		"an odd subject":        {"guild", "1", "none", "viewer", 404, "no such member"},
	} {
		got := h.submit(t, "", teamPath, url.Values{"subject": {c.subject}, "id": {c.id}, "was": {c.was}, "role": {c.role}})
		if got.StatusCode != c.status || !strings.Contains(got.body, c.sentence) {
			t.Errorf("%s: status %d, want %d with %q: %.300s", name, got.StatusCode, c.status, c.sentence, plainText(got.body))
		}
		clean(t, name, got.body)
	}
	rows := h.auditLog(t, home)
	if len(rows) != before+1 || rows[0].Action != "denied" || rows[0].Role != access.Owner ||
		rows[0].Person.User != keeper && !strings.Contains(rows[0].After, staffRole.String()) { // the same refusal again, within a minute, is counted
		t.Errorf("%d rows more, the newest %+v", len(rows)-before, rows[0])
	}
	// As another owner: not even they change what Discord says.
	got := h.submit(t, h.signIn(t, secondID), teamPath, url.Values{"subject": {"member"}, "id": {keeper.String()},
		"was": {"none"}, "role": {"viewer"}})
	if got.StatusCode != 422 || !strings.Contains(got.body, "Whoever owns the server in Discord") {
		t.Errorf("the owner in Discord: status %d", got.StatusCode)
	}
	for _, query := range []string{"member=206", "member=x", "discord_role=304", "discord_role=-1", "member=999"} {
		h.get(t, 404, teamPath+"?"+query)
	}
	if got := h.get(t, 200, teamPath+"?q="+url.QueryEscape("\"><script>alert(1)</script>")); strings.Contains(got.body, "<script>alert") {
		t.Error("what was searched for becomes HTML")
	}
	if got := h.get(t, 200, teamPath+"?saved=member&id=206"); strings.Contains(got.body, "far-canary") {
		t.Error("a made-up link names somebody of another guild")
	}
}

// Of owners who save at once one is first. The others see what holds now, and the next try works.
func TestOwnersWhoSaveAtOnce(t *testing.T) {
	h, _ := steered(t, nil)
	link := teamPath + "?member=" + plainID.String()
	f := formTo(t, h.get(t, 200, link).body, teamPath, "role")
	roles := []string{"viewer", "moderator", "admin", "viewer", "moderator", "admin"}
	replies := make([]reply, len(roles))
	cookies := []string{h.cookie, h.signIn(t, secondID)}
	var all sync.WaitGroup
	for i, role := range roles {
		all.Go(func() {
			values := url.Values{"subject": {"member"}, "id": {plainID.String()}, "was": f.values["was"], "role": {role}}
			replies[i] = h.submit(t, cookies[i%2], teamPath, values)
		})
	}
	all.Wait()
	saved := 0
	for i, got := range replies {
		switch got.StatusCode {
		case http.StatusSeeOther:
			if saved++; h.roleOf(t, plainID).String() != roles[i] {
				t.Errorf("%s was saved, but plain-pat is %s", roles[i], h.roleOf(t, plainID))
			}
		case http.StatusConflict:
			again := formTo(t, got.body, teamPath, "role")
			if again.values.Get("was") != h.roleOf(t, plainID).String() || again.values.Get("role") != roles[i] ||
				!strings.Contains(got.body, "Somebody was faster") {
				t.Errorf("the form that came back has %v", again.values)
			}
			if i == len(roles)-1 || saved > 0 {
				continue
			}
		default:
			t.Errorf("status %d: %.200s", got.StatusCode, got.body)
		}
	}
	if saved != 1 {
		t.Fatalf("%d of %d were saved, want 1", saved, len(roles))
	}
	values := f.values
	values.Set("was", h.roleOf(t, plainID).String())
	values.Set("role", "none")
	if got := h.submit(t, "", teamPath, values); got.StatusCode != http.StatusSeeOther {
		t.Errorf("after a look: status %d", got.StatusCode)
	}
}

// What was given ends when somebody leaves. It is listed, and can be taken out of the list.
func TestWhatWasGivenToSomebodyWhoLeftIsListed(t *testing.T) {
	h, _ := steered(t, nil)
	left := moderation.MemberLeft{Origin: moderation.Origin{Guild: home, At: noon.Add(1)},
		User: moderation.User{ID: viewerID, Name: "viewer-vic"}}
	if _, err := h.Store.Leave(t.Context(), left); err != nil {
		t.Fatal(err)
	}
	text := plainText(h.get(t, 200, teamPath).body)
	if !strings.Contains(text, "viewer-vic No longer counts viewer: given on") || !strings.Contains(text, "they have left") {
		t.Fatalf("not listed: %s", text)
	}
	f := formTo(t, h.get(t, 200, teamPath+"?member=203").body, teamPath, "role")
	if f.values.Get("role") != "none" {
		t.Errorf("the form has %v", f.values)
	}
	if got := h.submit(t, "", teamPath, f.values); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	if page := h.get(t, 200, teamPath).body; strings.Contains(page, "viewer-vic") {
		t.Error("still listed")
	}
	h.get(t, 404, teamPath+"?member=203")
}

// In the demo visitors are made up, and what they do is real: given to members, kept, noted, said to be theirs.
func TestTheDemoSteersTheRealStore(t *testing.T) {
	key := []byte("a key of the demo")
	h, _ := steered(t, func(o *Options) {
		o.DemoKey, o.Identity, o.Roster = key, Demo(key), DemoRoster(o.Store, o.Stats)
	})
	first := h.get(t, 200, teamPath)
	cookie := first.Cookies()[0].Name + "=" + first.Cookies()[0].Value
	got := h.submit(t, cookie, teamPath, url.Values{"subject": {"member"}, "id": {plainID.String()}, "was": {"none"},
		"role": {"moderator"}})
	if got.StatusCode != http.StatusSeeOther || h.roleOf(t, plainID) != access.Moderator {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	if text := plainText(h.get(t, 200, teamPath, "Cookie", cookie).body); !strings.Contains(text,
		"plain-pat Moderator given on 20 Nov 2026 by You") {
		t.Errorf("the page says %s", text)
	}
	if text := plainText(h.get(t, 200, homePath+"/audit", "Cookie", cookie).body); !strings.Contains(text,
		"You gave a role to plain-pat") {
		t.Errorf("the log says %s", text)
	}
	looked := h.ask(t, "POST", "/demo/role?role=viewer", "Cookie", cookie)
	viewer := looked.Cookies()[0].Name + "=" + looked.Cookies()[0].Value
	h.get(t, 403, teamPath, "Cookie", viewer)
	if row := h.auditLog(t, home)[0]; row.Action != "denied" || row.Target != "right:view_team" {
		t.Errorf("the refusal is noted as %+v", row)
	}
}
