package arch

import (
	"go/ast"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// callers are the package trees that may open a connection or make an HTTP client, and to whom.
var callers = map[string]string{
	"internal/bot":      "Discord, at the address that the operator sets",
	"internal/identity": "the same",
	"internal/notify":   "addresses that people give, each dial judged; and the operator's mail server",
	"internal/fleet":    "this machine, for benchmarks",
	"cmd":               "guildwatch itself, for healthcheck",
}

// doors are what opens a connection.
var doors = map[string][]string{
	"http": {"Client", "Transport", "DefaultClient", "DefaultTransport", "Get", "Post", "PostForm", "Head"},
	"net": {"Dial", "DialTimeout", "Dialer", "DialTCP", "DialUDP", "DialIP", "DialUnix", "LookupHost", "LookupIP",
		"LookupAddr", "Resolver"},
	"tls":  {"Dial", "DialWithDialer", "Dialer", "Client"},
	"smtp": {"Dial", "SendMail"},
}

// F43: there is one door for addresses that people give, internal/notify. Whoever else opens connections stands above,
// with the reason.
func TestWhoMayCallOut(t *testing.T) {
	found := map[string]bool{}
	each(t, func(path string, file *ast.File) {
		home := treeOf(filepath.ToSlash(filepath.Dir(path)))
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := selector.X.(*ast.Ident)
			if !ok || !slices.Contains(doors[pkg.Name], selector.Sel.Name) {
				return true
			}
			if found[home] = true; callers[home] == "" {
				t.Errorf("%s opens connections by %s.%s: that is for internal/notify to do", path, pkg.Name, selector.Sel.Name)
			}
			return true
		})
	})
	for home := range callers {
		if !found[home] {
			t.Errorf("%s opens no connection: the list is stale", home)
		}
	}
}
