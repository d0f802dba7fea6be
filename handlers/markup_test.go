package handlers

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
)

// poison is what somebody might call themselves to have a page run or load something. What stands before it tells the
// fields apart.
func poison(field string) string {
	return "poison-" + field + `"'><img src=x onerror=alert(1)><script>alert(1)</script>` +
		"\u202e\u200b<svg/onload=alert(1)><a href=javascript:alert(1)></bdi></li>&lt;b&gt;{{7*7}}\r\ndata: x"
}

// poisoned gives home in which everything that a user can name has the poison in it.
func poisoned(t *testing.T) *house {
	t.Helper()
	h := open(t, func(o *Options) { o.OpeningsPerMinute = 1000 }).boundless()
	ctx, s := t.Context(), h.Store
	at := moderation.Origin{Guild: home, At: noon.Add(-30 * time.Minute)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	person := func(id snowflake.UserID, what string) moderation.Member {
		return moderation.Member{User: moderation.User{ID: id, Name: poison(what + "-name"), Global: poison(what + "-global"),
			Avatar: poison("avatar")}, Nick: poison(what + "-nick"), Roles: []snowflake.RoleID{71}, JoinedAt: at.At}
	}
	must(s.SeeGuild(ctx, moderation.GuildSeen{Origin: at, Profile: moderation.Guild{ID: home, Name: poison("guild"),
		Icon:    poison("icon"),
		Members: 3, Owner: keeper, JoinedAt: at.At.Add(-40 * 24 * time.Hour)},
		Roles: []moderation.DiscordRole{{ID: snowflake.RoleID(home), Name: "@everyone"}, {ID: 71, Name: poison("role"),
			Position:    1,
			Permissions: moderation.PermAdministrator}},
		Channels: []moderation.Channel{{ID: 5, Name: poison("channel"), Parent: 6}, {ID: 6, Name: poison("category"),
			Kind: moderation.ChannelCategory}}}))
	must(s.SeeMembers(ctx, home, []moderation.Member{person(keeper, "keeper"), person(103, "moderator")}))
	_, err := s.Join(ctx, moderation.MemberJoined{Origin: at, Member: person(104, "newcomer")})
	must(err)
	must(s.SeeNativeRule(ctx, moderation.NativeRuleSeen{Origin: at, Rule: 8, Name: poison("rule"), Enabled: true,
		Trigger: moderation.TriggerKeyword, Spec: &moderation.NativeSpec{Keywords: []string{poison("keyword")},
			Patterns: []string{poison("pattern")}, Allow: []string{poison("allow")},
			Actions: []moderation.NativeAction{{Kind: moderation.NativeBlock, Message: poison("message")}}}}))
	_, err = s.RecordAudit(ctx, moderation.AuditEntry{Origin: at, Entry: 99,
		Action: moderation.Action{Kind: moderation.ActionBan,
			Source: moderation.SourceAudit, Target: 104, Actor: 103, Reason: poison("reason"), Count: 1,
			Outcome: moderation.OutcomeDone}})
	must(err)
	_, err = s.RecordExecution(ctx, moderation.AutoModExecution{Origin: at, Rule: 8, Trigger: moderation.TriggerKeyword,
		User:    104,
		Channel: 5, Message: 901, Keyword: poison("keyword"), Content: poison("content"), Did: moderation.ActionDelete})
	must(err)
	_, err = s.RecordCommand(ctx, moderation.CommandRun{Origin: at, Interaction: 99, Command: poison("command"),
		User: person(104, "commander").User, OK: true})
	must(err)
	grant, err := access.Check[access.ManageRoles](ctx, h.Roster, access.Person(keeper, true), home)
	must(err)
	must(s.AssignRole(ctx, grant, access.Member(103), access.Moderator))
	must(s.AssignRole(ctx, grant, access.HoldersOf(71), access.Viewer))
	rules, err := access.Check[access.UpdateRules](ctx, h.Roster, access.Person(keeper, true), home)
	must(err)
	_, err = s.SaveRule(ctx, rules, rule.Rule{Name: "own " + cut(poison("own-rule"), 60), Kind: rule.Words,
		Mode: rule.Enforce, Severity: moderation.SeverityHigh, Respond: rule.RespondWarn,
		Spec: rule.Spec{Words: []string{cut(poison("word"), 90)}}}, poison("version"))
	must(err)
	manage, err := access.Check[access.ManageViolations](ctx, h.Roster, access.Person(keeper, true), home)
	must(err)
	must(s.NoteViolation(ctx, manage, 1, poison("note")))
	w := &bounds{}
	r, _ := http.NewRequestWithContext(ctx, "POST", "/", nil)
	r.Header.Set("User-Agent", poison("browser"))
	must(h.Sessions.begin(w, r, keeper, "192.0.2.2"))
	return h
}

// Whatever users call themselves, their servers, channels, roles and rules, or write as reasons and messages, it is
// text on every page: no element and no attribute comes of it, and it neither turns nor hides what stands around it.
func TestTextOfUsersIsTextOnEveryPage(t *testing.T) {
	h := poisoned(t)
	var shown []string
	look := func(path string, headers ...string) {
		got := h.ask(t, "GET", path, headers...)
		for _, a := range attributes(t, got.body) {
			low := strings.ToLower(strings.TrimSpace(a.value))
			switch {
			case a.name == "" && slices.Contains([]string{"iframe", "object", "embed", "base", "style"}, a.element),
				a.name == "" && a.element == "img" && strings.Contains(got.body, "<img src=x"),
				strings.HasPrefix(a.name, "on"), a.name == "style", a.name == "srcdoc", a.name == "hx-on", a.name == "hx-vals",
				strings.HasPrefix(low, "javascript:"), strings.HasPrefix(low, "data:text"),
				a.element == "script" && a.name == "src" && !strings.HasPrefix(a.value, "/static/"),
				a.element == "img" && a.name == "src" && !strings.HasPrefix(a.value, "/static/") &&
					!strings.HasPrefix(a.value, "https://cdn.discordapp.com/"):
				t.Errorf("%s: <%s %s=%q>", path, a.element, a.name, a.value)
			case slices.Contains([]string{"href", "src", "action", "id", "class"}, a.name) && strings.Contains(a.value,
				"x onerror"):
				t.Errorf("%s: text of a user is in <%s %s=%q>", path, a.element, a.name, a.value)
			}
		}
		for _, raw := range []string{"<img src=x", "<script>alert", "<svg/onload", "\u202e", "\u200b", "</bdi></li>&lt;"} {
			if strings.Contains(edited.ReplaceAllString(got.body, ""), raw) {
				t.Errorf("%s has %q as it was written", path, raw)
			}
		}
		for _, field := range fields {
			if strings.Contains(got.body, "poison-"+field) && !slices.Contains(shown, field) {
				shown = append(shown, field)
			}
		}
	}
	for _, path := range append(h.pages(t), h.invite(t), homePath+"/members/104", homePath+"/violations/2",
		homePath+"/rules/1/versions", homePath+"?period=month", homePath+"/team?q=%22%3E%3Cimg+src%3Dx",
		"/nothing/%3Cimg%20src=x%20onerror=alert(1)%3E?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
		"/g/%3Cscript%3Ealert(1)") {
		look(path)
		look(path, "Hx-Request", "true")
		look(path, "Cookie", "sid=none")
	}
	for _, field := range fields {
		if !slices.Contains(shown, field) {
			t.Errorf("the %s is shown on no page: the test does not test it", field)
		}
	}
}

// edited is what stands in a field to be edited: the text as it is, in a box of its own that it cannot turn or leave.
var edited = regexp.MustCompile(`(?s)<textarea[^>]*>[^<]*</textarea>|<input[^>]*>`)

// fields are what the poison is in, as far as a page shows it today.
var fields = []string{"guild", "role", "channel", "category", "commander-global", "moderator-global", "newcomer-nick",
	"reason", "keyword", "content", "note", "command", "rule", "own-rule", "word", "version"}

// cut shortens a text to what a field takes.
func cut(text string, most int) string { return string([]rune(text)[:min(most, len([]rune(text)))]) }

// A script gets JSON, declared as such, that no browser takes for a page, with every text as it was.
func TestTextOfUsersIsTextInJSON(t *testing.T) {
	h := poisoned(t)
	kinds := map[string]kind{}
	for _, r := range routes {
		kinds[r.pattern] = r.kind
	}
	seen := 0
	walk(t, h.site, func(r *echo.Route) {
		if r.Method != "GET" || kinds["GET "+r.Path] != data {
			return
		}
		seen++
		got := h.get(t, 200, fill(r.Path, home))
		if !json.Valid([]byte(got.body)) || !strings.HasPrefix(got.Header.Get("Content-Type"), "application/json") ||
			got.Header.Get("X-Content-Type-Options") != "nosniff" || strings.Contains(got.body, "<script") {
			t.Errorf("%s: %v %.300s", r.Path, got.Header, got.body)
		}
	})
	if seen == 0 {
		t.Error("there is no JSON")
	}
}
