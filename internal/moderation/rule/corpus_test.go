package rule

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"guildwatch/internal/moderation"
)

// judge is the guild that the corpus is read by: a rule of each kind that reads.
func judge(t testing.TB) *Set {
	return compile(t,
		Rule{Name: "words", Kind: Words, Spec: Spec{Words: []string{"blorp", "free nitro", "zugg*", "*fnarb", "*quibble*", "snazzle", "toob"}}},
		Rule{Name: "links", Kind: Links, Spec: Spec{Deny: []string{"evil.example.com"}, Scams: true, Masked: true}},
		Rule{Name: "invites", Kind: Invites, Spec: Spec{Allow: []string{"ours"}}},
		Rule{Name: "regex", Kind: Regex, Spec: Spec{Pattern: `\bsend\s+\d+\s+coins\b`}},
		Rule{Name: "files", Kind: Attachments, Spec: Spec{Endings: []string{"exe", ".SCR"}}},
		Rule{Name: "names", Kind: Names, Spec: Spec{Words: []string{"blemish"}}},
		Rule{Name: "capitals", Kind: Capitals, Spec: Spec{Share: 80, Letters: 20}},
		Rule{Name: "repeated", Kind: Repeated, Spec: Spec{Most: 6}})
}

// The corpus: what must be found is found by the right rule, what is innocent is left alone, what is known to be missed
// is still missed (else the line belongs elsewhere).
func TestCorpus(t *testing.T) {
	data, err := os.ReadFile("testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	s := judge(t)
	var bad, caught, innocent, wronged int
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.SplitN(line, "\t", 3)
		if len(fields) != 3 {
			t.Fatalf("line %d has %d fields", i+1, len(fields))
		}
		var text string
		if err := json.Unmarshal([]byte(fields[2]), &text); err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		m := message("")
		m.Texts = []moderation.Text{{Surface: moderation.Surface(fields[1]), Value: text}}
		var found []string
		for _, hit := range s.Judge(m, nil) {
			found = append(found, hit.Rule.Name)
		}
		got := strings.Join(found, "+")
		want, missed := strings.CutSuffix(fields[0], "!")
		switch {
		case want == "-":
			innocent++
			if got != "" {
				wronged++
				t.Errorf("line %d: innocent %s is taken for %s", i+1, fields[2], got)
			}
		case missed:
			bad++
			if got != "" {
				t.Errorf("line %d: %s is found by %s: it is missed no more", i+1, fields[2], got)
			}
		default:
			bad++
			if got != want {
				t.Errorf("line %d: %s is found by %q, want %s", i+1, fields[2], got, want)
			} else {
				caught++
			}
		}
	}
	if bad+innocent < 300 {
		t.Errorf("the corpus has only %d cases", bad+innocent)
	}
	t.Logf("%d of %d caught (%.1f %%); %d of %d innocent ones taken for bad (%.1f %%)", caught, bad,
		100*float64(caught)/float64(bad), wronged, innocent, 100*float64(wronged)/float64(innocent))
}
