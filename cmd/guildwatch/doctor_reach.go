package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"guildwatch/internal/bot"
	"guildwatch/internal/config"
	"guildwatch/internal/secret"
)

// key looks at what encrypts the secrets in the database. It makes none: that is for serve.
func (x *examination) key(cfg config.Config) {
	if cfg.Key.IsSet() {
		x.well("key", "comes from GUILDWATCH_KEY")
		return
	}
	path := filepath.Join(cfg.Data, secret.FileName)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		x.well("key", "none in %s yet: serve will make it", cfg.Data)
		return
	}
	if err == nil {
		_, err = secret.Load(cfg.Data, "", slog.New(slog.DiscardHandler))
	}
	switch {
	case err != nil:
		x.mend("key", "cannot be used", err.Error())
	case filepath.Separator == '/' && info.Mode().Perm()&0o077 != 0: // Windows has no such bits
		x.mend("key", "others on this machine may read "+path, "chmod 600 "+path)
	default:
		x.well("key", "%s is for this user alone", path)
	}
}

// address compares what browsers use with what is listened on.
func (x *examination) address(cfg config.Config) {
	origin := cfg.Origin(cfg.Listen)
	public, err := url.Parse(origin)
	if err != nil {
		x.mend("address", origin+" is no address", "Set --public-url to what browsers use.")
		return
	}
	switch proxied := public.Scheme != cfg.Scheme(); {
	case proxied && len(cfg.TrustedProxies) == 0:
		x.mend("address", origin+" is served by a proxy, and none is trusted: all visitors share one address and its limits",
			"Set --trusted-proxies to the proxy's address: 127.0.0.1 for one on this machine.")
	case proxied:
		x.well("address", "%s, by a proxy that asks %s", origin, cfg.Listen)
	case cfg.Private() && !config.IsLoopback(public.Hostname()):
		x.mend("address", "browsers use "+origin+", but "+cfg.Listen+" is for this machine alone",
			"Set --listen to an address that they can reach, such as :"+portOf(public)+".")
	case !cfg.SecureCookies():
		x.well("address", "%s, by plain http: whoever is on the way can read along", origin)
	default:
		x.well("address", "%s", origin)
	}
}

// certificate looks at whose it is and how long it holds.
func (x *examination) certificate(cfg config.Config, now time.Time) {
	if cfg.TLSCert == "" {
		return
	}
	const soon = 14 * 24 * time.Hour // renewals begin a month before the end
	pair, err := tls.LoadX509KeyPair(cfg.TLSCert, cfg.TLSKey)
	if err != nil {
		x.mend("certificate", "cannot be used", err.Error())
		return
	}
	public, _ := url.Parse(cfg.Origin(cfg.Listen)) // address has looked at it
	left := pair.Leaf.NotAfter.Sub(now)
	switch {
	case pair.Leaf.VerifyHostname(public.Hostname()) != nil:
		x.mend("certificate", "is not made out to "+public.Hostname(),
			"Get one for that name, or set --public-url to a name that it has.")
	case left < soon:
		x.mend("certificate", fmt.Sprintf("ends on %s", pair.Leaf.NotAfter.UTC().Format(time.DateOnly)),
			"See why it is not renewed.")
	default:
		x.well("certificate", "is made out to %s until %s", public.Hostname(), pair.Leaf.NotAfter.UTC().Format(time.DateOnly))
	}
}

// signIn says how people get in, and compares the redirect with those that Discord knows.
func (x *examination) signIn(cfg config.Config, me bot.Identity) {
	redirect := cfg.Origin(cfg.Listen) + callback
	switch {
	case slices.Contains(me.Redirects, redirect) && cfg.ClientSecret.IsSet():
		x.well("sign-in", "by /guildwatch dashboard, and through Discord's own page")
	case cfg.ClientSecret.IsSet():
		x.mend("sign-in", "Discord does not know the redirect "+redirect,
			"Developer portal, your application, OAuth2, Redirects: add exactly that.")
	default:
		x.well("sign-in", "by /guildwatch dashboard; through Discord's own page with a client secret and the redirect %s",
			redirect)
	}
}

// portOf is the port that browsers ask for.
func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}
