package identity

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestOwnPathsStay(t *testing.T) {
	for _, path := range []string{"/", "/servers", "/servers?page=2", "/g/81384788765712384", "/sessions",
		"/g/81384788765712384?period=week&q=%40ada", "/sign-in/link/aB3_-x", "/?region=panel-cards"} {
		if got := OwnPath(path); got != path {
			t.Errorf("%q became %q", path, got)
		}
	}
}

// The corpus of what leads, or might lead, a browser to another site.
func TestForeignPathsBecomeTheStart(t *testing.T) {
	for _, path := range []string{"", "servers", "//", "//evil.example", "//evil.example/..", "///evil.example",
		"/a//evil",
		`/\evil.example`, `\/evil.example`, `\\evil.example`, "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example",
		"/%09/evil.example", "/%2f/evil.example", "/%2f%2fevil.example", "/%5cevil.example", "/%5c%5cevil.example",
		"/%0d%0aSet-Cookie:x=y", "/.//evil.example", "/..//evil.example", "/./evil.example", "https://evil.example",
		"https:evil.example", "https:/evil.example", "http://evil.example", "HTTPS://evil.example", "javascript:alert(1)",
		" javascript:alert(1)", "data:text/html,x", "/javascript:alert(1)", " /servers", "/servers ", "\x00/servers",
		"/\x00", "/é", "/\u2028", "/\u202e", "/@evil.example", "/evil.example", "/g/7#x", "/#//evil.example", "?x=1", "#",
		"/?x=//evil.example", "/?x=https://evil.example", "/?x=\\evil", "/?x=<script>", "/?x=\"", "/?x=a b", "/;x=y", "/~x",
		"/?x=1\r\nLocation: https://evil.example", "/?x=1?y", "@evil.example", "/" + strings.Repeat("a", nextMost)} {
		if got := OwnPath(path); got != "/" {
			t.Errorf("%q became %q", path, got)
		}
	}
}

// Whatever comes in, a browser that follows what comes out stays on the host.
func TestOwnPathStaysOnTheHost(t *testing.T) {
	base, _ := url.Parse("https://mod.example.org/sign-in")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`/[/\\.?#%a-z0-9:@&=\t-]{0,20}`)).Draw(t, "next")
		got := OwnPath(text)
		to, err := base.Parse(got)
		if err != nil || to.Host != base.Host || to.Scheme != "https" || !strings.HasPrefix(got, "/") ||
			strings.ContainsAny(got, "\\\r\n\t\x00 ") || strings.HasPrefix(got, "//") {
			t.Fatalf("%q became %q, which leads to %v (%v)", text, got, to, err)
		}
		if OwnPath(got) != got {
			t.Fatalf("%q is not stable", got)
		}
	})
}
