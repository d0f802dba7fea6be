package handlers

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
)

// walk visits every route that the router really has.
func walk(t *testing.T, s *site, visit func(r *echo.Route)) {
	t.Helper()
	_, e := build(s.Options)
	seen := 0
	for _, r := range e.Routes() {
		visit(r)
		seen++
	}
	if seen < len(routes) {
		t.Fatalf("the router has %d routes, routes.go lists %d", seen, len(routes))
	}
}

func TestEveryRouteNamesItsRight(t *testing.T) {
	rights := []string{rightEveryone, rightSignedIn, rightOperator, rightOperatorOrHere, rightOperatorOrPublic,
		access.NameOf[access.ViewDashboard](), access.NameOf[access.ViewTeam](), access.NameOf[access.ViewAudit](),
		access.NameOf[access.UpdateSettings](), access.NameOf[access.ManageRoles](), access.NameOf[access.UpdateRules](),
		access.NameOf[access.DeleteRules](), access.NameOf[access.Export](),
		access.NameOf[access.ActOnMembers](), access.NameOf[access.ManageViolations](), access.NameOf[access.DecideAppeals](),
		access.NameOf[access.SwitchRaidMode](), access.NameOf[access.EraseMember]()}
	h := open(t, nil)
	walk(t, h.site, func(r *echo.Route) {
		if !slices.Contains(rights, r.Name) {
			t.Errorf("%s %s names the right %q", r.Method, r.Path, r.Name)
		}
		if strings.Contains(r.Path, ":guild_id") && (r.Name == rightEveryone || r.Name == rightSignedIn) {
			t.Errorf("%s %s is a guild's, but needs no right in it", r.Method, r.Path)
		}
	})
}

// Each right, asked for by who has it not: refused with the status that says why, with nothing of the page in the
// answer.
func TestRoutesRefuseWhoLacksTheRight(t *testing.T) {
	visitors := []struct {
		name     string
		identity Identity
		refusals map[string]int
	}{
		{"nobody", as(access.Actor{}), map[string]int{rightSignedIn: 401, rightOperator: 401, rightOperatorOrPublic: 401,
			"view": 401}},
		{"a stranger", as(access.Person(7, false)), map[string]int{rightOperator: 403, rightOperatorOrPublic: 403,
			"view": 404}},
		{"the operator", as(access.Person(7, true)), map[string]int{"view": 404}},
	}
	for _, v := range visitors {
		h := open(t, func(o *Options) { o.Identity = v.identity })
		walk(t, h.site, func(r *echo.Route) {
			want, refused := v.refusals[r.Name]
			if !refused {
				return
			}
			got := h.ask(t, r.Method, fill(r.Path, elsewhere))
			if want == 401 && !forScripts(got.Request) { // people are shown where to sign in
				if want = 303; !strings.HasPrefix(got.Header.Get("Location"), "/sign-in") {
					t.Errorf("%s: %s %s: sent to %q", v.name, r.Method, r.Path, got.Header.Get("Location"))
				}
			}
			if got.StatusCode != want {
				t.Errorf("%s: %s %s: %d, want %d", v.name, r.Method, r.Path, got.StatusCode, want)
			}
			if len(got.body) > 4000 && forScripts(got.Request) || strings.Contains(got.body, "panel-") ||
				got.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s: %s %s was refused, but answers %.200s", v.name, r.Method, r.Path, got.body)
			}
		})
	}
}

// A machine's visitor is let in where the right says so: /metrics from loopback, although nobody is signed in.
func TestThisMachineMayReadMetrics(t *testing.T) {
	h := open(t, func(o *Options) { o.Identity = as(access.Actor{}) })
	h.get(t, http.StatusOK, "/metrics")
	h.get(t, http.StatusUnauthorized, "/metrics", "X-Forwarded-For", "192.0.2.7")
}

// What is no guild's id leads nowhere, whoever asks, and an absent guild looks like a foreign one.
func TestOddGuildIDs(t *testing.T) {
	h := open(t, nil)
	missing := h.get(t, http.StatusNotFound, fill("/api/servers/:guild_id/metrics", elsewhere))
	for _, id := range []string{":guild_id", "0", "-1", "007", "9223372036854775808", "99999999999999999999999", "%2e%2e",
		"..%2f..", "1e3", "+7", "81384788765712384%00", "81384788765712384%20", "%F0%9F%92%A3", "81384788765712384.0", "null",
		"*"} {
		for _, path := range []string{"/g/" + id, "/live/" + id, "/api/servers/" + id + "/metrics",
			"/api/servers/" + id + "/events"} {
			got := h.get(t, http.StatusNotFound, path)
			if strings.HasSuffix(path, "/metrics") && sentenceOf(t, got) != sentenceOf(t, missing) {
				t.Errorf("%s: %s differs from an absent guild", path, got.body)
			}
		}
	}
}

func TestHeadAnswersLikeGetWithoutABody(t *testing.T) {
	h := open(t, nil)
	heads := 0
	walk(t, h.site, func(r *echo.Route) {
		if r.Method != http.MethodHead {
			return
		}
		heads++
		path := fill(r.Path, home)
		get, head := h.ask(t, http.MethodGet, path), h.ask(t, http.MethodHead, path)
		if head.StatusCode != get.StatusCode || head.body != "" {
			t.Errorf("HEAD %s: status %d with %d bytes, GET has %d", path, head.StatusCode, len(head.body), get.StatusCode)
		}
		for _, name := range []string{"Content-Type", "Cache-Control", "Etag", "Content-Security-Policy"} {
			if get.StatusCode == 200 && head.Header.Get(name) != get.Header.Get(name) {
				t.Errorf("HEAD %s: %s is %q, for GET %q", path, name, head.Header.Get(name), get.Header.Get(name))
			}
		}
	})
	for _, r := range routes {
		if strings.HasPrefix(r.pattern, "GET ") && r.kind != stream {
			heads--
		}
	}
	if heads != 0 {
		t.Errorf("%d addresses more take HEAD than take GET and end", heads)
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	h := open(t, nil)
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"} {
		got := h.ask(t, method, "/api/stats")
		if got.StatusCode != http.StatusMethodNotAllowed || codeOf(t, got) != "method_not_allowed" ||
			!strings.Contains(got.Header.Get("Allow"), "GET") {
			t.Errorf("%s: status %d, Allow %q, %s", method, got.StatusCode, got.Header.Get("Allow"), got.body)
		}
	}
}
