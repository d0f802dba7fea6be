package export

import (
	"encoding/csv"
	"strings"
	"testing"
)

// A small table is read back as it was given, and no cell of it is a formula.
func TestTables(t *testing.T) {
	file := string(Table([]string{"name", "count", "share", "none"}, [][]any{
		{"=HYPERLINK(\"https://evil.example\")", int64(-3), 0.25, nil}, {"a \"b\"\r\nc", int64(12), 1e6, nil}}))
	text, marked := strings.CutPrefix(file, "\ufeff")
	if !marked {
		t.Error("Excel will not read it as UTF-8")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 4 || rows[3][0] != "# end" || rows[3][1] != "2 rows" {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if got := strings.Join(rows[0], "|"); got != "name|count|share|none" {
		t.Errorf("columns %s", got)
	}
	if got := rows[1]; !strings.HasPrefix(got[0], "'=") || got[1] != "-3" || got[2] != "0.25" || got[3] != "" {
		t.Errorf("%q", got)
	}
	if got := rows[2]; plainCell(got[0]) != "a \"b\"\nc" || got[1] != "12" || got[2] != "1000000" {
		t.Errorf("%q", got)
	}
}
