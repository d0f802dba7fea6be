package viewtest_test

import (
	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/native"
	"guildwatch/internal/moderation/rule"
	"guildwatch/views/rules"
	"guildwatch/views/viewtest"
)

func nativeLists() []state {
	owner, seen := viewtest.Natives(viewtest.RulesPlace(viewtest.AllRights)), viewtest.Natives(viewtest.RulesPlace(rules.May{}))
	empty, full := owner, owner
	empty.Rows = nil
	full.Room = nil
	for _, trigger := range native.Triggers() {
		full.Room = append(full.Room, native.Limit{Name: trigger.String(), Used: native.Most(trigger), Most: native.Most(trigger)})
	}
	return []state{
		{"rules.NativeRules/owner", rules.NativeRules(owner)},
		{"rules.NativeRules/viewer", rules.NativeRules(seen)},
		{"rules.NativeRules/none", rules.NativeRules(empty)},
		{"rules.NativeRules/full", rules.NativeRules(full)},
		{"rules.SeveritiesPage/owner", rules.SeveritiesPage(severities(viewtest.AllRights, "Somebody was faster."))},
		{"rules.SeveritiesPage/viewer", rules.SeveritiesPage(severities(rules.May{}, ""))},
	}
}

func severities(may rules.May, problem string) rules.NativeTable {
	return rules.NativeTable{Page: viewtest.GuildPart("Pixel Harbor", "/rules/severities"), Place: viewtest.RulesPlace(may),
		Table: moderation.NativeSeverities{moderation.CatchSpam: moderation.SeverityCritical}, Was: `{"spam":"low"}`, Problem: problem}
}

func nativeEditors() []state {
	word := viewtest.WordNative()
	owner, seen := viewtest.NativeEditor(word, viewtest.AllRights), viewtest.NativeEditor(word, rules.May{})
	seen.Page.Role, seen.Page.Operator = access.Viewer, false
	unread := viewtest.NativeEditor(word, viewtest.AllRights)
	unread.Now.Known, unread.Form = false, nil
	late := viewtest.NativeEditor(word, rules.May{Update: true})
	late.Form.Problem = "Somebody was faster."
	changed := word
	changed.Enabled, changed.Spec.Keywords = false, []string{"blorp*", "new"}
	late.Newer = rules.NativeDifferences(&word, &changed, viewtest.RuleNames())
	refused := viewtest.NativeEditor(moderation.NativeRule{Trigger: moderation.TriggerMentionSpam}, viewtest.AllRights)
	refused.Form.Problem = "Nothing was saved. guildwatch lacks the permission Manage Server."
	for _, flaw := range native.Flaws(&moderation.NativeRule{Trigger: moderation.TriggerMentionSpam}) {
		refused.Form.Problems[flaw.Field] = flaw.Text
	}
	lists := viewtest.NativeEditor(moderation.NativeRule{Trigger: moderation.TriggerKeywordPreset,
		Spec: moderation.NativeSpec{Presets: moderation.NativePresets()}}, viewtest.AllRights)
	names := viewtest.NativeEditor(moderation.NativeRule{ID: 74, Name: "Names", Trigger: moderation.TriggerMemberProfile,
		Spec: moderation.NativeSpec{Actions: []moderation.NativeAction{{Kind: moderation.NativeMute}, {Kind: 9}}}}, viewtest.AllRights)
	tried := viewtest.NativeEditor(word, viewtest.AllRights)
	tried.Form.Sample = "a BLORPS </textarea>"
	trial := native.Try(&word, tried.Form.Sample)
	tried.Trial = &trial
	nothing := native.Try(&moderation.NativeRule{Trigger: moderation.TriggerKeyword}, "fine")
	own := viewtest.WordRule()
	made := viewtest.NativeEditor(word, viewtest.AllRights)
	made.Own = &own
	flood, _ := rule.TemplateOf("flooding")
	flood.Rule.Number = 4
	return []state{
		{"rules.NativePage/owner", rules.NativePage(owner)},
		{"rules.NativePage/viewer", rules.NativePage(seen)},
		{"rules.NativePage/unread", rules.NativePage(unread)},
		{"rules.NativePage/late", rules.NativePage(late)},
		{"rules.NativePage/refused", rules.NativePage(refused)},
		{"rules.NativePage/lists", rules.NativePage(lists)},
		{"rules.NativePage/names", rules.NativePage(names)},
		{"rules.NativePage/tried", rules.NativePage(tried)},
		{"rules.NativePage/made", rules.NativePage(made)},
		{"rules.NativePage/promote", rules.NativePage(viewtest.Promoted(own))},
		{"rules.NativePage/impossible", rules.NativePage(viewtest.Promoted(flood.Rule))},
		{"rules.NativeFormOf/words", rules.NativeFormOf(owner.Place, owner.Form)},
		{"rules.NativeVerdict/nothing", rules.NativeVerdict(&nothing)},
	}
}
