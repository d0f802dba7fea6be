package bot

import (
	"context"
	"encoding/json"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// NativeRules reads a guild's AutoMod rules. Its errors, like those of the calls below, are of kind *fault.Error:
// Forbidden names the permission that is missing, Unprocessable says what Discord does not accept, NotFound is a rule
// that is gone.
func (b *Bot) NativeRules(ctx context.Context, guild snowflake.GuildID) ([]moderation.NativeRule, error) {
	if err := b.mayNative(guild, nil); err != nil {
		return nil, err
	}
	rules, err := b.rest.nativeRules(ctx, guild)
	if err != nil {
		return nil, nativeRefused(err)
	}
	list := make([]moderation.NativeRule, 0, len(rules))
	for i := range rules {
		if rules[i].ID != 0 {
			list = append(list, rules[i].rule())
		}
	}
	return list, nil
}

// NativeRule reads one of a guild's AutoMod rules as it is now.
func (b *Bot) NativeRule(
	ctx context.Context, guild snowflake.GuildID, rule snowflake.RuleID,
) (moderation.NativeRule, error) {
	if err := b.mayNative(guild, nil); err != nil {
		return moderation.NativeRule{}, err
	}
	data, err := b.rest.raw(ctx, nativePath(guild, rule))
	return ruleAnswered(data, err)
}

// MakeNativeRule makes an AutoMod rule and answers it as Discord has it. The reason is for the guild's audit log.
func (b *Bot) MakeNativeRule(
	ctx context.Context, guild snowflake.GuildID, rule moderation.NativeRule, reason string,
) (moderation.NativeRule, error) {
	if err := b.mayNative(guild, &rule.Spec); err != nil {
		return moderation.NativeRule{}, err
	}
	data, err := b.rest.changed(ctx, "POST", nativePath(guild, 0), nativeBody(nil, &rule), reason)
	return ruleAnswered(data, err)
}

// ChangeNativeRule turns a rule from what it is into what it is to be, and answers it as Discord has it. Only what differs
// is sent: what guildwatch does not know of stays.
func (b *Bot) ChangeNativeRule(
	ctx context.Context, guild snowflake.GuildID, from, to moderation.NativeRule, reason string,
) (moderation.NativeRule, error) {
	if err := b.mayNative(guild, &to.Spec); err != nil {
		return moderation.NativeRule{}, err
	}
	data, err := b.rest.changed(ctx, "PATCH", nativePath(guild, from.ID), nativeBody(&from, &to), reason)
	return ruleAnswered(data, err)
}

// DeleteNativeRule deletes a rule. One that is gone already is deleted.
func (b *Bot) DeleteNativeRule(
	ctx context.Context, guild snowflake.GuildID, rule snowflake.RuleID, reason string,
) error {
	if err := b.mayNative(guild, nil); err != nil {
		return err
	}
	err := nativeRefused(b.rest.change(ctx, "DELETE", nativePath(guild, rule), nil, reason))
	if fault.Of(err) == fault.NotFound && codeOf(err) != 0 {
		return nil
	}
	return err
}

func nativePath(guild snowflake.GuildID, rule snowflake.RuleID) string {
	path := "guilds/" + guild.String() + "/auto-moderation/rules"
	if rule != 0 {
		path += "/" + rule.String()
	}
	return path
}

func (r *rest) nativeRules(ctx context.Context, guild snowflake.GuildID) (rules []wireRule, err error) {
	err = r.get(ctx, nativePath(guild, 0), &rules)
	for i := range rules {
		rules[i].GuildID = id(guild)
	}
	return rules, err
}

// ruleAnswered is the rule in an answer of Discord's.
func ruleAnswered(data []byte, err error) (moderation.NativeRule, error) {
	if err != nil {
		return moderation.NativeRule{}, nativeRefused(err)
	}
	var r wireRule
	if err := decode(data, &r); err != nil || r.ID == 0 {
		return moderation.NativeRule{}, fault.New(fault.Unavailable, "What answers in Discord's place does not know AutoMod.")
	}
	return r.rule(), nil
}

// nativeBody is what differs between two rules as Discord takes it; all of it for a new one.
func nativeBody(from, to *moderation.NativeRule) map[string]any {
	body := map[string]any{}
	differs := func(part func(*moderation.NativeRule) any) bool {
		if from == nil {
			return true
		}
		a, _ := json.Marshal(part(from))
		b, _ := json.Marshal(part(to))
		return string(a) != string(b)
	}
	if from == nil {
		body["trigger_type"], body["event_type"] = int(to.Trigger), eventOf(to.Trigger)
	}
	if differs(func(r *moderation.NativeRule) any { return r.Name }) {
		body["name"] = to.Name
	}
	if differs(func(r *moderation.NativeRule) any { return r.Enabled }) {
		body["enabled"] = to.Enabled
	}
	if differs(func(r *moderation.NativeRule) any { return metadataOf(r) }) {
		body["trigger_metadata"] = metadataOf(to)
	}
	if differs(func(r *moderation.NativeRule) any { return r.Spec.Actions }) {
		body["actions"] = wireActions(to.Spec.Actions)
	}
	if differs(func(r *moderation.NativeRule) any { return r.Spec.ExemptRoles }) {
		body["exempt_roles"] = listed(to.Spec.ExemptRoles)
	}
	if differs(func(r *moderation.NativeRule) any { return r.Spec.ExemptChannels }) {
		body["exempt_channels"] = listed(to.Spec.ExemptChannels)
	}
	return body
}

// The events on which a native rule is checked.
const (
	nativeOnMessage = 1
	nativeOnProfile = 2
)

func eventOf(trigger moderation.Trigger) int {
	if trigger == moderation.TriggerMemberProfile {
		return nativeOnProfile
	}
	return nativeOnMessage
}

// metadataOf is what the trigger looks for; Discord refuses fields of another.
func metadataOf(r *moderation.NativeRule) map[string]any {
	s := &r.Spec
	switch r.Trigger {
	case moderation.TriggerKeyword, moderation.TriggerMemberProfile:
		return map[string]any{"keyword_filter": listed(s.Keywords), "regex_patterns": listed(s.Patterns),
			"allow_list": listed(s.Allow)}
	case moderation.TriggerKeywordPreset:
		return map[string]any{"presets": listed(s.Presets), "allow_list": listed(s.Allow)}
	case moderation.TriggerMentionSpam:
		return map[string]any{"mention_total_limit": s.Mentions, "mention_raid_protection_enabled": s.Raids}
	}
	return map[string]any{}
}

// listed is a list that is never null on the wire.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
