package scam

import (
	"fmt"
	"strings"
	"testing"
)

func TestAnOperatorsListReplacesOrExtendsTheBuiltIn(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		has     string // domains that are in it
		lacks   string
		bad     string
		refused bool
	}{
		"replaces":    {text: "# ours\r\n\r\nEvil.Example \nпример.рф", has: "evil.example a.evil.example пример.рф", lacks: "1nitro.club"},
		"extends":     {text: "\ufeffinclude built-in\nevil.example", has: "evil.example 1nitro.club"},
		"leaves out":  {text: "include built-in\n!1nitro.club", has: "2-btc.com", lacks: "1nitro.club"},
		"bad lines":   {text: "evil.example\nhttps://evil.example/x\n*.evil.example\nnodots\n.evil.example", has: "evil.example", bad: "2 3 4 5"},
		"HTML":        {text: "<html>\n<body>Not found</body>\n</html>", bad: "1 2 3", refused: true},
		"empty":       {text: "\n# nothing\n", refused: true},
		"without any": {text: "evil.example\n!evil.example", refused: true},
	} {
		list, err := Take(c.text)
		if (err != nil) != c.refused {
			t.Errorf("%s: %v", name, err)
		}
		for _, host := range strings.Fields(c.has) {
			if !list.Domains.Has(host) {
				t.Errorf("%s: %s is not in it", name, host)
			}
		}
		for _, host := range strings.Fields(c.lacks) {
			if list.Domains.Has(host) {
				t.Errorf("%s: %s is in it", name, host)
			}
		}
		var lines []string
		for _, bad := range list.Bad {
			lines = append(lines, fmt.Sprint(bad.Line))
		}
		if got := strings.Join(lines, " "); got != c.bad {
			t.Errorf("%s: bad lines %q, want %q", name, got, c.bad)
		}
	}
	if _, err := Take(many(mostDomains + 1)); err == nil {
		t.Error("a list without an end is taken")
	}
	if !Known().Has("1nitro.club") {
		t.Error("a list has changed the one that comes with guildwatch")
	}
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d.example\n", i)
	}
	return b.String()
}
