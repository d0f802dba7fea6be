package handlers

import (
	"slices"
	"strconv"
	"strings"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/native"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/views/rules"
)

// filledNative is a form of one of Discord's own rules as it was sent: what comes back to its author.
func (p posted) filledNative(id snowflake.RuleID, trigger moderation.Trigger) rules.NativeForm {
	text := func(field native.Field) string { return p.text(rule.Field(field)) }
	f := rules.NativeForm{ID: id, Trigger: trigger, Seen: p.Get("seen"), Name: text(native.FieldName), Enabled: p.on("enabled"),
		Keywords: text(native.FieldKeywords), Patterns: text(native.FieldPatterns), Allow: text(native.FieldAllow),
		Presets: p.Values[string(native.FieldPresets)], Mentions: text(native.FieldMentions), Raids: p.on("raids"),
		Block: p.on("block"), Mute: p.on("mute"), TimesOut: p.on("times_out"), Message: text(native.FieldMessage),
		Alert: text(native.FieldAlert), Timeout: p.span(rule.Field(native.FieldTimeout)),
		ExemptRoles: p.Values[string(native.FieldRoles)], ExemptChannels: p.Values[string(native.FieldChannels)],
		Sample: strings.TrimSpace(p.Get("sample")), Problems: map[native.Field]string{}}
	f.Own, _ = strconv.ParseInt(p.Get("own"), 10, 64) // of none there is none
	return f
}

// nativeDraft is the rule that a form describes, over the rule as it is: what guildwatch does not know of stays.
func (p posted) nativeDraft(f *rules.NativeForm, was moderation.NativeRule) moderation.NativeRule {
	list := func(field native.Field) []string { return p.list(rule.Field(field), lines) }
	r := moderation.NativeRule{ID: was.ID, Name: f.Name, Trigger: f.Trigger, Enabled: f.Enabled}
	s := &r.Spec
	switch f.Trigger {
	case moderation.TriggerKeyword, moderation.TriggerMemberProfile:
		s.Keywords, s.Patterns, s.Allow = list(native.FieldKeywords), list(native.FieldPatterns), list(native.FieldAllow)
	case moderation.TriggerKeywordPreset:
		for _, text := range f.Presets {
			if n, err := strconv.Atoi(text); err == nil && slices.Contains(moderation.NativePresets(), moderation.NativePreset(n)) {
				s.Presets = append(s.Presets, moderation.NativePreset(n))
			}
		}
		slices.Sort(s.Presets)
		s.Allow = list(native.FieldAllow)
	case moderation.TriggerMentionSpam:
		s.Mentions, s.Raids = whole(f.Mentions), f.Raids
	}
	s.Actions = nativeActions(f, was.Spec.Actions)
	return r
}

// nativeActions are the actions that a form describes, in Discord's order.
func nativeActions(f *rules.NativeForm, was []moderation.NativeAction) (list []moderation.NativeAction) {
	does := native.Does(f.Trigger)
	add := func(on bool, a moderation.NativeAction) {
		if on && slices.Contains(does, a.Kind) {
			list = append(list, a)
		}
	}
	channel, _ := snowflake.Parse[snowflake.ChannelID](f.Alert)
	add(f.Block, moderation.NativeAction{Kind: moderation.NativeBlock, Message: f.Message})
	add(f.Alert != "", moderation.NativeAction{Kind: moderation.NativeAlert, Channel: channel})
	add(f.TimesOut, moderation.NativeAction{Kind: moderation.NativeTimeout, Timeout: length(f.Timeout)})
	add(f.Mute, moderation.NativeAction{Kind: moderation.NativeMute})
	for _, a := range was {
		if !slices.Contains(does, a.Kind) {
			list = append(list, a)
		}
	}
	return list
}

// exemptNative puts the exempt channels and roles of a form into a rule, and looks at the channel that is told. ok is false
// when one is none of the guild's; those that are gone may stay where they were.
func (r *rulesRead) exemptNative(to *moderation.NativeRule, f *rules.NativeForm, was *moderation.NativeRule) (ok bool) {
	own := rule.Rule{}
	before := rule.Rule{ExemptChannels: was.Spec.ExemptChannels, ExemptRoles: was.Spec.ExemptRoles}
	if !r.exempt(&own, &rules.Form{ExemptChannels: f.ExemptChannels, ExemptRoles: f.ExemptRoles}, &before) {
		return false
	}
	slices.Sort(own.ExemptChannels)
	slices.Sort(own.ExemptRoles)
	to.Spec.ExemptChannels, to.Spec.ExemptRoles = slices.Compact(own.ExemptChannels), slices.Compact(own.ExemptRoles)
	alert, told := to.Spec.Action(moderation.NativeAlert)
	earlier, _ := was.Spec.Action(moderation.NativeAlert)
	return !told || alert.Channel == earlier.Channel || r.hasChannel(alert.Channel)
}

// madeFrom is guildwatch's rule with a number; nil for none.
func (r *rulesRead) madeFrom(number string) *rule.Rule {
	n, err := strconv.ParseInt(number, 10, 64)
	row, there := r.row(n)
	if err != nil || !there {
		return nil
	}
	return &row.Rule
}

// promotion is the page of a rule that is about to be carried over.
func (r *rulesRead) promotion(own *rule.Rule, role access.Role) rules.NativeEditor {
	p := native.Promote(own)
	list := r.nativeList(role)
	for i, trigger := range native.Triggers() {
		if p.Possible() && trigger == p.Rule.Trigger && list.Room[i].Full() {
			p.Stays = append([]string{"All of it: Discord allows " + strconv.Itoa(list.Room[i].Most) + " of the kind " +
				trigger.String() + " in a server, and there are as many. Delete one first."}, p.Stays...)
			p.Moves, p.Rule = nil, moderation.NativeRule{}
		}
	}
	return rules.NativeEditor{Place: r.place(role), Own: own, Promotion: &p}
}
