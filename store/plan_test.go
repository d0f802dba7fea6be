package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// small are the tables that stay so: reading all of one costs nothing.
var small = []string{"guilds", "guild_stays", "native_rules", "gateway_sessions", "identifies", "instance", "window_edges",
	"violation_numbers", "secrets", "report_schedules", "json_each"}

var (
	parameter = regexp.MustCompile(`\?\d*`)
	scan      = regexp.MustCompile(`^SCAN (\w+)`)
)

// No query scans a large table or sorts on the side: what is fast over a thousand rows is fast over ten million.
// Reading a table or an index from its end is no scan when LIMIT stops it and no WHERE makes it go on.
func TestEveryQueryFindsItsRows(t *testing.T) {
	s := openIn(t, t.TempDir())
	queries := generated(t)
	for name, query := range queries {
		for _, step := range planOf(t, s, query, make([]any, parameters(query))) {
			alias := scan.FindStringSubmatch(step)
			switch {
			case strings.Contains(step, "TEMP B-TREE"):
				t.Errorf("%s sorts on the side: %s\n%s", name, step, query)
			case alias == nil || alias[1] == "CONSTANT" || isSmall(query, alias[1]):
			case strings.Contains(query, "LIMIT") && !strings.Contains(query, "WHERE"):
			default:
				t.Errorf("%s scans: %s\n%s", name, step, query)
			}
		}
	}
	if len(queries) < 60 {
		t.Errorf("only %d queries were found", len(queries))
	}
}

// What sqlc is known to generate wrongly does not occur.
func TestGeneratedCodeIsWhole(t *testing.T) {
	for name, query := range generated(t) {
		if regexp.MustCompile(`@[a-z]|SLICE:`).MatchString(query) {
			t.Errorf("%s kept a parameter that nothing fills in:\n%s", name, query)
		}
	}
	files, err := filepath.Glob("../queries/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d query files: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsFunc(string(text), func(r rune) bool { return r > 127 }) {
			t.Errorf("%s is not ASCII: the generator cuts queries at the wrong place", file)
		}
	}
	files, err = filepath.Glob("internal/db/*.sql.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d generated files: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "interface{}") {
			t.Errorf("%s has a column without a type: CAST it", file)
		}
	}
}

// generated collects the SQL of every query by its name.
func generated(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("internal/db/*.sql.go")
	if err != nil {
		t.Fatal(err)
	}
	queries := map[string]string{}
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if value, ok := n.(*ast.ValueSpec); ok && len(value.Values) == 1 {
				if text, ok := value.Values[0].(*ast.BasicLit); ok && text.Kind == token.STRING {
					query, err := strconv.Unquote(text.Value)
					if err != nil {
						t.Fatal(err)
					}
					queries[value.Names[0].Name] = query
				}
			}
			return true
		})
	}
	return queries
}

// parameters counts what a query must be given: each "?" is a parameter, "?2" is one wherever it stands.
func parameters(query string) int {
	numbered, n := map[string]bool{}, 0
	for _, place := range parameter.FindAllString(query, -1) {
		if place == "?" || !numbered[place] {
			n++
		}
		numbered[place] = true
	}
	return n
}

func planOf(t *testing.T, s *Store, query string, args []any) (steps []string) {
	t.Helper()
	rows, err := s.readDB.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

// isSmall finds out which table a query calls alias and says whether that is a small one.
func isSmall(query, alias string) bool {
	for _, table := range small {
		if table == alias || regexp.MustCompile(`\b`+table+`\s+(AS\s+)?`+alias+`\b`).MatchString(query) {
			return true
		}
	}
	return false
}
