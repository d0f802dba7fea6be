package notify

import (
	"net/netip"
	"net/url"
	"strings"

	"guildwatch/internal/fault"
)

// longestAddress is how long a webhook's address may be. Those of Discord have about 120 characters.
const longestAddress = 1024

// ports are those that a webhook may listen on: https, and what hosts without a free 443 use in its place. Any other
// would make guildwatch a scanner of ports.
var ports = map[string]bool{"": true, "443": true, "8443": true}

// inside are endings of names that lead into somebody's own network. The dial is what decides; this only says so
// while the form is still open.
var inside = []string{".localhost", ".localdomain", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".onion", ".test",
	".invalid", ".example"}

// checkAddress reads the address of a webhook. It answers an Invalid that says what is wrong, and shows nothing of the
// address.
func (w *Way) checkAddress(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case len(text) > longestAddress:
		return nil, fault.New(fault.Invalid, "The address is too long: it may have %d characters.", longestAddress)
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }):
		return nil, fault.New(fault.Invalid, "The address has a character that no address has. Copy it as it is.")
	case err != nil || u.Host == "" || u.Opaque != "":
		return nil, fault.New(fault.Invalid, "This is no address. It begins with https:// and a name.")
	case w.isOurs(u):
		return u, nil
	case u.Scheme != "https":
		return nil, fault.New(fault.Invalid, "The address must begin with https://, so that nobody on the way reads it.")
	case u.User != nil:
		return nil, fault.New(fault.Invalid, "The address must not have a name or password before the host.")
	case u.Fragment != "" || strings.Contains(text, "#"):
		return nil, fault.New(fault.Invalid, "The address must end before the #.")
	case !ports[u.Port()] || strings.HasSuffix(u.Host, ":"):
		return nil, fault.New(fault.Invalid, "The address may have the port 443 or 8443, and no other.")
	}
	return u, checkHost(u.Hostname())
}

// checkHost wants a full name of the public internet: no number in any spelling, and no dot at its end, with which a
// name passes lists that are compared as text.
func checkHost(host string) error {
	labels := strings.Split(strings.ToLower(host), ".")
	last := labels[len(labels)-1]
	if _, err := netip.ParseAddr(host); err == nil || strings.TrimLeft(last, "0123456789") == "" && last != "" ||
		strings.HasPrefix(last, "0x") {
		return fault.New(fault.Invalid, "The address must have a name, not a number.")
	}
	for _, label := range labels {
		if !isLabel(label) {
			return fault.New(fault.Invalid, "The name in the address is not one of the internet. International names "+
				"are written beginning with xn--.")
		}
	}
	for _, ending := range inside {
		if strings.HasSuffix("."+strings.ToLower(host), ending) {
			return fault.New(fault.Invalid, "The address leads into a network of its own, not to the internet.")
		}
	}
	if len(labels) < 2 || len(host) > 253 {
		return fault.New(fault.Invalid, "The address must have a full name, such as hooks.example.org.")
	}
	return nil
}

func isLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	return !strings.ContainsFunc(label, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
}

// masked is as much of a webhook's address as is ever shown: where it leads, and its last four characters if they are
// a small part of what is secret.
func masked(u *url.URL) string {
	secret := u.RequestURI()
	if len(secret) < 16 {
		return u.Host + "/…"
	}
	return u.Host + "/…" + secret[len(secret)-4:]
}
