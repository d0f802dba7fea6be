package handlers

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
)

// raw sends bytes as they are and reads one answer.
func (h *house) raw(t *testing.T, request string) reply {
	t.Helper()
	conn, err := net.Dial("tcp", h.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// The server may answer and close before it has read a request that is too large: a failed write is no failure
	// here.
	go func() { _, _ = io.WriteString(conn, request) }()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%.80q: %v", request, err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body) // cut short by the close; the status is what counts
	return reply{response, string(body)}
}

// DNS rebinding: a request under a foreign name gets nothing, on no path, and nobody is asked who it is.
func TestForeignHostNamesGetNothing(t *testing.T) {
	asked := 0
	h := open(t, func(o *Options) {
		o.Identity = func(http.ResponseWriter, *http.Request) (Visitor, error) {
			asked++
			return Visitor{Actor: access.Person(7, true)}, nil
		}
	})
	for _, host := range []string{"evil.example", "localhost.evil.example:8080", "127.0.0.1.evil.example", "0.0.0.0",
		"192.168.1.4:8080"} {
		walk(t, h.site, func(r *echo.Route) {
			got := h.ask(t, r.Method, fill(r.Path, home), "Host", host)
			if got.StatusCode != http.StatusMisdirectedRequest || len(got.Cookies()) > 0 || len(got.body) > 300 {
				t.Errorf("%s %s as %s: status %d, %s", r.Method, r.Path, host, got.StatusCode, got.body)
			}
		})
	}
	if asked > 0 {
		t.Errorf("the visitor was asked for %d times", asked)
	}
	for _, request := range []string{"GET / HTTP/1.1\r\nHost: a\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
		"GET / HTTP/1.0\r\n\r\n", "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\n\tevil: x\r\n\r\n"} {
		if got := h.raw(t, request); got.StatusCode != 400 && got.StatusCode != http.StatusMisdirectedRequest {
			t.Errorf("%q: status %d", request, got.StatusCode)
		}
	}
	h.get(t, http.StatusOK, "/", "Host", "LocalHost:1234")
}

// The public URL's name is answered, and a browser that came to it by https is told to stay there.
func TestThePublicNameIsAnswered(t *testing.T) {
	public, _ := url.Parse("https://mod.example.org")
	h := open(t, func(o *Options) { o.PublicURL = public; o.Identity = as(access.Person(7, true)) })
	if got := h.get(t, http.StatusOK, "/", "Host", "mod.example.org"); got.Header.Get("Strict-Transport-Security") == "" {
		t.Error("https without Strict-Transport-Security")
	}
	if got := h.get(t, http.StatusOK, "/"); got.Header.Get("Strict-Transport-Security") != "" {
		t.Error("Strict-Transport-Security on http")
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	h := open(t, func(o *Options) { o.DemoKey = []byte("key"); o.Identity = Demo(o.DemoKey) })
	own := h.URL
	for name, c := range map[string]struct {
		headers []string
		want    int
	}{
		"a foreign page":               {[]string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, 403},
		"a neighbour on the same site": {[]string{"Sec-Fetch-Site", "same-site"}, 403},
		"an old browser, foreign":      {[]string{"Origin", "https://evil.example"}, 403},
		"an opaque origin":             {[]string{"Origin", "null"}, 403},
		"another port":                 {[]string{"Origin", "http://127.0.0.1:1"}, 403},
		"its own page":                 {[]string{"Sec-Fetch-Site", "same-origin", "Origin", own}, 303},
		"an old browser, own":          {[]string{"Origin", own}, 303},
		"no browser":                   {nil, 303},
	} {
		got := h.ask(t, "POST", "/demo/role?role=viewer", c.headers...)
		if got.StatusCode != c.want || (len(got.Cookies()) > 0) != (c.want == 303) {
			t.Errorf("%s: status %d, want %d; cookies %v", name, got.StatusCode, c.want, got.Cookies())
		}
	}
	// Reading changes nothing, so other sites may link here.
	h.get(t, http.StatusOK, "/", "Sec-Fetch-Site", "cross-site")
}

// Nothing but the embedded files is reached, however the path is written.
func TestPathsLeadNowhereElse(t *testing.T) {
	h := open(t, nil)
	for _, path := range []string{"/static/../go.mod", "/static/..%2fgo.mod", "/static/%2e%2e/go.mod",
		"/static/%2e%2e%2fgo.mod", "/static/..%5cgo.mod", "/static/....//go.mod", "/static/%252e%252e%252fgo.mod",
		"/static//etc/passwd", "/static/%2fetc%2fpasswd", "/static/", "/static", "/static/css/app.css",
		"/static/0000000000/css/app.css", "/static/%00", "/static/js/README.md", "/static/.git/config", "/%09/evil.example/",
		"//evil.example/", "/%5cevil.example", "/%2f%2fevil.example", "/g", "/g/", "/api", "/api/", "/api/servers//metrics",
		"/live/", "/demo%2frole", "/health/", "/HEALTH", "/metrics%2f..", "/g/81384788765712384/..%2f..%2fmetrics"} {
		got := h.raw(t, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\nCookie: "+h.cookie+"\r\nConnection: close\r\n\r\n")
		if got.StatusCode != http.StatusNotFound || got.Header.Get("Location") != "" ||
			strings.Contains(got.body, "module guildwatch") {
			t.Errorf("%s: status %d, Location %q, %.100s", path, got.StatusCode, got.Header.Get("Location"), got.body)
		}
	}
}

func TestOversizedRequestsAreRefused(t *testing.T) {
	h := open(t, nil)
	get := "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + h.cookie + "\r\nConnection: close\r\nX-Long: "
	if got := h.raw(t, get+strings.Repeat("x", 100<<10)+"\r\n\r\n"); got.StatusCode != 431 {
		t.Errorf("a header of 100 KB: status %d", got.StatusCode)
	}
	if got := h.raw(t, get+strings.Repeat("x", 10<<10)+"\r\n\r\n"); got.StatusCode != 200 {
		t.Errorf("a header of 10 KB: status %d", got.StatusCode)
	}
	post := "POST /demo/role HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
		"Connection: close\r\n"
	if got := h.raw(t, fmt.Sprintf("%sContent-Length: %d\r\n\r\n", post, 2<<20)); got.StatusCode != 413 {
		t.Errorf("a body that says it has 2 MB: status %d", got.StatusCode)
	}
}

// A body that does not say how long it is cannot be longer either.
func TestChunkedBodiesAreLimitedToo(t *testing.T) {
	h := open(t, func(o *Options) { o.DemoKey = []byte("key"); o.Identity = Demo(o.DemoKey) })
	chunk := fmt.Sprintf("%x\r\nrole=%s\r\n", 5+1<<20, strings.Repeat("x", 1<<20))
	got := h.raw(t, "POST /demo/role HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"+chunk+"0\r\n\r\n")
	if got.StatusCode != 413 || len(got.Cookies()) > 1 {
		t.Errorf("a chunked body of 1 MB and more: status %d, %s", got.StatusCode, got.body)
	}
}

func TestSecurityHeadersAreOnEveryAnswer(t *testing.T) {
	h := open(t, nil)
	check := func(what string, r reply) {
		for name, want := range map[string]string{"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin"} {
			if got := r.Header.Values(name); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s is %q", what, name, got)
			}
		}
		if r.Header.Get("Permissions-Policy") == "" || r.Header.Get("X-Request-Id") == "" || r.Header.Get("Server") != "" {
			t.Errorf("%s: %v", what, r.Header)
		}
	}
	walk(t, h.site, func(r *echo.Route) {
		if r.Method != http.MethodGet || strings.HasPrefix(r.Path, "/live") || strings.HasSuffix(r.Path, "time") ||
			strings.HasSuffix(r.Path, "events") {
			return // a stream never ends; TestStreams looks at its headers
		}
		check(r.Path, h.ask(t, "GET", fill(r.Path, home)))
	})
	check("404", h.get(t, 404, "/nothing"))
	check("405", h.ask(t, "DELETE", "/"))
	check("421", h.get(t, 421, "/", "Host", "evil.example"))
	check("403", h.ask(t, "POST", "/", "Sec-Fetch-Site", "cross-site"))
}
