package handlers

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"golang.org/x/net/html"
)

// boundless takes the limits of how much away, so that a corpus is not refused for its size.
func (h *house) boundless() *house {
	many := func() *limiter { return newLimiter(1 << 30) }
	h.limits = limits{many(), many(), many(), many(), many()}
	return h
}

// each gives every route but streams, which do not end, with its parameters filled by value; "" is the guild home,
// and 7 for whatever else there is.
func (h *house) each(t *testing.T, value string, visit func(method, path string)) {
	t.Helper()
	streams := map[string]bool{}
	for _, r := range routes {
		streams[r.pattern] = r.kind == stream
	}
	walk(t, h.site, func(r *echo.Route) {
		if streams[r.Method+" "+r.Path] || r.Method == "HEAD" {
			return
		}
		parts := strings.Split(fill(r.Path, home), "/")
		if value != "" {
			parts = strings.Split(r.Path, "/")
		}
		for i, part := range parts {
			if strings.HasPrefix(part, ":") || part == "*" {
				parts[i] = cmp.Or(value, "7")
			}
		}
		visit(r.Method, strings.Join(parts, "/"))
	})
}

// leads gives the addresses to which an answer leads a browser: by a redirect, a link, a form, a script.
func leads(t *testing.T, r reply) (to []string) {
	t.Helper()
	if location := r.Header.Get("Location"); location != "" {
		to = append(to, location)
	}
	for _, a := range attributes(t, r.body) {
		switch a.name {
		case "href", "src", "action", "formaction", "srcset", "data", "hx-get", "hx-post", "sse-connect", "content", "ping":
			if a.name != "content" || strings.Contains(a.value, "url=") {
				to = append(to, a.value)
			}
		}
	}
	return to
}

// attribute is one of an HTML element.
type attribute struct{ element, name, value string }

func attributes(t *testing.T, body string) (all []attribute) {
	t.Helper()
	document, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for node := range document.Descendants() {
		if node.Type == html.ElementNode {
			all = append(all, attribute{element: node.Data})
			for _, a := range node.Attr {
				all = append(all, attribute{node.Data, a.Key, a.Val})
			}
		}
	}
	return all
}

// Wherever a page takes an address to go on to, by whatever name, it leads nowhere but here; nor does what a visitor
// wrote into the path or the query.
func TestNothingLeadsToAnotherSite(t *testing.T) {
	h := open(t, nil).boundless()
	base, _ := url.Parse(h.URL)
	evil := []string{"https://evil.example/", "//evil.example/", `/\evil.example/`, "/%09/evil.example/",
		"/\t/evil.example/", "/%2f%2fevil.example/", "/%5cevil.example/", "javascript:alert(1)//evil.example",
		"/servers\r\nLocation: https://evil.example/",
		"https:evil.example", "/@evil.example", "data:text/html,evil.example", "\u0000//evil.example"}
	visited := 0
	check := func(method, path string, form url.Values, cookie string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, h.URL+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Referer", "https://evil.example/")
		r.Header.Set("X-Forwarded-Host", "evil.example")
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		}
		got := h.send(t, r)
		visited++
		for _, text := range leads(t, got) {
			to, err := base.Parse(text)
			if err != nil || to.Host != base.Host && to.Host != "cdn.discordapp.com" && to.Host != "discord.com" ||
				to.Scheme != "http" && to.Scheme != "https" {
				t.Errorf("%s %s with %v leads to %q", method, path, form, text)
			}
		}
	}
	for _, to := range evil {
		query := url.Values{}
		for _, name := range []string{"next", "back", "redirect", "redirect_uri", "return_to", "url", "from", "region"} {
			query.Set(name, to)
		}
		h.each(t, "", func(method, path string) {
			for _, cookie := range []string{h.cookie, ""} {
				if !strings.HasPrefix(path, "/sign-out") { // which would end the session
					check(method, path+"?"+query.Encode(), query, cookie)
				}
			}
		})
		check("GET", "/nothing/"+url.PathEscape(to), nil, h.cookie)
		check("GET", "/g/"+url.PathEscape(to), nil, h.cookie)
	}
	t.Logf("%d requests", visited)
}

// What is no id, written in every way that has fooled a router or a file server, is found by no route: no file, no
// redirect, no failure of ours.
func TestOddParametersAreFoundByNoRoute(t *testing.T) {
	h := open(t, nil).boundless()
	odd := []string{":guild_id", ":id", "..", "%2e%2e", "..%2f..%2fgo.mod", "..%5c..%5cgo.mod", "%2fetc%2fpasswd",
		"....%2f%2f", "%252e%252e%252f", "%00", "81384788765712384%00", "81384788765712384%0d%0aX-Injected:%20yes",
		"%09", "*", "%2a", "-1", "0",
		"9223372036854775808", "1e3", "0x7", "null", "%F0%9F%92%A3", "%ff", "%27%20OR%20%271%27=%271", "%3Cscript%3E",
		"$%7Bjndi:x%7D", "%25s%25n", strings.Repeat("9", 4000)}
	for _, value := range odd {
		h.each(t, value, func(method, path string) {
			if !strings.Contains(path, value) {
				return // it takes no parameter
			}
			got := h.raw(t, method+" "+path+" HTTP/1.1\r\nHost: localhost\r\nCookie: "+h.cookie+
				"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			if got.StatusCode < 400 || got.StatusCode >= 500 || got.Header.Get("Location") != "" ||
				got.Header.Get("X-Injected") != "" || strings.Contains(got.body, "module guildwatch") ||
				strings.Contains(got.body, "root:") {
				t.Errorf("%s %.80s: status %d, Location %q, %.200s", method, path, got.StatusCode, got.Header.Get("Location"),
					got.body)
			}
		})
	}
	for _, part := range []string{"level=ERROR", "level=WARN", "X-Injected", "jndi:", "etc/passwd"} {
		if told := h.log.lines(part); len(told) > 0 {
			t.Errorf("the log says %q", told)
		}
	}
}

// Neither a header of the answer nor a line of the log can be made by what a visitor sends.
func TestNothingIsInjectedIntoHeadersOrTheLog(t *testing.T) {
	h := open(t, nil).boundless()
	newline := "%0d%0aX-Injected:%20yes%0a%0dtime=2026-11-20T12:00:00Z%20level=ERROR%20msg=forged"
	h.each(t, "", func(method, path string) {
		if strings.HasPrefix(path, "/sign-out") {
			return
		}
		for _, name := range []string{"next", "back", "region", "period", "page", "q", "forged"} {
			got := h.ask(t, method, path+"?"+name+"="+newline, "User-Agent", "x\tlevel=ERROR msg=forged",
				"Referer", "http://x/?"+newline)
			if got.Header.Get("X-Injected") != "" || strings.Contains(fmt.Sprint(got.Header), "forged") &&
				!strings.Contains(got.Header.Get("Location"), "%0") {
				t.Errorf("%s %s: %v", method, path, got.Header)
			}
		}
	})
	h.ask(t, "GET", "/nothing/"+newline)
	if told := h.log.lines("forged"); len(told) > 0 {
		t.Errorf("the log says %q", told)
	}
}
