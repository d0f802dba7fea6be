package viewtest_test

import (
	"bytes"
	"context"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

var update = flag.Bool("update", false, "write the golden files anew: go test ./views/viewtest -update")

// treeHash is in every address of an asset and changes with any of them.
var treeHash = regexp.MustCompile(`/static/[0-9a-f]{10}/`)

// render gives a component's HTML, a tag a line, without the hash.
func render(t *testing.T, s state) string {
	t.Helper()
	html := treeHash.ReplaceAllString(raw(t, s.component), "/static/HASH/")
	return strings.ReplaceAll(html, "><", ">\n<") + "\n"
}

// raw gives a component's HTML as it is sent.
func raw(t *testing.T, component templ.Component) string {
	t.Helper()
	var out bytes.Buffer
	if err := component.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestComponentsLookAsTheyDid(t *testing.T) {
	kept := map[string]bool{}
	for _, s := range states() {
		t.Run(s.name, func(t *testing.T) {
			file := filepath.Join("testdata", strings.ReplaceAll(s.name, "/", "-")+".html")
			kept[file] = true
			got := render(t, s)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if line, have, had := differ(got, string(want)); line > 0 {
				t.Errorf("%s differs at line %d:\nnow    %s\nbefore %s", file, line, have, had)
				t.Log("if that is meant: go test ./views/viewtest -update")
			}
		})
	}
	files, err := filepath.Glob("testdata/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !kept[file] {
			t.Errorf("%s belongs to no state any more", file)
		}
	}
}

// differ finds the first line that is not the same; 0: none.
func differ(a, b string) (line int, inA, inB string) {
	left, right := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range max(len(left), len(right)) {
		x, y := "(end)", "(end)"
		if i < len(left) {
			x = left[i]
		}
		if i < len(right) {
			y = right[i]
		}
		if x != y {
			return i + 1, x, y
		}
	}
	return 0, "", ""
}

// Every exported component has at least one state, so none is forgotten.
func TestEveryComponentHasAState(t *testing.T) {
	covered := map[string]bool{}
	for _, s := range states() {
		name, _, _ := strings.Cut(s.name, "/")
		covered[name] = true
	}
	files, err := filepath.Glob("../*/*_templ.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() || f.Type.Results == nil {
				continue
			}
			if name := file.Name.Name + "." + f.Name.Name; !covered[name] {
				t.Errorf("%s has no state in states_test.go", name)
			}
		}
	}
}
