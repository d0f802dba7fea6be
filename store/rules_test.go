package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

func wordRule(words ...string) rule.Rule {
	return rule.Rule{Name: "No shouting", Kind: rule.Words, Mode: rule.Enforce, Severity: moderation.SeverityLow,
		Respond: rule.RespondWarn, Spec: rule.Spec{Words: words}}
}

func patternRule(pattern string) rule.Rule {
	r := wordRule()
	r.Kind, r.Spec = rule.Regex, rule.Spec{Pattern: pattern}
	return r
}

func saveRule(t *testing.T, s *store.Store, r rule.Rule) rule.Rule {
	t.Helper()
	saved, err := s.SaveRule(t.Context(), granted[access.UpdateRules](t, 1, 99), r, "")
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

// breaks says which rules a message breaks, by the compiled rules as they are kept.
func breaks(t *testing.T, s *store.Store, text string) (numbers []int64) {
	t.Helper()
	set, err := s.Rules(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, hit := range set.Judge(&rule.Message{Author: 5, At: noon,
		Texts: []moderation.Text{{Surface: moderation.SurfaceContent, Value: text}}}, nil) {
		numbers = append(numbers, hit.Rule.Number)
	}
	return numbers
}

func versions(t *testing.T, s *store.Store, number int64) (texts []string) {
	t.Helper()
	if err := s.Read(t.Context(), func(snapshot *store.Snapshot) {
		for _, v := range snapshot.RuleVersions(1, number) {
			texts = append(texts, fmt.Sprint(v.Version, " ", v.Spec.Words, " ", v.Mode, " ", v.By, " ", v.Note))
		}
	}); err != nil {
		t.Fatal(err)
	}
	return texts
}

// A rule goes through its life: each change is a version, holds from the next message on, stands in the audit log once,
// and is told of.
func TestARulesLife(t *testing.T) {
	s := storetest.New(t, atNoon)
	update, ctx := granted[access.UpdateRules](t, 1, 99), t.Context()
	check := func(r rule.Rule, err error, version int64, broken int) {
		t.Helper()
		if err != nil || r.Version != version || len(breaks(t, s, "a LOUD word")) != broken {
			t.Errorf("%+v, %v, broken %d times; want version %d, %d", r, err, len(breaks(t, s, "a LOUD word")), version, broken)
		}
	}
	if numbers := breaks(t, s, "a LOUD word"); numbers != nil {
		t.Fatalf("nobody's rules %v are broken", numbers)
	}
	first, err := s.SaveRule(ctx, update, wordRule("loud"), " the first ")
	check(first, err, 1, 1)
	same, err := s.SaveRule(ctx, update, first, "nothing has changed")
	check(same, err, 1, 1)
	quiet := first
	quiet.Spec.Words = []string{"quiet"}
	second, err := s.SaveRule(ctx, update, quiet, "")
	check(second, err, 2, 0)
	if _, err := s.SaveRule(ctx, update, quiet, ""); fault.Of(err) != fault.Conflict {
		t.Errorf("saving over a version that was not seen: %v", err)
	}
	third, err := s.RollBackRule(ctx, update, first.Number, 1)
	check(third, err, 3, 1)
	off, err := s.SetRuleMode(ctx, update, first.Number, rule.Off)
	check(off, err, 4, 0)
	on, err := s.SetRuleMode(ctx, update, first.Number, rule.Shadow)
	check(on, err, 5, 1)
	switched, system := false, access.OfSystem[access.UpdateRules](1)
	for _, version := range []int64{on.Version - 1, on.Version, on.Version} { // of another version, of this, once more
		done, err := s.SwitchRuleOff(ctx, system, first.Number, version, "It takes too long.")
		if now := ruleRow(t, s, first.Number); err != nil || done != (version == on.Version && now.Version == 6 && !switched) {
			t.Errorf("switching off version %d: %t, %v", version, done, err)
		}
		switched = switched || done
	}
	if row := ruleRow(t, s, first.Number); row.Mode != rule.Off || row.Problem != "It takes too long." || row.Version != 6 {
		t.Errorf("switched off, it is %+v", row)
	}
	back, err := s.SetRuleMode(ctx, update, first.Number, rule.Enforce)
	check(back, err, 7, 1)
	if row := ruleRow(t, s, first.Number); row.Problem != "" {
		t.Errorf("switched on again, it still has the problem %q", row.Problem)
	}
	want(t, versions(t, s, first.Number), "7 [loud] enforce 99 mode: enforce",
		"6 [loud] off 0 switched off by guildwatch", "5 [loud] shadow 99 mode: shadow", "4 [loud] off 99 mode: off",
		"3 [loud] enforce 99 rolled back to version 1", "2 [quiet] enforce 99 ", "1 [loud] enforce 99 the first")
	if err := s.DeleteRule(ctx, granted[access.DeleteRules](t, 1, 99), first.Number); err != nil {
		t.Fatal(err)
	}
	check(back, nil, 7, 0)
	if next := saveRule(t, s, wordRule("other")); next.Number != 2 {
		t.Errorf("the next rule has number %d", next.Number)
	}
	if n := len(lines(t, s)); n != 9 || lines(t, s)[0] != "config rules" || len(auditRows(t, s)) != 9 {
		t.Errorf("%d lines, %d audit rows: %q", n, len(auditRows(t, s)), lines(t, s))
	}
}

func ruleRow(t *testing.T, s *store.Store, number int64) (row store.RuleRow) {
	t.Helper()
	if err := s.Read(t.Context(), func(snapshot *store.Snapshot) { row, _ = snapshot.Rule(1, number) }); err != nil {
		t.Fatal(err)
	}
	return row
}

// What is refused says why, and changes nothing.
func TestRulesThatCannotBeSaved(t *testing.T) {
	s := storetest.New(t, atNoon)
	kept := saveRule(t, s, patternRule(`loud\d+`))
	foreign := kept
	foreign.Number = 2
	for what, c := range map[string]struct {
		rule rule.Rule
		kind fault.Kind
		says string
	}{
		"no words":            {wordRule(), fault.Invalid, "words"},
		"no name":             {rule.Rule{Kind: rule.Invites}, fault.Invalid, "name"},
		"a broken expression": {patternRule("(a"), fault.Invalid, "expression"},
		"a slow expression":   {patternRule(`(?:(?:\w+[.,;:!? ]?){2,9}\b.{0,9}){3,9}x\d{5}$`), fault.Invalid, "takes up to"},
		"one that is not":     {foreign, fault.NotFound, "no such rule"},
	} {
		_, err := s.SaveRule(t.Context(), granted[access.UpdateRules](t, 1, 99), c.rule, "")
		if fault.Of(err) != c.kind || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := s.SetRuleMode(t.Context(), granted[access.UpdateRules](t, 2, 99), 1, rule.Off); fault.Of(err) != fault.NotFound {
		t.Errorf("another guild's rule: %v", err)
	}
	if row := ruleRow(t, s, 1); row.Version != 1 || len(auditRows(t, s)) != 1 {
		t.Errorf("refusals left version %d and %d audit rows", row.Version, len(auditRows(t, s)))
	}
}

// A guild has at most 200 rules, 50 of them regular expressions; a change of one that is there is always allowed.
func TestAGuildsRulesAreLimited(t *testing.T) {
	s := storetest.New(t, atNoon)
	var last rule.Rule
	for i := range 50 {
		last = saveRule(t, s, patternRule(fmt.Sprintf("word%d", i)))
	}
	grant := granted[access.UpdateRules](t, 1, 99)
	if _, err := s.SaveRule(t.Context(), grant, patternRule("one too many"), ""); fault.Of(err) != fault.Invalid {
		t.Errorf("an expression too many: %v", err)
	}
	for i := range 150 {
		saveRule(t, s, wordRule(fmt.Sprintf("word%d", i)))
	}
	if _, err := s.SaveRule(t.Context(), grant, wordRule("one too many"), ""); fault.Of(err) != fault.Invalid {
		t.Errorf("a rule too many: %v", err)
	}
	last.Spec.Pattern = "changed"
	saveRule(t, s, last)
	if err := s.DeleteRule(t.Context(), granted[access.DeleteRules](t, 1, 99), 7); err != nil {
		t.Fatal(err)
	}
	saveRule(t, s, patternRule("room again"))
}

// A newer guildwatch may have written fields that this one does not know.
func TestUnknownFieldsOfARuleArePassedOver(t *testing.T) {
	dir := t.TempDir()
	s, err := storetest.Open(dir, atNoon)
	if err != nil {
		t.Fatal(err)
	}
	saveRule(t, s, wordRule("loud"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	storetest.Tamper(t, dir, `UPDATE rules SET body = json_set(body, '$.Mood', 'grim', '$.Spec.smell', 3)`)
	if s, err = storetest.Open(filepath.Clean(dir), atNoon); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if numbers := breaks(t, s, "loud"); len(numbers) != 1 {
		t.Errorf("the rule does not hold: %v", numbers)
	}
}

// Once they are compiled, rules cost no query, in a guild without any too.
func TestKeptRulesCostNoQuery(t *testing.T) {
	s := storetest.New(t, atNoon)
	saveRule(t, s, wordRule("loud"))
	first, err := s.Rules(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if allocs := testing.AllocsPerRun(100, func() {
		if again, err := s.Rules(context.Background(), 1); err != nil || again != first {
			t.Fatal("the rules were compiled anew", err)
		}
	}); allocs > 0 {
		t.Errorf("kept rules cost %v allocations", allocs)
	}
}
