package handlers

import (
	"net/http/httptest"
	"net/url"
	"testing"
)

func TestHostAllowList(t *testing.T) {
	public, _ := url.Parse("https://Mod.Example.org")
	h := newHosts(public, []string{"127.0.0.1:8080", "[fd00::1]:8080"})
	for _, host := range []string{"localhost", "LOCALHOST:8080", "localhost:1", "127.0.0.1", "127.0.0.1:8080",
		"127.9.8.7:65535", "[::1]", "[::1]:8080", "mod.example.org", "MOD.example.ORG", "mod.example.org:443",
		"[fd00::1]:8080"} {
		if !h.allow(host) {
			t.Errorf("%q was refused", host)
		}
	}
	for _, host := range []string{"", "evil.example", "evil.example:8080", "localhost.evil.example", "localhost.",
		"localhost:", "localhost:0", "localhost:99999", "localhost:80:80", "x@localhost", "a.localhost",
		"127.0.0.1.evil.example", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "0.0.0.0:8080", "[::]",
		"::1", "[::ffff:127.0.0.1]", "[::1%lo]", "[::1%25lo]:80", "[127.0.0.1]", "[localhost]:80", "192.168.1.4",
		"169.254.169.254", "mod.example.org:8080", "mod.example.org.", "mod.example.org@localhost",
		"[fd00::1]", "[fd00::1]:81", "localhost/", " localhost", "localhost\t"} {
		if h.allow(host) {
			t.Errorf("%q was taken", host)
		}
	}
}

func TestFromLoopbackTrustsNoProxy(t *testing.T) {
	for name, c := range map[string]struct {
		peer, host, header string
		want               bool
	}{
		"this machine":             {"127.0.0.1:5000", "127.0.0.1:8080", "", true},
		"this machine over IPv6":   {"[::1]:5000", "localhost:8080", "", true},
		"a mapped address":         {"[::ffff:127.0.0.1]:5000", "localhost", "", true},
		"another machine":          {"192.0.2.7:5000", "127.0.0.1:8080", "", false},
		"a proxy's name":           {"127.0.0.1:5000", "mod.example.org", "", false},
		"a proxy's address header": {"127.0.0.1:5000", "127.0.0.1:8080", "X-Forwarded-For", false},
		"a proxy's own header":     {"127.0.0.1:5000", "127.0.0.1:8080", "Via", false},
		"an empty proxy header":    {"127.0.0.1:5000", "127.0.0.1:8080", "Forwarded", false},
		"no address":               {"@", "127.0.0.1:8080", "", false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr, r.Host = c.peer, c.host
		if c.header != "" {
			r.Header.Set(c.header, "")
		}
		if got := fromLoopback(r); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
