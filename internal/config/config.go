// Package config turns flags and environment into one validated value. Nothing else in the program reads the
// environment. All problems are found at once, each with the field, the value and what would be right;
// docs/CONFIGURATION.md is the same for people.
package config

import (
	"log/slog"
	"net/netip"
	"net/url"

	"guildwatch/internal/snowflake"
)

// Config is what the program runs with. It is a value: it never changes after the start.
type Config struct {
	Listen         string
	Data           string   // empty in the demo: a temporary directory
	PublicURL      *url.URL // what browsers use; nil: the address listened on
	TLSCert        string   // files; both empty: plain http
	TLSKey         string
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	InsecureHTTP   bool           // plain http beyond this machine is meant
	LogLevel       slog.Level
	LogFormat      string
	APIURL         string
	Operators      []snowflake.UserID
	PublicStats    bool
	StreamsPerUser int
	StreamsTotal   int
	ScamDomains    string // a file; empty: scam-domains.txt in the data directory, if it is there
	AllowWebhooks  bool   // guilds may give addresses of any service, not Discord's alone
	Mail           Mail
	Token          Secret
	ClientSecret   Secret // of OAuth2; not set: people sign in from Discord alone
	Key            Secret // as secret.Parse reads it; not set: the key is in the data directory
}

// Scheme is what this process speaks: https with a certificate, else http.
func (c Config) Scheme() string {
	if c.TLSCert != "" {
		return "https"
	}
	return "http"
}

// Origin is what browsers use to reach the dashboard, which listens on address: the public URL, or that address. It
// has no path and no slash at its end.
func (c Config) Origin(address string) string {
	if c.PublicURL != nil {
		return c.PublicURL.Scheme + "://" + c.PublicURL.Host
	}
	return c.Scheme() + "://" + address
}

// Private says whether the address listened on is for this machine alone.
func (c Config) Private() bool {
	host, err := listenHost(c.Listen)
	return err == nil && IsLoopback(host)
}

// SecureCookies says whether browsers keep a Secure cookie of the __Host- kind: on https, and by plain http on this
// machine alone. Elsewhere they drop it, so --insecure-http needs a plain one.
func (c Config) SecureCookies() bool {
	u, err := url.Parse(c.Origin(c.Listen))
	return err != nil || u.Scheme == "https" || IsLoopback(u.Hostname())
}
