package rule

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"

	"guildwatch/internal/moderation/rule/scam"
)

// link is an address in a text, with its disguises undone.
type link struct {
	host     string // small letters: "cdn.example.org"
	path     string // what follows the host, up to a blank or a bracket
	from, to int    // in the folded text
	explicit bool   // with http:// or https://, so that Discord makes a link of it
}

// undone are the ways in which the dot of an address is written so that no program takes it for one.
var undone = [][]byte{[]byte("[.]"), []byte("(.)"), []byte("{.}"), []byte("[dot]"), []byte("(dot)"), []byte("{dot}"),
	[]byte(" dot "), []byte(" . ")}

// hostLength is the longest name that DNS has.
const hostLength = 253

// links finds the addresses of a reading. A host counts if its ending is one that the world's registries give out:
// "e.g" and "main.go" are none.
func (r *reading) links() []link {
	if bytes.IndexByte(r.folded, '.') < 0 && !bytes.Contains(r.folded, []byte("dot")) {
		return nil
	}
	text, back := r.refang()
	var found []link
	for at := 0; at < len(text); {
		if !hostByte(text[at]) {
			at++
			continue
		}
		from, dots := at, 0
		for ; at < len(text) && hostByte(text[at]); at++ {
			if text[at] == '.' {
				dots++
			}
		}
		if dots == 0 {
			continue
		}
		to := at
		for from < to && (text[from] == '.' || text[from] == '-') {
			from++
		}
		for to > from && (text[to-1] == '.' || text[to-1] == '-') {
			to--
		}
		if to-from > hostLength {
			continue
		}
		host, explicit := string(text[from:to]), schemeBefore(text[:from])
		if !registered(host) && !(explicit && numeric(host)) {
			continue
		}
		end := at
		if at == to && at < len(text) && strings.IndexByte("/?#:", text[at]) >= 0 { // not @: what is before it is a name
			for end < len(text) && pathByte(text[end]) {
				end++
			}
		}
		found = append(found, link{host: host, path: string(text[at:end]), from: back(from), to: back(end-1) + 1,
			explicit: explicit})
		at = end
	}
	return found
}

// refang gives the folded text with disguised dots undone, and from each place in it the way back.
func (r *reading) refang() (text []byte, back func(int) int) {
	disguised := false
	for _, dot := range undone {
		disguised = disguised || bytes.Contains(r.folded, dot)
	}
	if !disguised {
		return r.folded, func(at int) int { return at }
	}
	text = make([]byte, 0, len(r.folded))
	places := make([]int, 0, len(r.folded))
next:
	for at := 0; at < len(r.folded); {
		for _, dot := range undone {
			if bytes.HasPrefix(r.folded[at:], dot) {
				text, places = append(text, '.'), append(places, at)
				at += len(dot)
				continue next
			}
		}
		text, places = append(text, r.folded[at]), append(places, at)
		at++
	}
	return text, func(at int) int { return places[at] }
}

func hostByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c >= utf8.RuneSelf
}

func pathByte(c byte) bool { return c > ' ' && !strings.ContainsRune("<>()[]{}|\"`", rune(c)) }

// schemeBefore says whether a host is preceded by the beginning of a web address, and perhaps by a name before an @.
func schemeBefore(text []byte) bool {
	line := text[max(0, len(text)-120):]
	if i := bytes.LastIndexAny(line, " \t\n"); i >= 0 {
		line = line[i+1:]
	}
	for _, scheme := range []string{"http://", "https://", "hxxp://", "hxxps://"} {
		if i := bytes.LastIndex(line, []byte(scheme)); i >= 0 && !bytes.ContainsRune(line[i+len(scheme):], '/') {
			return true
		}
	}
	return false
}

// registered says whether a host ends in a public suffix and has a name before it.
func registered(host string) bool {
	suffix, official := publicsuffix.PublicSuffix(host)
	return (official || strings.Contains(suffix, ".")) && len(host) > len(suffix)
}

func numeric(host string) bool {
	return strings.Trim(host, "0123456789.") == "" && strings.Count(host, ".") == 3
}

// site is the part of a host that somebody registered: "example.co.uk" of "a.b.example.co.uk".
func site(host string) string {
	if name, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return name
	}
	return host
}

// masked finds a link whose visible text shows another site than it leads to: "[discord.com](https://evil.example)".
func (r *reading) masked() (from, to int, ok bool) {
	text := r.folded
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte("]("))
		if i < 0 {
			return 0, 0, false
		}
		middle := at + i
		at = middle + 2
		open := bytes.LastIndexByte(text[:middle], '[')
		length := bytes.IndexByte(text[at:], ')')
		if open < 0 || length < 0 {
			continue
		}
		shown, led := hostsOf(text[open+1:middle]), hostsOf(text[at:at+length])
		if len(led) > 0 && len(shown) > 0 && site(shown[0]) != site(led[0]) {
			return open, at + length + 1, true
		}
	}
}

func hostsOf(text []byte) (hosts []string) {
	part := reading{folded: text}
	for _, l := range part.links() {
		hosts = append(hosts, l.host)
	}
	return hosts
}

// newDomains takes a list of domains as an admin wrote it.
func newDomains(list []string) scam.Domains {
	d := make(scam.Domains, len(list))
	for _, name := range list {
		d[domainOf(name)] = struct{}{}
	}
	return d
}

// domainOf cleans a domain: "https://*.Example.org/x" is "example.org".
func domainOf(written string) string {
	name := strings.ToLower(strings.TrimSpace(written))
	if _, after, found := strings.Cut(name, "://"); found {
		name = after
	}
	name, _, _ = strings.Cut(name, "/")
	return strings.Trim(strings.TrimPrefix(name, "*."), ".")
}

// invite is the code of an invitation to a server; false for any other link. A friend's invitation leads to a person,
// but is used for the same.
func (l link) invite(r *reading) (code string, ok bool) {
	host := strings.TrimPrefix(l.host, "www.")
	var path string
	switch host {
	case "discord.gg", "dsc.gg", "invite.gg", "discord.io", "discord.me", "discord.li":
		path = strings.TrimPrefix(l.path, "/invite")
	case "discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com":
		after, found := strings.CutPrefix(l.path, "/invite")
		if !found {
			after, found = strings.CutPrefix(l.path, "/friend-invite")
		}
		if !found {
			return "", false
		}
		path = after
	default:
		return "", false
	}
	path = strings.TrimLeft(path, "/")
	n := strings.IndexFunc(path, func(c rune) bool { return c == '/' || c == '?' || c == '#' })
	if n >= 0 {
		path = path[:n]
	}
	if path == "" {
		return "", false
	}
	// Codes tell large letters from small ones, so the original counts.
	written := r.written(l.from, l.to)
	if at := strings.LastIndex(strings.ToLower(written), path); at >= 0 {
		return written[at : at+len(path)], true
	}
	return path, true
}

// bareInvite finds ".gg/code" without the host before it, as members write it to be typed by hand.
func (r *reading) bareInvite() (from, to int, ok bool) {
	for at := 0; ; {
		i := bytes.Index(r.folded[at:], []byte(".gg/"))
		if i < 0 {
			return 0, 0, false
		}
		from, at = at+i, at+i+4
		to = at
		for to < len(r.folded) && (hostByte(r.folded[to]) && r.folded[to] != '.') {
			to++
		}
		if to-at >= 2 && (from == 0 || !hostByte(r.folded[from-1])) {
			return from, to, true
		}
	}
}
