package config

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// reach checks how browsers come to the dashboard. Measured in Chromium: a __Host- cookie is kept on https and on
// loopback names, and dropped on plain http anywhere else; so there nobody could stay signed in, and whoever is on the
// way would read along. host is the one listened on; empty: all of the machine's.
func (c *Config) reach(host string, wrong *Problems) {
	const field = "--public-url (GUILDWATCH_PUBLIC_URL)"
	plain := c.TLSCert == ""
	switch public := c.PublicURL; {
	case !plain && public != nil && public.Scheme == "http":
		wrong.add(field, public.String(), "begin it with https://, because --tls-cert makes guildwatch speak https alone")
	case public != nil && public.Scheme == "https":
		// By itself, or by a proxy in front.
	case plain && !c.InsecureHTTP && !IsLoopback(host):
		wrong.add("--listen (GUILDWATCH_LISTEN)", c.Listen, "others can reach this address, and plain http shows them "+
			"everything: behind a proxy that speaks https add --public-url https://NAME; to speak https without one add "+
			"--tls-cert and --tls-key; on a private network that you trust add --insecure-http")
	case plain && !c.InsecureHTTP && public != nil && !IsLoopback(public.Hostname()):
		wrong.add(field, public.String(), "browsers keep nobody signed in on plain http: use https://, or add "+
			"--insecure-http on a private network that you trust")
	case public == nil && isUnspecified(host):
		wrong.add(field, "", "say what browsers use, for example %s://NAME%s: it does not follow from --listen %s",
			c.Scheme(), portOf(c.Listen), c.Listen)
	}
}

// listenHost is the host of an address to listen on, empty for all of the machine's.
func listenHost(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", errors.New("use host:port, for example 127.0.0.1:8080, or :8080 for every address of this machine")
	}
	return host, nil
}

// portOf is what a URL adds for the port of an address, nothing for those that browsers leave out.
func portOf(listen string) string {
	if _, port, err := net.SplitHostPort(listen); err == nil && port != "80" && port != "443" {
		return ":" + port
	}
	return ""
}

// IsLoopback says whether a host name or address leads to this machine alone.
func IsLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

func isUnspecified(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "" || err == nil && ip.IsUnspecified()
}

// checkPair reads certificate and key and says which setting is wrong: both or none are given, both can be read, and
// they belong together.
func checkPair(cert, key string) (field, value string, err error) {
	const certField, keyField = "--tls-cert (GUILDWATCH_TLS_CERT)", "--tls-key (GUILDWATCH_TLS_KEY)"
	switch {
	case cert == "" && key == "":
		return "", "", nil
	case cert == "":
		return certField, "", errors.New("give the certificate too: --tls-key alone serves nothing")
	case key == "":
		return keyField, "", errors.New("give the private key too: --tls-cert alone serves nothing")
	}
	if _, err := tls.LoadX509KeyPair(cert, key); err != nil {
		return certField, cert, fmt.Errorf("it and the key (%s) must be PEM files that belong together: %w", key, err)
	}
	return "", "", nil
}

func checkURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("use a whole address with http:// or https:// and a host")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("leave user, query and fragment out")
	}
	return u, nil
}
