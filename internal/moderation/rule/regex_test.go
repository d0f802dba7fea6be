package rule

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestExpressionsHaveLimits(t *testing.T) {
	for pattern, want := range map[string]string{
		"(":                              "cannot be read",
		strings.Repeat("a", 257):         "at most 256",
		"((a{0,100}){0,10}){0,1}b":       "at most 1000",
		"((((a{1,9}){1,9}){1,9}){1,9})b": "cannot be read",
		"a*":                             "empty message",
		"":                               "empty message",
		`(?=look)ahead`:                  "cannot be read",
		`(a)\1`:                          "cannot be read",
	} {
		if _, err := Pattern(pattern); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %q", pattern, err, want)
		}
	}
	if _, err := Pattern(strings.Repeat("ä", 256)); err != nil {
		t.Errorf("256 characters: %v", err)
	}
}

// What is slow for some message is measured as slow: the figures of this machine decide, with a wide margin here.
func TestTheCostOfAnExpressionIsMeasured(t *testing.T) {
	slow := regexp.MustCompile("((a{0,30}){0,10}){0,3}b")
	fast := regexp.MustCompile("blorp")
	slowest, _ := Cost(slow)
	fastest, allowed := Cost(fast)
	if !allowed || slowest < 20*fastest {
		t.Errorf("slow %v, fast %v (allowed: %v)", slowest, fastest, allowed)
	}
}

// The prefilter never hides a match: for any expression of this little language and any text, running all expressions
// and running those that it picks find the same.
func TestThePrefilterHidesNothing(t *testing.T) {
	word := rapid.SampledFrom([]string{"gift", "Kisses", "coin", "ab", "free", "s", `\d+`, `\s*`, "[a-f]", ".", "é", "STEAM"})
	text := rapid.SampledFrom([]string{"gift", "GIFT", "kisses", "\u212aisses", "Ki\u017fses", "coin", "ab", "free", "7", " ", "x", "é", "É", "steam", "\u017fteam"})
	rapid.Check(t, func(t *rapid.T) {
		var all []expression
		for i := range rapid.IntRange(1, 6).Draw(t, "expressions") {
			part := func() string {
				p := word.Draw(t, "part")
				switch rapid.IntRange(0, 6).Draw(t, "how") {
				case 0:
					return "(?:" + p + "|" + word.Draw(t, "or") + ")"
				case 1:
					return "(?:" + p + ")?"
				case 2:
					return "(" + p + ")+"
				case 3:
					return "(?:" + p + "){2,3}"
				case 4:
					return "(?i:" + p + ")"
				}
				return p
			}
			pattern := part() + part() + part()
			if rapid.Bool().Draw(t, "any case") {
				pattern = "(?i)" + pattern
			}
			all = append(all, expression{i, regexp.MustCompile(pattern), &cost{}})
		}
		subject := strings.Join(rapid.SliceOfN(text, 0, 8).Draw(t, "text"), "")
		found := map[int]bool{}
		newExpressions(all, nil).run(subject, []byte(strings.ToLower(subject)), func(rule, _, _ int) { found[rule] = true })
		for _, x := range all {
			if x.re.MatchString(subject) != found[x.rule] {
				t.Fatalf("%s on %q: found %v", x.re, subject, found[x.rule])
			}
		}
	})
}
