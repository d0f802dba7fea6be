package handlers

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// nativeAnswer is one of Discord's own AutoMod rules. looks_for is null while Discord has not told it.
type nativeAnswer struct {
	ID       snowflake.RuleID      `json:"id"`
	Name     string                `json:"name"`
	Trigger  string                `json:"trigger"`
	Enabled  bool                  `json:"enabled"`
	Looks    *nativeLooks          `json:"looks_for"`
	Actions  []nativeActionAnswer  `json:"actions"`
	Channels []snowflake.ChannelID `json:"exempt_channels"`
	Roles    []snowflake.RoleID    `json:"exempt_roles"`
	Week     countsAnswer          `json:"last_7_days"`
}

// nativeLooks is what a native rule looks for: the keys that its trigger reads, and no others. Presets are Discord's
// numbers.
type nativeLooks struct {
	Keywords []string                  `json:"keywords,omitempty"`
	Patterns []string                  `json:"patterns,omitempty"`
	Presets  []moderation.NativePreset `json:"presets,omitempty"`
	Allow    []string                  `json:"allow,omitempty"`
	Mentions int                       `json:"mentions,omitempty"`
	Raids    bool                      `json:"mention_raids,omitempty"`
}

// nativeActionAnswer is one thing that follows, by Discord's number; what an action of its type has not is null.
type nativeActionAnswer struct {
	Type    moderation.NativeActionKind `json:"type"`
	Message *string                     `json:"custom_message"`
	Channel *snowflake.ChannelID        `json:"channel_id"`
	Timeout *int64                      `json:"timeout_seconds"`
}

func nativeAnswerOf(seen moderation.NativeRuleSeen, week store.RuleCounts) nativeAnswer {
	r, known := seen.Definition()
	s := &r.Spec
	answer := nativeAnswer{ID: r.ID, Name: r.Name, Trigger: r.Trigger.String(), Enabled: r.Enabled,
		Actions: []nativeActionAnswer{}, Channels: append([]snowflake.ChannelID{}, s.ExemptChannels...),
		Roles: append([]snowflake.RoleID{}, s.ExemptRoles...), Week: countsAnswer(week)}
	if known {
		answer.Looks = &nativeLooks{s.Keywords, s.Patterns, s.Presets, s.Allow, s.Mentions, s.Raids}
	}
	for _, a := range s.Actions {
		action := nativeActionAnswer{Type: a.Kind}
		if a.Message != "" {
			action.Message = &a.Message
		}
		if a.Channel != 0 {
			action.Channel = &a.Channel
		}
		if a.Timeout > 0 {
			whole := int64(a.Timeout / time.Second)
			action.Timeout = &whole
		}
		answer.Actions = append(answer.Actions, action)
	}
	return answer
}
