// Package arch checks who may import whom, by reading the files: a test that asked `go list` would be served stale from
// the test cache. docs/adr/0004-who-imports-whom.md has the reasons.
package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "guildwatch/"

// allowed says, for each package tree, which trees of the project it may import besides its own. cmd may import
// everything.
var allowed = map[string][]string{
	"internal/snowflake":  {},
	"internal/fault":      {},
	"internal/frame":      {},
	"internal/config":     {"internal/snowflake", "internal/fault", "internal/secret"},
	"internal/secret":     {"internal/fault"},
	"internal/redact":     {},
	"internal/access":     {"internal/snowflake", "internal/fault"},
	"internal/moderation": {"internal/snowflake", "internal/fault", "internal/access"},
	"internal/casefile":   {"internal/snowflake", "internal/fault", "internal/moderation"},
	"migrations":          {},
	"static":              {"internal/frame"},
	"store": {"internal/snowflake", "internal/fault", "internal/access", "internal/moderation", "internal/secret",
		"migrations"},
	"internal/stats":    {"internal/snowflake", "internal/fault", "internal/access", "internal/moderation", "store"},
	"internal/bot":      {"internal/snowflake", "internal/fault", "internal/access", "internal/moderation", "store"},
	"internal/identity": {"internal/snowflake", "internal/fault", "internal/access", "internal/moderation", "store"},
	"internal/notify":   {"internal/snowflake", "internal/fault", "internal/access", "internal/moderation", "store"},
	"internal/export": {"internal/snowflake", "internal/fault", "internal/access", "internal/moderation", "internal/stats",
		"store"},
	"internal/live": {"internal/frame", "internal/snowflake", "internal/fault"},
	"views":         {"internal/frame", "internal/snowflake", "internal/fault", "internal/access", "internal/moderation", "internal/stats", "static"},
	"internal/feed": {"internal/frame", "internal/snowflake", "internal/fault", "internal/access", "internal/moderation", "internal/stats", "store",
		"views", "internal/live"},
	"internal/report": {"internal/snowflake", "internal/fault", "internal/access", "internal/moderation", "internal/stats", "store",
		"internal/notify", "internal/export", "views"},
	"handlers": {"internal/frame", "internal/snowflake", "internal/fault", "internal/access", "internal/moderation", "internal/stats", "store",
		"internal/bot", "internal/identity", "internal/casefile", "internal/export", "internal/notify", "internal/report", "internal/live", "views",
		"internal/feed", "static"},
	"internal/discordsim": {"internal/snowflake"},
	"internal/demo":       {"internal/snowflake", "internal/fault", "internal/moderation", "internal/discordsim", "store"},
	"internal/browser":    {},
	"internal/fleet":      {},
	"internal/leak":       {},
	"internal/loopback":   {},
	"internal/arch":       {},
}

// homes says which package trees alone may import a library, tests included.
var homes = map[string][]string{
	"github.com/bwmarrin/discordgo": {"internal/bot", "internal/discordsim"},
	"github.com/gorilla/websocket":  {"internal/bot", "internal/discordsim"},
	"github.com/r3labs/sse":         {"internal/live"},
	"modernc.org/sqlite":            {"store"},
	"database/sql":                  {"store"},
	"github.com/pressly/goose":      {"store"},
	"github.com/patrickmn/go-cache": {"store"},
	"github.com/labstack/echo":      {"handlers"},
	"github.com/alexedwards/scs":    {"handlers"},
	"golang.org/x/oauth2":           {"internal/identity"},
	"github.com/wneessen/go-mail":   {"internal/notify"},
	"github.com/a-h/templ":          {"views", "handlers", "internal/feed"},
	"github.com/spf13/cobra":        {"cmd"},
	"github.com/spf13/pflag":        {"internal/config"},
	"github.com/prometheus":         {"handlers"},
	"github.com/chromedp":           {"internal/browser"},
}

// testOnly lists what tests of any package may import beyond the rules: the stand-in, a key, fixtures, a real browser
// and readers of streams by the thousand.
var testOnly = []string{"internal/discordsim", "internal/secret", "store/storetest", "internal/browser", "internal/fleet",
	"internal/leak", "internal/loopback"}

func TestImports(t *testing.T) {
	each(t, func(path string, file *ast.File) {
		home := treeOf(filepath.ToSlash(filepath.Dir(path)))
		for _, spec := range file.Imports {
			name := strings.Trim(spec.Path.Value, `"`)
			if inside, ok := strings.CutPrefix(name, module); !ok {
				checkOutside(t, path, home, name)
			} else if !strings.HasSuffix(path, "_test.go") || !slices.Contains(testOnly, inside) {
				checkInside(t, path, home, inside)
			}
		}
	})
}

func checkInside(t *testing.T, path, home, inside string) {
	target := treeOf(inside)
	if home == "cmd" || target == home {
		return
	}
	if rules, known := allowed[home]; !known {
		t.Errorf("%s: package tree %s has no import rule; add it here and to docs/ARCHITECTURE.md", path, home)
	} else if !slices.Contains(rules, target) {
		t.Errorf("%s: %s may not import %s", path, home, inside)
	}
}

func checkOutside(t *testing.T, path, home, name string) {
	for library, homes := range homes {
		if (name == library || strings.HasPrefix(name, library+"/")) && !slices.Contains(homes, home) {
			t.Errorf("%s: %s belongs to %s alone", path, library, strings.Join(homes, ", "))
		}
	}
}

// `Grant[R]{}` and `var g Grant[R]` compile anywhere; outside access they do not pass here.
func TestGrantsAreMadeByAccessAlone(t *testing.T) {
	each(t, func(path string, file *ast.File) {
		if strings.HasPrefix(filepath.ToSlash(path), "internal/access/") {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				// A function that fails returns a zero grant beside its error; only access may do even that.
				refuse(t, path, "a literal", n.Type)
			case *ast.ValueSpec:
				refuse(t, path, "a variable", n.Type)
			case *ast.CallExpr:
				if nameOf(n.Fun) == "access.OfSystem" && !mayActAlone(path) {
					t.Errorf("%s: guildwatch's own grant is for the desk: whoever asks is checked", path)
				}
				if name, ok := n.Fun.(*ast.Ident); ok && name.Name == "new" && len(n.Args) == 1 {
					refuse(t, path, "new", n.Args[0])
				}
			}
			return true
		})
	})
}

// mayActAlone says whether a file may act on guildwatch's own behalf.
func mayActAlone(path string) bool {
	return strings.HasPrefix(filepath.ToSlash(path), "internal/moderation/desk/") || strings.HasSuffix(path, "_test.go")
}

func refuse(t *testing.T, path, what string, typ ast.Expr) {
	if name := nameOf(typ); name == "access.Grant" || name == "access.Operation" {
		t.Errorf("%s: %s of %s outside access", path, what, name)
	}
}

// nameOf writes pkg.Name for a selector, with or without type arguments; "" for anything else.
func nameOf(e ast.Expr) string {
	if index, ok := e.(*ast.IndexExpr); ok {
		e = index.X
	}
	if s, ok := e.(*ast.SelectorExpr); ok {
		if x, ok := s.X.(*ast.Ident); ok {
			return x.Name + "." + s.Sel.Name
		}
	}
	return ""
}

// treeOf finds the package tree that a rule speaks of: "store/internal/db" is store, "internal/bot/wire" is
// internal/bot.
func treeOf(dir string) string {
	parts := strings.Split(dir, "/")
	if parts[0] == "internal" && len(parts) > 1 {
		return "internal/" + parts[1]
	}
	return parts[0]
}

// each parses every Go file of the module.
func each(t *testing.T, visit func(path string, file *ast.File)) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != root {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files++
		relative, _ := filepath.Rel(root, path)
		visit(relative, file)
		return nil
	})
	if err != nil || files == 0 {
		t.Fatalf("read %d files: %v", files, err)
	}
}
