package rule

import (
	"fmt"
	"regexp"
	"testing"
)

const clean = "So I tried the new build last night and it mostly works, but the second boss still crashes when you " +
	"open the map twice. Has anybody else seen that, or is it only my machine? I can send the log later today."

// busy is a guild with 200 rules of all kinds.
func busy(t testing.TB) *Set {
	var rules []Rule
	for i := range 50 {
		words := make([]string, 100)
		for j := range words {
			words[j] = fmt.Sprintf("blorp%dzug%d", i, j)
		}
		rules = append(rules, Rule{Kind: Words, Spec: Spec{Words: words}})
	}
	for i := range 50 {
		rules = append(rules, Rule{Kind: Regex, Spec: Spec{Pattern: fmt.Sprintf(`(?i)\bquux%d\s*(?:gifts?|coins?)\s+for\s+(?:free|nothing)\b`, i)}})
	}
	for i := range 20 {
		rules = append(rules, Rule{Kind: Links, Spec: Spec{Scams: true, Masked: i == 0, Deny: []string{fmt.Sprintf("evil%d.example.com", i)}}})
	}
	for i := range 80 {
		switch i % 4 {
		case 0:
			rules = append(rules, Rule{Kind: Invites})
		case 1:
			rules = append(rules, Rule{Kind: Capitals, Spec: Spec{Share: 70, Letters: 20}})
		case 2:
			rules = append(rules, Rule{Kind: Mentions, Spec: Spec{Most: 5}})
		case 3:
			rules = append(rules, Rule{Kind: Attachments, Spec: Spec{Endings: []string{"exe", "scr"}}})
		}
	}
	return compile(t, rules...)
}

func BenchmarkCleanMessage(b *testing.B) {
	s, m := busy(b), message(clean)
	b.ReportAllocs()
	for b.Loop() {
		if hits := s.Judge(m, nil); len(hits) > 0 {
			b.Fatal(hits)
		}
	}
}

func BenchmarkLoopOverExpressions(b *testing.B) {
	var all []*regexp.Regexp
	for i := range 50 {
		all = append(all, regexp.MustCompile(fmt.Sprintf(`(?i)\bquux%d\s*(?:gifts?|coins?)\s+for\s+(?:free|nothing)\b`, i)))
	}
	for b.Loop() {
		for _, re := range all {
			re.MatchString(clean)
		}
	}
}
