package bot

import (
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// wireRule is an AutoMod rule; discordgo's has neither all triggers nor all of what they look for.
type wireRule struct {
	ID       id     `json:"id"`
	GuildID  id     `json:"guild_id"`
	Name     string `json:"name"`
	Trigger  int    `json:"trigger_type"`
	Enabled  bool   `json:"enabled"`
	Metadata struct {
		Keywords []string `json:"keyword_filter"`
		Patterns []string `json:"regex_patterns"`
		Presets  []int    `json:"presets"`
		Allow    []string `json:"allow_list"`
		Mentions int      `json:"mention_total_limit"`
		Raids    bool     `json:"mention_raid_protection_enabled"`
	} `json:"trigger_metadata"`
	Actions  []wireRuleAction `json:"actions"`
	Roles    []id             `json:"exempt_roles"`
	Channels []id             `json:"exempt_channels"`
}

type wireRuleAction struct {
	Type     int `json:"type"`
	Metadata struct {
		Channel id     `json:"channel_id,omitempty"`
		Seconds int64  `json:"duration_seconds,omitempty"`
		Message string `json:"custom_message,omitempty"`
	} `json:"metadata"`
}

// nativeTimeoutMost is Discord's longest timeout.
const nativeTimeoutMost = 28 * 24 * 3600

func (r *wireRule) rule() moderation.NativeRule {
	m := &r.Metadata
	spec := moderation.NativeSpec{Keywords: full(m.Keywords), Patterns: full(m.Patterns), Allow: full(m.Allow),
		Mentions: m.Mentions, Raids: m.Raids, ExemptRoles: sortedIDs[snowflake.RoleID](r.Roles),
		ExemptChannels: sortedIDs[snowflake.ChannelID](r.Channels)}
	for _, preset := range m.Presets {
		spec.Presets = append(spec.Presets, moderation.NativePreset(preset))
	}
	slices.Sort(spec.Presets)
	for _, a := range r.Actions {
		spec.Actions = append(spec.Actions, moderation.NativeAction{Kind: moderation.NativeActionKind(a.Type),
			Message: a.Metadata.Message, Channel: snowflake.ChannelID(a.Metadata.Channel),
			Timeout: time.Duration(min(max(a.Metadata.Seconds, 0), nativeTimeoutMost)) * time.Second})
	}
	slices.SortStableFunc(spec.Actions, func(a, b moderation.NativeAction) int { return int(a.Kind - b.Kind) })
	return moderation.NativeRule{ID: snowflake.RuleID(r.ID), Name: r.Name, Trigger: moderation.Trigger(r.Trigger),
		Enabled: r.Enabled, Spec: spec}
}

// full is nil for an empty list: a rule is the same rule whichever of the two Discord sends.
func full(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}

func sortedIDs[T snowflake.ID](ids []id) (list []T) {
	for _, n := range ids {
		if n != 0 {
			list = append(list, T(n))
		}
	}
	slices.Sort(list)
	return list
}

func (r *wireRule) event(at time.Time, deleted bool) moderation.NativeRuleSeen {
	rule := r.rule()
	return moderation.NativeRuleSeen{
		Origin: moderation.Origin{Guild: snowflake.GuildID(r.GuildID), At: at.UTC()}, Rule: rule.ID, Name: rule.Name,
		Trigger: rule.Trigger, Enabled: rule.Enabled, Deleted: deleted, Spec: &rule.Spec,
	}
}

// wireActions are actions as Discord takes them, each with what its type needs.
func wireActions(list []moderation.NativeAction) []map[string]any {
	out := make([]map[string]any, 0, len(list))
	for _, a := range list {
		metadata := map[string]any{}
		switch {
		case a.Kind == moderation.NativeBlock && a.Message != "":
			metadata["custom_message"] = a.Message
		case a.Kind == moderation.NativeAlert:
			metadata["channel_id"] = a.Channel
		case a.Kind == moderation.NativeTimeout:
			metadata["duration_seconds"] = int64(a.Timeout / time.Second)
		}
		out = append(out, map[string]any{"type": int(a.Kind), "metadata": metadata})
	}
	return out
}
