package rule

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule/scam"
	"guildwatch/internal/snowflake"
)

func message(text string) *Message {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	return &Message{ID: 1, Channel: 5, Author: snowflake.At[snowflake.UserID](now.Add(-1000*time.Hour), 0), At: now,
		Texts: []moderation.Text{{Surface: moderation.SurfaceContent, Value: text}}}
}

func compile(t testing.TB, rules ...Rule) *Set {
	t.Helper()
	for i := range rules {
		r := &rules[i]
		r.Number = int64(i + 1)
		if r.Name == "" {
			r.Name = string(r.Kind)
		}
		if r.Mode == "" {
			r.Mode = Enforce
		}
		if r.Severity == "" {
			r.Severity = moderation.SeverityMedium
		}
		if r.Respond == "" {
			r.Respond = RespondLadder
		}
	}
	s, problems := Compile(42, rules, scam.Known())
	for _, p := range problems {
		t.Fatalf("%s: %s", p.Rule.Name, p.Text)
	}
	return s
}

// numbers are the rules that were hit, in the order of the answer.
func numbers(hits []Hit) (list []int64) {
	for _, hit := range hits {
		list = append(list, hit.Rule.Number)
	}
	return list
}

func TestTheGravestComesFirst(t *testing.T) {
	words := Spec{Words: []string{"blorp"}}
	s := compile(t, Rule{Kind: Words, Spec: words, Severity: moderation.SeverityLow},
		Rule{Kind: Words, Spec: words, Severity: moderation.SeverityCritical}, Rule{Kind: Words, Spec: words, Mode: Off},
		Rule{Kind: Words, Spec: words, Mode: Shadow})
	hits := s.Judge(message("blorp and blorp"), nil)
	if got := numbers(hits); !slices.Equal(got, []int64{2, 4, 1}) {
		t.Errorf("rules %v: each once, the gravest first, none that is off", got)
	}
	if hits[0].Matched != "blorp" || hits[0].Read != "" || hits[0].Key != "blorp" || hits[0].Surface != moderation.SurfaceContent {
		t.Errorf("the hit says %+v", hits[0])
	}
}

func TestAHitShowsWhatWasWrittenAndWhatItReadsAs(t *testing.T) {
	s := compile(t, Rule{Kind: Words, Spec: Spec{Words: []string{"free nitro"}}}, Rule{Kind: Links, Spec: Spec{Scams: true}})
	for text, want := range map[string][2]string{
		"get FR33  n\u200b1trö today":     {"FR33  n\u200b1trö", "free nitro"},
		"see 1000-rewards[.]xyz/a now":    {"1000-rewards[.]xyz/a", "1000-rewards.xyz"},
		"🎉 Ｆｒｅｅ nitro":                    {"Ｆｒｅｅ nitro", "free nitro"},
		"x " + "free nitro" + " " + clean: {"free nitro", ""},
	} {
		hits := s.Judge(message(text), nil)
		if len(hits) != 1 || hits[0].Matched != want[0] || hits[0].Read != want[1] {
			t.Errorf("%q: %+v, want %q", text, hits, want)
		}
	}
}

func TestExemptionsHold(t *testing.T) {
	for name, rule := range map[string]Rule{
		"words": {Kind: Words, Spec: Spec{Words: []string{"blorp"}}},
		"flood": {Kind: Flood, Spec: Spec{Most: 1, Within: time.Minute}},
	} {
		for exempt, edit := range map[string]func(*Rule){
			"nobody":  func(*Rule) {},
			"channel": func(r *Rule) { r.ExemptChannels = []snowflake.ChannelID{9, 5} },
			"role":    func(r *Rule) { r.ExemptRoles = []snowflake.RoleID{77} },
		} {
			r := rule
			edit(&r)
			s, memory := compile(t, r), NewMemory()
			hits := 0
			for i := range 3 {
				m := message("blorp")
				m.ID, m.Roles = snowflake.MessageID(i+1), []snowflake.RoleID{76, 77}
				hits += len(s.Judge(m, memory))
			}
			if (hits > 0) != (exempt == "nobody") {
				t.Errorf("%s, exempt: %s: %d hits", name, exempt, hits)
			}
		}
	}
}

// A rule that reads what is written leaves disguises alone.
func TestRawRulesReadWhatIsWritten(t *testing.T) {
	s := compile(t, Rule{Kind: Words, Raw: true, Spec: Spec{Words: []string{"blorp"}}},
		Rule{Kind: Regex, Raw: true, Spec: Spec{Pattern: `[A-Z]{3}-\d\x{200b}`}})
	for text, want := range map[string]int{"BLORP": 1, "bl0rp": 0, "blórp": 0, "bl\u200borp": 0, "ABC-1\u200b": 1, "abc-1\u200b": 0} {
		if hits := s.Judge(message(text), nil); len(hits) != want {
			t.Errorf("%q: %d hits, want %d", text, len(hits), want)
		}
	}
}

func TestOneBrokenRuleLeavesTheOthers(t *testing.T) {
	rules := []Rule{{Number: 1, Name: "a", Kind: Regex, Mode: Enforce, Severity: moderation.SeverityLow, Respond: RespondWarn,
		Spec: Spec{Pattern: "("}}, {Number: 2, Name: "b", Kind: Words, Mode: Enforce, Severity: moderation.SeverityLow,
		Respond: RespondWarn, Spec: Spec{Words: []string{"blorp"}}}}
	s, problems := Compile(42, rules, nil)
	if len(problems) != 1 || problems[0].Rule.Number != 1 || problems[0].Text == "" {
		t.Errorf("problems %+v", problems)
	}
	if got := numbers(s.Judge(message("blorp ("), nil)); !slices.Equal(got, []int64{2}) {
		t.Errorf("rules %v", got)
	}
}

func TestNewAccounts(t *testing.T) {
	s := compile(t, Rule{Kind: NewAccount, Spec: Spec{Age: 72 * time.Hour}})
	for age, want := range map[time.Duration]int{time.Hour: 1, 71 * time.Hour: 1, 73 * time.Hour: 0} {
		m := message("hello")
		m.Author = snowflake.At[snowflake.UserID](m.At.Add(-age), 0)
		if hits := s.Judge(m, nil); len(hits) != want {
			t.Errorf("an account %s old: %d hits", age, len(hits))
		}
	}
}

// Whatever is written, reading it ends, and tells places that are in the text.
func FuzzJudge(f *testing.F) {
	for _, text := range []string{"blorp", "[a](b)", "](", "\xff\xfe", "b\u0301", ".gg/", "a.com@b.com/](x", "🇧🇱", "1!1!1!1!1!1!1!1!1!1!1!",
		"﷽", "ﷺ.com", "[.][.][.]", strings.Repeat("a ", 500), "dot dot dot . . ."} {
		f.Add(text)
	}
	s := judge(f)
	f.Fuzz(func(t *testing.T, text string) {
		m := message(text)
		for _, surface := range []moderation.Surface{moderation.SurfaceAttachment, moderation.SurfaceName, moderation.SurfaceEmbed} {
			m.Texts = append(m.Texts, moderation.Text{Surface: surface, Value: text})
		}
		for _, hit := range s.Judge(m, NewMemory()) {
			whole := strings.TrimSuffix(hit.Matched, "…")
			if !strings.Contains(text, whole) && utf8.ValidString(text) {
				t.Errorf("%q was found in %q by %s, where it is not", hit.Matched, text, hit.Rule.Name)
			}
		}
	})
}
