package viewtest

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/native"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/views/rules"
)

// WordNative is one of Discord's own rules with names of users in it, and with what is gone.
func WordNative() moderation.NativeRule {
	return moderation.NativeRule{ID: 71, Name: "Block \u202e<b>spam</b>", Trigger: moderation.TriggerKeyword, Enabled: true,
		Spec: moderation.NativeSpec{
			Keywords: []string{"blorp*", "<b>zonk</b>", "free nitro"}, Patterns: []string{`(?i)fr[e3]e`, `[a-z&&[^b]]`},
			Allow: []string{"bloprus"},
			Actions: []moderation.NativeAction{{Kind: moderation.NativeBlock, Message: "Not here. </textarea><script>"},
				{Kind: moderation.NativeAlert, Channel: 11}, {Kind: moderation.NativeTimeout, Timeout: 90 * time.Minute}},
			ExemptRoles: []snowflake.RoleID{9}, ExemptChannels: []snowflake.ChannelID{11, 99_123_456}}}
}

// Natives is the list of Discord's own rules: on, off, not read yet.
func Natives(place rules.Place) rules.NativeList {
	lists := moderation.NativeRule{ID: 72, Name: "Profanity", Trigger: moderation.TriggerKeywordPreset, Spec: moderation.NativeSpec{
		Presets: moderation.NativePresets(), Actions: []moderation.NativeAction{{Kind: moderation.NativeBlock}}}}
	l := rules.NativeList{Place: place, Names: RuleNames(), Rows: []rules.Native{
		{Rule: WordNative(), Known: true, Week: rules.Hits{Counted: 31, False: 1}}, {Rule: lists, Known: true},
		{Rule: moderation.NativeRule{ID: 73, Name: "Suspected spam", Trigger: moderation.TriggerSpam, Enabled: true}}}}
	var triggers []moderation.Trigger
	for _, row := range l.Rows {
		triggers = append(triggers, row.Rule.Trigger)
	}
	l.Room = native.Room(triggers)
	return l
}

// NativeEditor is the page of a native rule for somebody who may do this with it.
func NativeEditor(r moderation.NativeRule, may rules.May) rules.NativeEditor {
	e := rules.NativeEditor{Page: GuildPart("Pixel Harbor", "/rules/native/71"), Place: RulesPlace(may), Names: RuleNames()}
	if r.ID != 0 {
		e.Now = rules.Native{Rule: r, Known: true, Week: rules.Hits{Counted: 31}}
	}
	if may.Update {
		form := rules.FillNative(&r)
		shared := RuleForm(WordRule())
		form.Channels, form.Roles = shared.Channels, shared.Roles
		e.Form = &form
	}
	return e
}

// Promoted is the page of a rule of guildwatch's that is about to be carried over.
func Promoted(own rule.Rule) rules.NativeEditor {
	p := native.Promote(&own)
	e := NativeEditor(p.Rule, AllRights)
	e.Own, e.Promotion = &own, &p
	if !p.Possible() {
		e.Form = nil
	}
	return e
}
