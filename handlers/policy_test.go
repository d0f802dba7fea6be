package handlers

import (
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/browser"
	"guildwatch/internal/moderation"
)

// invite gives a fresh link that signs the keeper in, as a path.
func (h *house) invite(t *testing.T) string {
	t.Helper()
	link, err := h.Links.Ask(t.Context(), home, moderation.Member{User: moderation.User{ID: keeper, Name: "keeper"}})
	if err != nil {
		t.Fatal(err)
	}
	return link[strings.Index(link, "/sign-in/"):]
}

// pages are the addresses of every page that the router has, for who owns home. A new page is there by itself, unless
// its address has a parameter that fill does not know.
func (h *house) pages(t *testing.T) (paths []string) {
	t.Helper()
	kinds := map[string]kind{}
	for _, r := range routes {
		kinds[r.pattern] = r.kind
	}
	walk(t, h.site, func(r *echo.Route) {
		if r.Method != "GET" || kinds["GET "+r.Path] != page {
			return
		}
		path := fill(r.Path, home)
		if strings.HasSuffix(path, "/link/:token") {
			path = h.invite(t)
		}
		if strings.Contains(path, ":") {
			t.Errorf("%s: the test does not know what to put into the address", r.Path)
		}
		paths = append(paths, path)
	})
	return paths
}

// The browser finds nothing on any page, in either theme, that the page's policy forbids, and no script fails: for who
// is signed in and for who is not.
func TestNoPageBreaksItsPolicy(t *testing.T) {
	h := open(t, func(o *Options) { o.OpeningsPerMinute = 1000 })
	h.cookie = ""
	tab := browser.New(t)
	complaints := browser.Listen(t, tab)
	look := func(path string) {
		t.Helper()
		before := len(complaints.All())
		browser.Open(t, tab, h.URL+path)
		browser.Wait(t, tab, `document.querySelector("main") && getComputedStyle(document.body).margin === "0px"`)
		for _, theme := range []string{"light", "dark"} {
			browser.Eval[bool](t, tab, `new Promise(painted => {
				document.documentElement.dataset.theme = "`+theme+`";
				requestAnimationFrame(() => requestAnimationFrame(() => painted(true)));
			})`)
		}
		for _, complaint := range complaints.All()[before:] {
			t.Errorf("%s: %s", path, complaint)
		}
	}
	for _, path := range []string{"/sign-in", "/nothing", "/", homePath, "/sign-in/link/unknown", "/sign-in/callback"} {
		look(path)
	}
	cookie := h.signIn(t, keeper)
	browser.Eval[string](t, tab, `document.cookie = "`+cookie+`; Path=/; Secure"`)
	paths := h.pages(t)
	if len(paths) < 5 {
		t.Fatalf("only %d pages: %v", len(paths), paths)
	}
	for _, path := range append(paths, "/nothing", "/g/"+elsewhere.String(), homePath+"?period=year") {
		look(path)
	}
}
