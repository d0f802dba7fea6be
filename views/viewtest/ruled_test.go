package viewtest_test

import (
	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/internal/moderation/rule"
	"guildwatch/views/rules"
	"guildwatch/views/ui"
	"guildwatch/views/viewtest"
)

// ruled are the pages of a guild's rules.
func ruled() []state {
	var all []state
	for _, some := range [][]state{ruleLists(), ruleEditors(), ruleHistories(), ladders(), boxes(), nativeLists(), nativeEditors()} {
		all = append(all, some...)
	}
	return all
}

func ruleLists() []state {
	owners, seen, none := viewtest.Rules(viewtest.AllRights), viewtest.Rules(rules.May{}), viewtest.Rules(viewtest.AllRights)
	seen.Page.Role, seen.Page.Operator = access.Viewer, false
	none.List.Rows, none.Natives.Rows = nil, nil
	lonely := seen.List
	lonely.Rows = nil
	word, shadow := viewtest.WordRule(), viewtest.WordRule()
	shadow.Mode = rule.Shadow
	flood, _ := rule.TemplateOf("flooding")
	tried := viewtest.RulesTry()
	tried.Text, tried.New, tried.Surface = "b\u200bl0rp </textarea><script>", true, string(moderation.SurfaceName)
	tried.Verdict = viewtest.Verdict(tried.Text, word, flood.Rule)
	refused := viewtest.RulesTry()
	refused.Problem = "Write a message of 1 to 4 000 characters."
	unsaved := word
	unsaved.Number, unsaved.Respond, unsaved.Delete = 0, rule.RespondNothing, false
	return []state{
		{"rules.Page/owner", rules.Page(owners)},
		{"rules.Page/viewer", rules.Page(seen)},
		{"rules.Page/none", rules.Page(none)},
		{"rules.Current/rows", rules.Current(owners.List)},
		{"rules.Current/none", rules.Current(lonely)},
		{"rules.TryOut/start", rules.TryOut(viewtest.RulesTry())},
		{"rules.TryOut/hits", rules.TryOut(tried)},
		{"rules.TryOut/refused", rules.TryOut(refused)},
		{"rules.Verdict/none", rules.Verdict(viewtest.HarborID, viewtest.Verdict("fine", word), tried.Ladder)},
		{"rules.Verdict/shadow", rules.Verdict(viewtest.HarborID, viewtest.Verdict("blorp", shadow), tried.Ladder)},
		{"rules.Verdict/unsaved", rules.Verdict(viewtest.HarborID, viewtest.Verdict("BLORP", unsaved), tried.Ladder)},
	}
}

func ruleEditors() []state {
	owner, seen, fresh, late := viewtest.RuleEditor(viewtest.AllRights), viewtest.RuleEditor(rules.May{}),
		viewtest.RuleEditor(viewtest.AllRights), viewtest.RuleEditor(rules.May{Update: true})
	seen.Page.Role, seen.Page.Operator = access.Viewer, false
	seen.Row.Problem = "the expression took 41 ms for one message."
	fresh.Row.Rule = rule.Rule{}
	fresh.Form = viewtest.RuleForm(rule.Blank(rule.Regex))
	fresh.Form.Problem = "Nothing was saved."
	fresh.Form.Problems = map[rule.Field]string{rule.FieldName: "Give the rule a name of 1 to 80 characters.",
		rule.FieldPattern: "This regular expression cannot be used: it takes 41 ms.", rule.FieldMode: "Choose a mode."}
	before := viewtest.WordRule()
	before.Severity, before.Spec.Words = moderation.SeverityLow, []string{"grumble*", "<b>zonk</b>", "blorp"}
	now := viewtest.WordRule()
	late.Newer = &rules.Newer{By: viewtest.Person(31, "Mara Voss"), At: viewtest.Now,
		Changes: rules.Differences(&before, &now, viewtest.RuleNames())}
	late.Form.Sample, late.Verdict = "blorp", viewtest.Verdict("blorp", now)
	all := []state{
		{"rules.EditorPage/owner", rules.EditorPage(owner)},
		{"rules.EditorPage/viewer", rules.EditorPage(seen)},
		{"rules.EditorPage/new", rules.EditorPage(fresh)},
		{"rules.EditorPage/overtaken", rules.EditorPage(late)},
		{"rules.Now/owner", rules.Now(owner.Place, owner.Row, owner.Names)},
	}
	for _, kind := range rule.Kinds() {
		e := fresh
		e.Form = viewtest.RuleForm(rule.Blank(kind))
		all = append(all, state{"rules.FormOf/" + string(kind), rules.FormOf(e)})
	}
	return all
}

func ruleHistories() []state {
	seen := viewtest.RuleVersions(rules.May{})
	acting := viewtest.RuleShadow(rules.May{})
	acting.Row.Rule.Mode, acting.Hits = rule.Enforce, nil
	return []state{
		{"rules.VersionsPage/admin", rules.VersionsPage(viewtest.RuleVersions(viewtest.AllRights))},
		{"rules.VersionsPage/viewer", rules.VersionsPage(seen)},
		{"rules.Changes/some", rules.Changes(seen.Rows[0].Changes)},
		{"rules.ShadowPage/admin", rules.ShadowPage(viewtest.RuleShadow(viewtest.AllRights))},
		{"rules.ShadowPage/none", rules.ShadowPage(acting)},
	}
}

func ladders() []state {
	place := viewtest.RulesPlace(viewtest.AllRights)
	form := rules.FillLadder(ladder.Default())
	form.Was, form.Problem = "x", "Step 2: a timeout takes from one minute to 28 days."
	own := rules.Ladder{Steps: ladder.Ladder{{Kind: moderation.ActionWarn}, {Kind: moderation.ActionBan}}, Own: true,
		Alone: true}
	page := viewtest.GuildPart("Pixel Harbor", "/rules/ladder")
	return []state{
		{"rules.LadderPage/admin", rules.LadderPage(rules.LadderView{Page: page, Place: place, Ladder: own, Form: &form})},
		{"rules.LadderPage/viewer", rules.LadderPage(rules.LadderView{Page: page, Place: viewtest.RulesPlace(rules.May{}),
			Ladder: own})},
		{"rules.Steps/default", rules.Steps(place, rules.Ladder{Steps: ladder.Default()})},
		{"rules.EditLadder/problem", rules.EditLadder(place, form)},
	}
}

// boxes are the fields that came with the editor.
func boxes() []state {
	field := ui.Field{Name: "words", Label: "Words", Value: "\na </textarea>", Hint: "One to a line."}
	wrong := field
	wrong.Problem = "Too many."
	several := ui.Field{Name: "roles", Label: "Roles",
		Options: []ui.Option{{Value: "1", Label: "a\u202e\">"}, {Value: "2", Label: "b", Group: "B"}}}
	return []state{
		{"ui.Area/hint", ui.Area(field)},
		{"ui.Area/problem", ui.Area(wrong)},
		{"ui.Check/on", ui.Check(ui.Field{Name: "delete", Label: "Delete"}, true)},
		{"ui.Length/minutes", ui.Length(ui.Field{Name: "within", Label: "Within", Value: "5"}, "min",
			[]ui.Option{{Value: "s", Label: "seconds"}, {Value: "min", Label: "minutes"}})},
		{"ui.Several/some", ui.Several(several, []string{"2"})},
	}
}
