// Package redact keeps secrets out of what guildwatch writes about itself. It looks at text on its way out, whatever
// put a secret there: an error that quotes a request, a panic, a library, a value somebody logged by mistake. That is
// the last wall and not the only one: what is known to be secret is a config.Secret and never logged.
package redact

import (
	"encoding/base64"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// mask stands where a secret was.
const mask = "[hidden]"

// shape is how one kind of secret looks. Most lines have none of them, and a search for a fixed piece of text costs a
// hundredth of the expression's, so that comes first.
type shape struct {
	signs []string // one of them stands in every secret of the kind, in lower case; none: a long word does
	find  *regexp.Regexp
	as    string // what stays, with the mask
}

// shapes are the secrets that can be told by their looks. Escaped quotes are those of JSON inside a log line.
var shapes = []shape{
	// A bot's token, and a JSON Web Token: three long words with dots between them.
	{nil, regexp.MustCompile(`[A-Za-z0-9_-]{18,}\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{25,}`), mask},
	// What stands after the scheme in an Authorization header.
	{[]string{"bot ", "bearer ", "basic "}, regexp.MustCompile(`(?i)\b(bot|bearer|basic) [A-Za-z0-9._~+/-]{16,}=*`),
		"$1 " + mask},
	// Whoever has the address of a webhook may write there: Discord's, its interactions' and Slack's.
	{[]string{"/webhooks/", "/interactions/"}, regexp.MustCompile(`(/(?:webhooks|interactions)/\d+/)[A-Za-z0-9._-]+`),
		"$1" + mask},
	{[]string{"hooks.slack.com"}, regexp.MustCompile(`(hooks\.slack\.com/[a-z]+/)[A-Za-z0-9/_-]+`), "$1" + mask},
	// Sign-in links.
	{[]string{"/sign-in/link/"}, regexp.MustCompile(`(/sign-in/link/)[A-Za-z0-9._~%-]+`), "$1" + mask},
	// Cookies of our own, and whole headers of them.
	{[]string{"__host-", "sid="}, regexp.MustCompile(`(__Host-[A-Za-z0-9_-]+|\bsid)=[^;\s"\\\]]+`), "$1=" + mask},
	{[]string{"cookie"}, regexp.MustCompile(`(?i)\b((?:set-)?cookie\\?"?[:=]\s*\[?\\?"?)[^"\\\]\n]{4,}`), "$1" + mask},
	// Parameters of OAuth2 in an address.
	{[]string{"code=", "state=", "code_"},
		regexp.MustCompile(`([?&](?:code|state|code_verifier|code_challenge)=)[^&\s"\\]+`), "$1" + mask},
	// Names that say what their value is: in forms, in JSON and among the attributes of a log line.
	{[]string{"token", "secret", "password", "code_verifier"}, regexp.MustCompile(
		`(?i)\b((?:[a-z]+_)?(?:token|secret|password)|code_verifier)(\\?"?[:=]\s*\\?"?)[^\s"\\&,;}\]]{4,}`), "$1$2" + mask},
}

// Text gives text without what looks like a secret.
func Text(text string) string {
	low := strings.ToLower(text)
	for _, s := range shapes {
		if s.mayStandIn(low) {
			text = s.find.ReplaceAllString(text, s.as)
		}
	}
	return text
}

func (s shape) mayStandIn(low string) bool {
	for _, sign := range s.signs {
		if strings.Contains(low, sign) {
			return true
		}
	}
	return s.signs == nil && hasLongWord(low)
}

// hasLongWord says whether text has 25 letters, digits, lines or underscores in a row, as the end of a token has.
func hasLongWord(text string) bool {
	run := 0
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_':
			if run++; run == 25 {
				return true
			}
		default:
			run = 0
		}
	}
	return false
}

// leastKnown is how long a secret must be to be searched for by its value: what is shorter occurs by chance.
const leastKnown = 8

// Writer gives a writer that passes text on to w without these secrets, as they are, in quotes, in an address and in
// base64, and without what looks like one. Each Write is looked at by itself: a log handler writes whole lines.
func Writer(w io.Writer, secrets ...string) io.Writer {
	var pairs []string
	for _, secret := range secrets {
		if len(secret) < leastKnown {
			continue
		}
		quoted := strconv.Quote(secret)
		for _, form := range []string{secret, quoted[1 : len(quoted)-1], url.QueryEscape(secret), url.PathEscape(secret),
			base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret))} {
			pairs = append(pairs, form, mask)
		}
	}
	return writer{w, strings.NewReplacer(pairs...)}
}

type writer struct {
	io.Writer
	known *strings.Replacer
}

// Write passes p on; it tells the length of p, whatever is left of it.
func (w writer) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.Writer, Text(w.known.Replace(string(p)))); err != nil {
		return 0, err
	}
	return len(p), nil
}
