package handlers

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/fault"
)

// hosts is the allow-list of Host values. It is the wall against DNS rebinding: a foreign page whose name suddenly
// resolves to this machine is same-origin to the browser, but its name still stands in Host.
type hosts struct {
	public map[string]bool // "mod.example.org:443", lower case, port always there
}

// newHosts takes the public URL (nil for none) and further host:port values that the caller answers to.
func newHosts(public *url.URL, more []string) hosts {
	h := hosts{public: map[string]bool{}}
	if public != nil {
		h.add(public.Host, public.Scheme)
	}
	for _, host := range more {
		h.add(host, "http")
	}
	return h
}

// add allows host; without a port it stands for the scheme's default one.
func (h hosts) add(host, scheme string) {
	host = strings.ToLower(host)
	if _, _, err := net.SplitHostPort(host); err != nil {
		host = net.JoinHostPort(strings.Trim(host, "[]"), defaultPort(scheme))
	}
	h.public[host] = true
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// allow says whether a request with this Host value is answered. Loopback names are taken with any port, because
// tunnels move it; the public name with its own port alone, given or left out.
func (h hosts) allow(value string) bool {
	if isLoopbackHost(value) {
		return true
	}
	value = strings.ToLower(value)
	if _, _, err := net.SplitHostPort(value); err == nil {
		return h.public[value]
	}
	bare := strings.Trim(value, "[]")
	return h.public[net.JoinHostPort(bare, "443")] || h.public[net.JoinHostPort(bare, "80")]
}

// isLoopbackHost takes localhost and loopback addresses in their usual spelling, with or without a port. Browsers turn
// 127.1 and 2130706433 into 127.0.0.1 before they send them, so whoever sends such a form is no browser.
func isLoopbackHost(value string) bool {
	name := value
	if host, port, err := net.SplitHostPort(value); err == nil {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return false
		}
		if strings.Contains(host, ":") != strings.HasPrefix(value, "[") {
			return false
		}
		name = host
	} else if strings.HasPrefix(value, "[") && strings.HasSuffix(value, "]") {
		name = value[1 : len(value)-1]
		if !strings.Contains(name, ":") {
			return false
		}
	} else if strings.Contains(value, ":") {
		return false
	}
	if strings.EqualFold(name, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.Zone() == "" && ip.IsLoopback() && !ip.Is4In6()
}

// forwarding are the headers by which proxies say for whom they ask.
var forwarding = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via",
	"Cf-Connecting-Ip", "True-Client-Ip"}

// fromLoopback says whether the visitor sits at this machine. Behind a proxy on the same machine every address is a
// loopback one, so a request that bears a proxy's headers, was sent to another name, or speaks HTTP/1.0, as nginx does to
// what it stands before when it is told nothing else, does not count.
func fromLoopback(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !r.ProtoAtLeast(1, 1) || !peer.Addr().Unmap().IsLoopback() || !isLoopbackHost(r.Host) {
		return false
	}
	for _, header := range forwarding {
		if len(r.Header.Values(header)) > 0 {
			return false
		}
	}
	return true
}

// checkHost refuses requests to a name that is not guildwatch's with 421, before anything else looks at them.
func (s *site) checkHost(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.hosts.allow(c.Request().Host) {
			return next(c)
		}
		return c.String(http.StatusMisdirectedRequest, "guildwatch does not answer to this host name. "+
			"Use the address that it printed when it started, or start it with --public-url set to the one in your browser.\n")
	}
}

// sameOrigin refuses what another site sends: forms and scripts there carry this site's cookies.
func (s *site) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := s.origins.Check(c.Request()); err != nil {
			return fault.Wrap(err, fault.Forbidden, "This request came from another site, so it was refused.")
		}
		return next(c)
	}
}
