package handlers

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func TestTheVisitorIsTheFirstHopThatIsNoneOfOurs(t *testing.T) {
	ours := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("fd00::/64")}
	for _, c := range []struct {
		peer, forwarded string
		trusted         []netip.Prefix
		want            string
	}{
		{"192.0.2.7:1", "198.51.100.1", nil, "192.0.2.7"},
		{"10.0.0.1:1", "198.51.100.1", nil, "10.0.0.1"},
		{"192.0.2.7:1", "198.51.100.1", ours, "192.0.2.7"},
		{"10.0.0.1:1", "", ours, "10.0.0.1"},
		{"10.0.0.1:1", "198.51.100.1", ours, "198.51.100.1"},
		{"[::ffff:10.0.0.1]:1", "198.51.100.1", ours, "198.51.100.1"},
		{"[fd00::9]:1", "2001:db8::1", ours, "2001:db8::1"},
		{"10.0.0.1:1", "203.0.113.9, 198.51.100.1, 10.0.0.2", ours, "198.51.100.1"},
		{"10.0.0.1:1", "10.0.0.77,198.51.100.1", ours, "198.51.100.1"},
		{"10.0.0.1:1", "<script>, 198.51.100.1", ours, "198.51.100.1"},
		{"10.0.0.1:1", "127.0.0.1", ours, "127.0.0.1"},
		{"10.0.0.1:1", "unknown", ours, "10.0.0.1"},
		{"10.0.0.1:1", strings.Repeat(",", 4000), ours, "10.0.0.1"},
		{"10.0.1.1:1", "198.51.100.1", ours, "10.0.1.1"},
		{"127.0.0.1:1", "198.51.100.1", ours, "127.0.0.1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := addressFrom(c.trusted)(r); got != c.want {
			t.Errorf("from %s for %.60q: %q, want %q", c.peer, c.forwarded, got, c.want)
		}
	}
}

// What a visitor writes into X-Forwarded-For neither opens another account nor fills another's: sent by themselves, or
// through a proxy, which adds the address that it sees.
func TestForgedAddressesDoNotPassTheLimit(t *testing.T) {
	for name, through := range map[string]func(*house) *url.URL{
		"direct": func(h *house) *url.URL { u, _ := url.Parse(h.URL); return u },
		"behind a proxy": func(h *house) *url.URL {
			target, _ := url.Parse(h.URL)
			front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
				p.Out.Header["X-Forwarded-For"] = p.In.Header["X-Forwarded-For"]
				p.SetURL(target)
				p.SetXForwarded()
			}})
			t.Cleanup(front.Close)
			u, _ := url.Parse(front.URL)
			return u
		},
	} {
		h := open(t, func(o *Options) {
			o.PublicStats = true
			if name == "behind a proxy" {
				o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
			}
		}).timeless()
		address, refused := through(h), 0
		for i := range scriptsPerMinute + 1 {
			// The visitor has an address that is none of the proxies': 127.0.0.2, where the proxy is 127.0.0.1.
			got := askFrom(t, "127.0.0.2", address.String()+"/api/stats", fmt.Sprintf("198.51.100.%d", i))
			switch got.StatusCode {
			case http.StatusOK:
			case http.StatusTooManyRequests:
				refused++
				if codeOf(t, got) != "too_many_requests" || got.Header.Get("Retry-After") == "" || i < scriptsPerMinute {
					t.Errorf("%s, request %d: Retry-After %q, %s", name, i, got.Header.Get("Retry-After"), got.body)
				}
			default:
				t.Fatalf("%s, request %d: status %d", name, i, got.StatusCode)
			}
		}
		if refused != 1 {
			t.Errorf("%s: %d of %d requests in a minute were refused, want 1", name, refused, scriptsPerMinute+1)
		}
		// Another visitor has an account of their own, behind the proxy too.
		if got := askFrom(t, "127.0.0.3", address.String()+"/api/stats", "127.0.0.2"); got.StatusCode != 200 {
			t.Errorf("%s: another visitor gets status %d", name, got.StatusCode)
		}
	}
}

// askFrom sends a request from one of this machine's addresses with a forged X-Forwarded-For and its cousins.
func askFrom(t *testing.T, from, address, forged string) reply {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true,
		DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}).DialContext}
	r, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Forwarded-For", forged)
	r.Header.Set("X-Real-Ip", forged)
	r.Header.Set("Forwarded", "for="+forged)
	return sendBy(t, &http.Client{Transport: transport}, r)
}

// The address stands in the log as the limits see it, and what is none is not logged.
func TestTheLogNamesTheVisitor(t *testing.T) {
	h := open(t, func(o *Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	h.get(t, 200, "/health", "X-Forwarded-For", "203.0.113.4, 198.51.100.1")
	h.get(t, 200, "/health", "X-Forwarded-For", "ip=203.0.113.9 msg=\"forged\"")
	if len(h.log.lines("ip=198.51.100.1")) != 1 || len(h.log.lines("203.0.113")) != 0 || len(h.log.lines("forged")) != 0 {
		t.Errorf("the log says %q", h.log.lines("route=/health"))
	}
}
