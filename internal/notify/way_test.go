package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"guildwatch/internal/fault"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sink is a target by TLS on this machine.
func sink(t testing.TB, handle http.HandlerFunc) (server *httptest.Server, at netip.AddrPort) {
	t.Helper()
	server = httptest.NewUnstartedServer(handle)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, netip.MustParseAddrPort(server.Listener.Addr().String())
}

// trusting believes the certificate of a sink, which httptest makes for example.com.
func trusting(server *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	return pool
}

// names answers every question with the next of these addresses, and with the last one for ever.
func names(t testing.TB, answers ...string) (resolver *net.Resolver, asked *atomic.Int64) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(t, err)
	asked = &atomic.Int64{}
	var serving sync.WaitGroup
	serving.Go(func() {
		buffer := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			if reply := reply(buffer[:n], answers, asked); reply != nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	})
	t.Cleanup(func() { _ = conn.Close(); serving.Wait() })
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}
	return &net.Resolver{PreferGo: true, Dial: dial}, asked
}

// reply answers one question: with an address of the family that was asked for, or with none.
func reply(question []byte, answers []string, asked *atomic.Int64) []byte {
	var m dnsmessage.Message
	if m.Unpack(question) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	at := min(int(asked.Load()), len(answers)-1)
	address := netip.MustParseAddr(answers[at])
	head := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class}
	switch {
	case q.Type == dnsmessage.TypeA && address.Is4():
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: address.As4()}})
		asked.Add(1)
	case q.Type == dnsmessage.TypeAAAA && address.Is6():
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: address.As16()}})
		asked.Add(1)
	}
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	packed, _ := m.Pack()
	return packed
}

// F43: what people give as an address is refused while the form is open, wherever it is not a plain https address of
// the internet; and nothing of it is in the answer.
func TestAddressesThatAreRefused(t *testing.T) {
	w := NewWay(WayOptions{Logger: slog.New(slog.DiscardHandler)})
	const canary = "canary-5e1f"
	for _, address := range []string{
		"", canary, "hooks.example.org/x", "//hooks.gw-test.org/" + canary, "http://hooks.gw-test.org/" + canary,
		"ftp://hooks.gw-test.org/", "file:///etc/passwd", "gopher://hooks.gw-test.org:70/", "https:hooks.gw-test.org",
		"https:///" + canary, "https://", "javascript:alert(1)",
		"https://discord.com@127.0.0.1/" + canary, "https://user:" + canary + "@hooks.gw-test.org/", "https://@hooks.gw-test.org/",
		"https://hooks.gw-test.org./" + canary, "https://hooks..gw-test.org/", "https://-x.gw-test.org/", "https://.org/",
		"https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
		"https://0x7f.0.0.0x1/", "https://017700000001/", "https://169.254.169.254/latest/meta-data", "https://1.1.1.1/",
		"https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[64:ff9b::7f00:1]/",
		"https://[2002:7f00:1::]/", "https://[fe80::1%25eth0]/", "https://[::]/", "https://0/", "https://0.0.0.0/",
		"https://localhost/", "https://localhost.localdomain/", "https://db.internal/", "https://printer.local/", "https://x.onion/",
		"https://metadata.google.internal/", "https://intranet/", "https://router.lan/", "https://api.home.arpa/",
		"https://hooks.gw-test.org:22/", "https://hooks.gw-test.org:80/", "https://hooks.gw-test.org:8080/",
		"https://hooks.gw-test.org:0443/", "https://hooks.gw-test.org:/", "https://hooks.gw-test.org:99999/",
		"https://hooks.gw-test.org/#" + canary, "https://hooks.gw-test.org/a b", "https://hooks.gw-test.org/\r\nX: y",
		"https://hooks.gw-test.org/\t", `https://hooks.gw-test.org\@evil.org/`, "https://hооks.gw-test.org/", // a Cyrillic o
		"https://⑯⑨.②⑤④.⑯⑨.②⑤④/", "https://hooks。gw-test.org/", "https://%31%32%37.0.0.1/",
		"https://hooks.gw-test.org/" + strings.Repeat("a", longestAddress),
	} {
		u, err := w.checkAddress(address)
		if fault.Of(err) != fault.Invalid || strings.Contains(err.Error(), canary) {
			t.Errorf("%q: %v, %v", address, u, err)
		}
	}
	for _, address := range []string{"https://hooks.gw-test.org/x", "https://hooks.gw-test.org", "HTTPS://Hooks.GW-test.org:443/x?a=b",
		"https://xn--bcher-kva.ch:8443/", "https://a_b.gw-test.org/"} {
		if _, err := w.checkAddress(address); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// F43: of every address that a dial is really made to, only the internet's may be reached.
func TestOnlyTheInternetIsReached(t *testing.T) {
	for _, text := range []string{"127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
		"169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "100.127.255.255", "0.0.0.0", "0.1.2.3",
		"224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1",
		"203.0.113.1", "168.63.129.16", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::7f00:1",
		"64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:101::1", "2001:0:7f00:1::", "2001:db8::1",
		"fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1", "3fff::1", "4000::1",
		"2606:4700::1%eth0"} {
		if closedTo(netip.MustParseAddr(text)) == "" {
			t.Errorf("%s can be reached", text)
		}
	}
	for _, text := range []string{"1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "162.159.135.232",
		"::ffff:1.1.1.1", "64:ff9b::101:101", "2606:4700::1111", "2a00:1450:4001::1"} {
		if why := closedTo(netip.MustParseAddr(text)); why != "" {
			t.Errorf("%s is %s", text, why)
		}
	}
	if closedTo(netip.Addr{}) == "" {
		t.Error("no address at all can be reached")
	}
}

// F43: a name that leads to the internet when it is looked at and inside when it is dialled helps nobody: each dial is
// judged by where it goes. Each refusal is logged, with the host and the reason.
func TestEachDialIsJudged(t *testing.T) {
	called := atomic.Int64{}
	server, at := sink(t, func(http.ResponseWriter, *http.Request) { called.Add(1) })
	resolver, asked := names(t, at.Addr().String(), "127.0.0.2", "10.0.0.1", "::1", "::ffff:127.0.0.3", "169.254.169.254")
	var log strings.Builder
	w := NewWay(WayOptions{Ours: []netip.AddrPort{at}, Logger: slog.New(slog.NewTextHandler(&log, nil)), resolver: resolver,
		roots: trusting(server)})
	_, port, err := net.SplitHostPort(at.String())
	must(t, err)
	address := "https://example.com:" + port + "/hook/canary-5e1f"
	response, err := w.client.Post(address, "text/plain", nil)
	must(t, err)
	must(t, response.Body.Close())
	for i := range 5 {
		_, err := w.client.Post(address, "text/plain", nil)
		var refusal *Refusal
		if !errors.As(err, &refusal) {
			t.Fatalf("answer %d: %v", i+2, err)
		}
		if told := w.explain("example.com", err).Error(); !strings.Contains(told, "it was not called") || strings.Contains(told, "canary") {
			t.Errorf("told as %q", told)
		}
	}
	if called.Load() != 1 || asked.Load() < 6 {
		t.Errorf("called %d times, %d names looked up", called.Load(), asked.Load())
	}
	if n := strings.Count(log.String(), "a webhook was not called"); n != 5 || strings.Contains(log.String(), "canary") ||
		!strings.Contains(log.String(), "host=example.com reason=") {
		t.Errorf("the log says of %d refusals:\n%s", n, &log)
	}
}

// A port that is none of https is refused at the dial too, whatever the address looked like before.
func TestTheDialLooksAtThePort(t *testing.T) {
	w := NewWay(WayOptions{Logger: slog.New(slog.DiscardHandler)})
	for address, allowed := range map[string]bool{"1.1.1.1:443": true, "1.1.1.1:8443": true, "[2606:4700::1]:443": true,
		"1.1.1.1:22": false, "1.1.1.1:6379": false, "127.0.0.1:443": false, "nonsense": false} {
		if err := w.judge(t.Context(), "tcp", address, nil); (err == nil) != allowed {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// What this program itself serves may be called only as exactly that.
func TestOursIsOneAddress(t *testing.T) {
	w := NewWay(WayOptions{Ours: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:4711")}})
	for address, allowed := range map[string]bool{"http://127.0.0.1:4711/hook": true, "https://127.0.0.1:4711/": true,
		"http://127.0.0.1:4712/": false, "http://127.0.0.2:4711/": false, "http://localhost:4711/": false, "http://127.0.0.1/": false,
		"http://x@127.0.0.1:4711/": false, "ftp://127.0.0.1:4711/": false, "http://127.1:4711/": false} {
		if _, err := w.checkAddress(address); (err == nil) != allowed {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// The demo calls nobody: not even a name is looked up.
func TestTheDemoCallsNobody(t *testing.T) {
	resolver, asked := names(t, "127.0.0.1")
	w := NewWay(WayOptions{Enclosed: true, Logger: slog.New(slog.DiscardHandler), resolver: resolver})
	_, err := w.post(t.Context(), "https://hooks.gw-test.org/canary", http.Header{}, nil)
	var refusal *Refusal
	if !errors.As(err, &refusal) || strings.Contains(err.Error(), "canary") || asked.Load() > 0 {
		t.Errorf("%v, %d names looked up", err, asked.Load())
	}
}

// A proxy of the environment would be called instead, and the judgement be made of it.
func TestNoProxyIsAsked(t *testing.T) {
	asked := atomic.Int64{}
	proxy, _ := sink(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	w := NewWay(WayOptions{Logger: slog.New(slog.DiscardHandler)})
	if transport := w.client.Transport.(*http.Transport); transport.Proxy != nil {
		t.Error("the transport asks for a proxy")
	}
	resolver, _ := names(t, "127.0.0.1")
	w = NewWay(WayOptions{Logger: slog.New(slog.DiscardHandler), resolver: resolver})
	if _, err := w.post(t.Context(), "https://hooks.gw-test.org/", http.Header{}, nil); err == nil || asked.Load() > 0 {
		t.Errorf("%v, the proxy was asked %d times", err, asked.Load())
	}
}

// Without a certificate that can be believed nothing is sent.
func TestCertificatesAreChecked(t *testing.T) {
	called := atomic.Int64{}
	server, at := sink(t, func(http.ResponseWriter, *http.Request) { called.Add(1) })
	w := NewWay(WayOptions{Ours: []netip.AddrPort{at}, Logger: slog.New(slog.DiscardHandler)})
	_, err := w.post(t.Context(), server.URL, http.Header{}, nil)
	if err == nil || !strings.Contains(err.Error(), "certificate") || called.Load() > 0 {
		t.Errorf("%v, called %d times", err, called.Load())
	}
	if version := w.client.Transport.(*http.Transport).TLSClientConfig.MinVersion; version < tls.VersionTLS12 {
		t.Errorf("TLS from %x on", version)
	}
}

func TestRetryAfterIsRead(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 0, "7": 7 * time.Second, "0.5": 500 * time.Millisecond, "-3": 0, "x": 0,
		"1e300": 0, "Wed, 21 Oct 2026 07:28:00 GMT": 0} {
		if got := retryAfter(http.Header{"Retry-After": {text}}); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
