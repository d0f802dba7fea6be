package store

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// F11: closing any descriptor of the database drops every lock that this process has on it, so that another program can
// overwrite what is being written. So nothing but these functions, which run before SQLite has opened the file or touch
// another one, opens files.
func TestNobodyOpensTheDatabaseBesideSQLite(t *testing.T) {
	mayOpen := []string{"touch", "writable", "sync", "lockFile"}
	openers := []string{"Open", "OpenFile", "OpenInRoot", "OpenRoot", "Create", "ReadFile", "WriteFile", "CopyFS",
		"DirFS", "Truncate"}
	found := []string{}
	inspectGo(t, "*.go", func(file *ast.File) {
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(function, func(node ast.Node) bool {
				selector, ok := node.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if pkg, ok := selector.X.(*ast.Ident); ok && pkg.Name == "os" &&
					slices.Contains(openers, selector.Sel.Name) {
					found = append(found, function.Name.Name)
					if !slices.Contains(mayOpen, function.Name.Name) {
						t.Errorf("%s uses os.%s", function.Name.Name, selector.Sel.Name)
					}
				}
				return true
			})
		}
	})
	slices.Sort(found)
	if want := slices.Sorted(slices.Values(mayOpen)); !slices.Equal(found, want) {
		t.Errorf("%v open files, want %v: the list is stale", found, want)
	}
}

// The locks that SQLite holds are still there after every kind of job.
func TestLocksOutliveEveryJob(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux lists locks in /proc/locks")
	}
	s := openIn(t, t.TempDir())
	info, err := os.Stat(s.dir.database())
	if err != nil {
		t.Fatal(err)
	}
	number := regexp.MustCompile(`Ino:(\d+)`).FindStringSubmatch(fmt.Sprintf("%+v", info.Sys()))[1]
	inode := regexp.MustCompile(`\b\d+ \S+:` + number + ` `)
	now := time.Now()
	for what, job := range map[string]func() error{
		"a write": func() error { _, err := s.RecordAudit(t.Context(), auditEntry(1)); return err },
		"pruning": func() error { _, err := s.Prune(t.Context(), now); return err },
		"a sweep": func() error { return s.SweepWindows(t.Context(), now.Add(time.Hour)) },
		"a flush": func() error {
			return s.Flush(t.Context(), moderation.NewTally(), moderation.Position{Session: "x"})
		},
		"a read": func() error { _, err := s.ChangesAfter(t.Context(), snowflake.GuildID(1), 0, 10); return err },
	} {
		if err := job(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		// The list is of all processes, and what others let go of while it is read hides a line. A lock that is lost stays lost.
		held := false
		for n := 0; n < 20 && !held; n++ {
			locks, err := os.ReadFile("/proc/locks")
			if err != nil {
				t.Skip("no /proc/locks here")
			}
			held = inode.Match(locks)
		}
		if !held {
			t.Errorf("after %s SQLite holds no lock", what)
		}
	}
}

func inspectGo(t *testing.T, pattern string, look func(*ast.File)) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatal(pattern, err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		look(file)
	}
}

// sqlc drops parameters without a word in some places (BETWEEN, ORDER BY, HAVING, DO UPDATE SET): each query is given
// as many arguments as it has parameters.
func TestEveryQueryIsGivenItsParameters(t *testing.T) {
	queries, calls := generated(t), 0
	inspectGo(t, "internal/db/*.sql.go", func(file *ast.File) {
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 {
				return true
			}
			name, ok := call.Args[1].(*ast.Ident)
			if !ok || queries[name.Name] == "" {
				return true
			}
			calls++
			if given, wanted := len(call.Args)-2, parameters(queries[name.Name]); given != wanted {
				t.Errorf("%s has %d parameters and is given %d", name.Name, wanted, given)
			}
			return true
		})
	})
	if calls != len(queries) {
		t.Errorf("%d of %d queries were found in use", calls, len(queries))
	}
}

// A query that nobody runs is deleted: its plan would be watched for nothing.
func TestEveryQueryIsRun(t *testing.T) {
	run := map[string]bool{}
	inspectGo(t, "*.go", func(file *ast.File) {
		ast.Inspect(file, func(node ast.Node) bool {
			if selector, ok := node.(*ast.SelectorExpr); ok {
				run[selector.Sel.Name] = true
			}
			return true
		})
	})
	for name := range generated(t) {
		if method := strings.ToUpper(name[:1]) + name[1:]; !run[method] {
			t.Errorf("nobody runs %s", method)
		}
	}
}
