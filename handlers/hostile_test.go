package handlers

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
)

// Another site's form, script or old browser changes nothing anywhere, signed in or not: signing somebody in against
// their will is a change as well.
func TestNoOtherSiteChangesAnything(t *testing.T) {
	h := open(t, nil).boundless()
	sessions := func() int {
		open, err := h.Sessions.Store.Sessions(t.Context(), access.Person(keeper, true))
		if err != nil {
			t.Fatal(err)
		}
		return len(open)
	}
	before, visited := sessions(), 0
	for _, forged := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
		{"Sec-Fetch-Site", "cross-site", "Origin", h.URL}, {"Origin", "https://evil.example"}, {"Origin", "null"},
		{"Origin", "http://127.0.0.1:1"}, {"Origin", h.URL + ".evil.example"}, {"Origin", "https://localhost"},
		{"Sec-Fetch-Site", "Same-Origin"}, {"Sec-Fetch-Site", "nonsense", "Origin", "https://evil.example"},
		{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Content-Type", "text/plain"}} {
		h.each(t, "", func(method, path string) {
			if !changes(method) {
				return
			}
			for _, cookie := range []string{h.cookie, "sid=none"} {
				visited++
				if got := h.ask(t, method, path, append([]string{"Cookie", cookie}, forged...)...); got.StatusCode != 403 ||
					len(got.Cookies()) > 0 {
					t.Errorf("%s %s with %v: status %d, cookies %v", method, path, forged, got.StatusCode, got.Cookies())
				}
			}
		})
	}
	if visited == 0 || sessions() != before {
		t.Errorf("%d requests, and of %d sessions %d are left", visited, before, sessions())
	}
}

// Whatever is sent in bulk is refused or answered at once: thousands of parameters, parts and levels.
func TestBulkIsAnsweredAtOnce(t *testing.T) {
	h := open(t, nil).boundless()
	parts := strings.Repeat("--b\r\nContent-Disposition: form-data; name=\"role\"\r\n\r\nx\r\n", 15_000) + "--b--\r\n"
	for name, c := range map[string]struct{ kind, body string }{
		"parameters":      {"application/x-www-form-urlencoded", strings.Repeat("role=x&", 1<<17)},
		"names":           {"application/x-www-form-urlencoded", strings.Repeat("r=&", 1<<18)},
		"one value":       {"application/x-www-form-urlencoded", "role=" + strings.Repeat("x", 1<<20-10)},
		"bad escapes":     {"application/x-www-form-urlencoded", strings.Repeat("%", 1<<20-10)},
		"parts":           {"multipart/form-data; boundary=b", parts},
		"deep JSON":       {"application/json", strings.Repeat(`{"a":[`, 1<<17)},
		"deep list":       {"application/json", strings.Repeat("[", 1<<20-10)},
		"a large number":  {"application/json", strings.Repeat("9", 1<<20-10)},
		"more than 1 MB":  {"application/x-www-form-urlencoded", strings.Repeat("x", 1<<20+1)},
		"no kind at all":  {"", strings.Repeat("x", 1<<20-10)},
		"another charset": {"application/x-www-form-urlencoded; charset=utf-16", strings.Repeat("\x00x", 1<<19-10)},
	} {
		h.each(t, "", func(method, path string) {
			if !changes(method) || strings.HasPrefix(path, "/sign-out") {
				return
			}
			r, err := http.NewRequestWithContext(t.Context(), method, h.URL+path, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", c.kind)
			r.Header.Set("Cookie", h.cookie)
			began := time.Now()
			got := h.send(t, r)
			tooLarge := got.StatusCode == 413 || got.StatusCode == 404 || strings.HasSuffix(path, "/imports") // which takes 9 MB
			if got.StatusCode >= 500 || name == "more than 1 MB" && !tooLarge {
				t.Errorf("%s to %s: status %d", name, path, got.StatusCode)
			}
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("%s to %s took %s", name, path, took)
			}
		})
	}
	for _, query := range []string{strings.Repeat("region=x&", 1300), strings.Repeat("a", 11_000),
		strings.Repeat("%41", 3700)} {
		if got := h.ask(t, "GET", "/?"+query); got.StatusCode >= 500 {
			t.Errorf("a query of %.20s…: status %d", query, got.StatusCode)
		}
	}
}
