package native

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
)

func TestAKeywordMatchesWhereItsStarsSay(t *testing.T) {
	for _, c := range []struct{ keyword, text, want string }{
		{"cat", "a CAT sat", "CAT"}, {"cat", "concat", ""}, {"cat", "cat's", "cat"}, {"cat", "catalogue", ""},
		{"cat*", "Catapult", "Cat"}, {"cat*", "concat", ""}, {"*cat", "wildcat", "cat"}, {"*cat", "location", ""},
		{"*cat*", "location", "cat"}, {"the mat*", "the matrix", "the mat"}, {"*the mat*", "breathe matter", "the mat"},
		{"straße", "Die STRAßE hier", "STRAßE"}, {"*", "anything", ""}, {"cat", "кcat", ""}, {"cat", "", ""},
	} {
		got := ""
		if found := occurrences(c.text, c.keyword); len(found) > 0 {
			got = c.text[found[0].from:found[0].to]
		}
		if got != c.want {
			t.Errorf("%q in %q finds %q, want %q", c.keyword, c.text, got, c.want)
		}
	}
}

func TestATrialSaysWhatARuleWouldFind(t *testing.T) {
	r := moderation.NativeRule{Trigger: moderation.TriggerKeyword, Spec: moderation.NativeSpec{
		Keywords: []string{"*ana*"}, Patterns: []string{`fr[e3]e`, `(?x) only rust \u{41}`}, Allow: []string{"banana*"}}}
	if got := Try(&r, "two bananas"); len(got.Found) != 0 || !got.Known || len(got.Untried) != 1 {
		t.Errorf("what is allowed: %+v", got)
	}
	if got := Try(&r, "banana or ananas, fr3e"); len(got.Found) != 2 || got.Found[1].Matched != "fr3e" {
		t.Errorf("what is not: %+v", got)
	}
	m := moderation.NativeRule{Trigger: moderation.TriggerMentionSpam, Spec: moderation.NativeSpec{Mentions: 2}}
	if got := Try(&m, "<@1> <@!1> <@&2>"); len(got.Found) != 0 {
		t.Errorf("two people, one of them twice: %+v", got)
	}
	if got := Try(&m, "<@1> <@2> <@3>"); len(got.Found) != 1 || got.Found[0].Entry != "3 mentions" {
		t.Errorf("three: %+v", got)
	}
	if got := Try(&moderation.NativeRule{Trigger: moderation.TriggerSpam}, "x"); got.Known {
		t.Error("what Discord takes for spam, Discord alone knows")
	}
}

func TestFlawsAreDiscordsLimits(t *testing.T) {
	whole := moderation.NativeRule{Name: "Words", Trigger: moderation.TriggerKeyword, Spec: moderation.NativeSpec{
		Keywords: []string{strings.Repeat("ü", 60)}, Patterns: []string{strings.Repeat("x", 260)},
		Actions: []moderation.NativeAction{{Kind: moderation.NativeTimeout, Timeout: 28 * 24 * time.Hour},
			{Kind: moderation.NativeBlock, Message: strings.Repeat("ü", 150)}, {Kind: moderation.NativeAlert, Channel: 1}}}}
	if flaws := Flaws(&whole); len(flaws) != 0 {
		t.Fatalf("the largest that fits: %v", flaws)
	}
	for want, spoil := range map[Field]func(*moderation.NativeRule){
		FieldName:     func(r *moderation.NativeRule) { r.Name = "" },
		FieldKeywords: func(r *moderation.NativeRule) { r.Spec.Keywords = []string{strings.Repeat("ü", 61)} },
		FieldPatterns: func(r *moderation.NativeRule) { r.Spec.Patterns = make([]string, 11) },
		FieldAllow:    func(r *moderation.NativeRule) { r.Spec.Allow = strings.Split(strings.Repeat("x ", 101), " ") },
		FieldMentions: func(r *moderation.NativeRule) { r.Trigger, r.Spec.Mentions = moderation.TriggerMentionSpam, 51 },
		FieldPresets: func(r *moderation.NativeRule) {
			r.Trigger, r.Spec.Actions = moderation.TriggerKeywordPreset, r.Spec.Actions[1:]
		},
		FieldActions: func(r *moderation.NativeRule) { r.Spec.Actions = nil },
		FieldMessage: func(r *moderation.NativeRule) { r.Spec.Actions[1].Message += "x" },
		FieldAlert:   func(r *moderation.NativeRule) { r.Spec.Actions[2].Channel = 0 },
		FieldTimeout: func(r *moderation.NativeRule) {
			r.Trigger = moderation.TriggerSpam
		},
		FieldRoles:    func(r *moderation.NativeRule) { r.Spec.ExemptRoles = make([]snowflake.RoleID, 21) },
		FieldChannels: func(r *moderation.NativeRule) { r.Spec.ExemptChannels = make([]snowflake.ChannelID, 51) },
	} {
		r := whole
		r.Spec.Actions = append([]moderation.NativeAction{}, whole.Spec.Actions...)
		spoil(&r)
		if flaws := Flaws(&r); len(flaws) == 0 || flaws[0].Field != want {
			t.Errorf("%s: %v", want, flaws)
		}
	}
}

func TestExpressionsAreCarriedOnlyWhereBothDialectsAgree(t *testing.T) {
	for pattern, want := range map[string]string{
		`fre+ nitro`: `(?i)fre+ nitro`, `(?i)free`: `(?i)free`, `a{2,3}`: `(?i)a{2,3}`, `\p{Greek}\x{41}`: `(?i)\p{Greek}\x{41}`,
		`[[:alpha:]]+x`: `(?i)[[:alpha:]]+x`, `a\{b`: `(?i)a\{b`,
		`\Qa.b\E`: "", `\<b`: "", `\101x`: "", `[a-z&&b]`: "", `a{b`: "", `[[a]x`: "", `a\C`: "",
		strings.Repeat("x", 257): "",
	} {
		got, err := Carry(pattern, true)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s gives %s (%v), want %s", pattern, got, err, want)
		}
		if _, err := regexp.Compile(got); err != nil {
			t.Errorf("%s does not compile any more: %v", got, err)
		}
	}
	if got, err := Carry(`\\Q`, false); err != nil || got != `\\Q` {
		t.Errorf("a backslash before a Q: %s, %v", got, err)
	}
	if !wider(`\bx`) || wider(`\\bx`) {
		t.Error(`\b is Unicode's in Rust, and two backslashes are one`)
	}
}

// Whatever is promoted fits Discord's limits, and what cannot go is named.
func TestAPromotionFitsAndNamesWhatStays(t *testing.T) {
	long := append([]string{strings.Repeat("x", 61)}, make([]string, 1200)...)
	for i := range long[1:] {
		long[i+1] = "word" + strings.Repeat("z", i%40)
	}
	roles := make([]snowflake.RoleID, 25)
	for i := range roles {
		roles[i] = snowflake.RoleID(25 - i)
	}
	for name, c := range map[string]struct {
		rule    rule.Rule
		trigger moderation.Trigger
		stays   string
	}{
		"words": {rule.Rule{Kind: rule.Words, Respond: rule.RespondLadder, ExemptRoles: roles, Spec: rule.Spec{Words: long}},
			moderation.TriggerKeyword, "The last 200 words: a rule of Discord's has at most 1000."},
		"names": {rule.Rule{Kind: rule.Names, Spec: rule.Spec{Words: []string{"blorp"}}}, moderation.TriggerMemberProfile, "Disguises"},
		"regex": {rule.Rule{Kind: rule.Regex, Spec: rule.Spec{Pattern: `\bfr[e3]e`}}, moderation.TriggerKeyword, `The narrow reading`},
		"links": {rule.Rule{Kind: rule.Links, Spec: rule.Spec{Deny: []string{"evil.example"}, Scams: true, Masked: true,
			Allow: []string{"good.example"}}}, moderation.TriggerKeyword, "known scam domains"},
		"only scams": {rule.Rule{Kind: rule.Links, Spec: rule.Spec{Scams: true}}, 0, "known scam domains"},
		"invites": {rule.Rule{Kind: rule.Invites, Spec: rule.Spec{Allow: []string{"https://discord.gg/abc"}}},
			moderation.TriggerKeyword, "Disguised invitations"},
		"mentions": {rule.Rule{Kind: rule.Mentions, Respond: rule.RespondTimeout, Timeout: time.Hour,
			Spec: rule.Spec{Most: 60, Within: time.Minute}}, moderation.TriggerMentionSpam, "A limit of more than 50"},
		"flooding": {rule.Rule{Kind: rule.Flood}, 0, "nothing like it"},
		"foreign":  {rule.Rule{Kind: rule.Regex, Spec: rule.Spec{Pattern: `\Qx\E`}}, 0, `The expression: it has \Q and \E.`},
	} {
		c.rule.Name = "Rule"
		p := Promote(&c.rule)
		if p.Rule.Trigger != c.trigger || p.Possible() != (c.trigger != 0) {
			t.Errorf("%s becomes %v", name, p.Rule.Trigger)
		}
		if flaws := Flaws(&p.Rule); p.Possible() && len(flaws) != 0 {
			t.Errorf("%s: Discord refuses %v", name, flaws)
		}
		if !strings.Contains(strings.Join(p.Stays, "\n"), c.stays) {
			t.Errorf("%s: %q does not say %q", name, p.Stays, c.stays)
		}
	}
}

// A promoted list finds what the rule finds, where nothing is disguised.
func TestPromotedWordsFindTheSameWords(t *testing.T) {
	own := rule.Rule{Name: "Words", Number: 1, Version: 1, Kind: rule.Words, Mode: rule.Enforce, Respond: rule.RespondNothing,
		Severity: moderation.SeverityLow, Raw: true, Spec: rule.Spec{Words: []string{"blorp", "flim*", "*flam"}}}
	set, problems := rule.Compile(1, []rule.Rule{own}, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	p := Promote(&own)
	for _, text := range []string{"a blorp", "blorps", "BLORP!", "flimsy", "aflim", "xflam", "flame", "nothing"} {
		hits := set.Try(rule.Sample{Text: text, Surface: moderation.SurfaceContent, Age: time.Hour}, time.Now()).Hits
		if found := Try(&p.Rule, text).Found; (len(found) > 0) != (len(hits) > 0) {
			t.Errorf("%q: Discord finds %v, guildwatch %v", text, found, hits)
		}
	}
}
