package moderation

import (
	"time"

	"guildwatch/internal/snowflake"
)

// NativeRule is one of Discord's own AutoMod rules. Discord enforces it, before a message is posted.
type NativeRule struct {
	ID      snowflake.RuleID // 0: Discord has not given one yet
	Name    string
	Trigger Trigger
	Enabled bool
	Spec    NativeSpec
}

// NativeSpec is what a native rule looks for, what follows, and whom it leaves alone. Each trigger reads its own fields.
type NativeSpec struct {
	Keywords []string       `json:"keywords,omitempty"` // TriggerKeyword, TriggerMemberProfile: a star at an end stands for anything
	Patterns []string       `json:"patterns,omitempty"` // the same: regular expressions in Rust's dialect
	Presets  []NativePreset `json:"presets,omitempty"`  // TriggerKeywordPreset
	Allow    []string       `json:"allow,omitempty"`    // what is fine nevertheless, written like keywords
	Mentions int            `json:"mentions,omitempty"` // TriggerMentionSpam: how many are still fine
	Raids    bool           `json:"raids,omitempty"`    // TriggerMentionSpam: Discord also looks for waves of mentions

	Actions        []NativeAction        `json:"actions,omitempty"`
	ExemptRoles    []snowflake.RoleID    `json:"exempt_roles,omitempty"`    // in ascending order
	ExemptChannels []snowflake.ChannelID `json:"exempt_channels,omitempty"` // in ascending order
}

// NativePreset is a word list that Discord keeps, by its number.
type NativePreset int

// The word lists.
const (
	PresetProfanity NativePreset = 1
	PresetSexual    NativePreset = 2
	PresetSlurs     NativePreset = 3
)

// NativePresets lists every word list in the order of the editor.
func NativePresets() []NativePreset {
	return []NativePreset{PresetProfanity, PresetSexual, PresetSlurs}
}

// NativeActionKind is what a native rule does, by Discord's number.
type NativeActionKind int

// What native rules do.
const (
	NativeBlock   NativeActionKind = 1 // the message is not posted
	NativeAlert   NativeActionKind = 2 // a channel is told
	NativeTimeout NativeActionKind = 3
	NativeMute    NativeActionKind = 4 // the member can neither write nor speak until the profile is changed
)

// NativeAction is one thing that follows when a native rule is broken.
type NativeAction struct {
	Kind    NativeActionKind    `json:"kind"`
	Message string              `json:"message,omitempty"` // of a block: what the member is told
	Channel snowflake.ChannelID `json:"channel,omitempty"` // of an alert
	Timeout time.Duration       `json:"timeout,omitempty"`
}

// Action finds what a rule does of a kind.
func (s *NativeSpec) Action(kind NativeActionKind) (NativeAction, bool) {
	for _, a := range s.Actions {
		if a.Kind == kind {
			return a, true
		}
	}
	return NativeAction{}, false
}

// Definition is the rule that was seen; false when only its name is known.
func (e NativeRuleSeen) Definition() (NativeRule, bool) {
	r := NativeRule{ID: e.Rule, Name: e.Name, Trigger: e.Trigger, Enabled: e.Enabled}
	if e.Spec != nil {
		r.Spec = *e.Spec
	}
	return r, e.Spec != nil
}

// NativeCatch is what a native rule catches, as far as severities tell it apart.
type NativeCatch string

// The catches.
const (
	CatchKeyword   NativeCatch = "keyword"
	CatchSpam      NativeCatch = "spam"
	CatchProfanity NativeCatch = "profanity"
	CatchSexual    NativeCatch = "sexual"
	CatchSlurs     NativeCatch = "slurs"
	CatchMentions  NativeCatch = "mentions"
	CatchProfile   NativeCatch = "profile"
)

// NativeCatches lists every catch in the order of the table that guilds edit.
func NativeCatches() []NativeCatch {
	return []NativeCatch{CatchKeyword, CatchSpam, CatchMentions, CatchProfanity, CatchSexual, CatchSlurs, CatchProfile}
}

// NativeSeverities says how severe a hit of a native rule is. What is not in it has the severity of DefaultSeverities.
type NativeSeverities map[NativeCatch]Severity

// DefaultSeverities is the table that a guild begins with, with every catch in it.
func DefaultSeverities() NativeSeverities {
	return NativeSeverities{CatchKeyword: SeverityMedium, CatchSpam: SeverityMedium, CatchMentions: SeverityHigh,
		CatchProfanity: SeverityLow, CatchSexual: SeverityMedium, CatchSlurs: SeverityHigh, CatchProfile: SeverityMedium}
}

// Of is the severity of a catch.
func (n NativeSeverities) Of(catch NativeCatch) Severity {
	if s, ok := n[catch]; ok {
		return s
	}
	if s, ok := DefaultSeverities()[catch]; ok {
		return s
	}
	return SeverityMedium
}

// CatchOf is what a rule with a trigger catches. Discord does not say which of a rule's word lists was hit, so one with
// several counts as the first of them, which is the mildest; spec may be nil.
func CatchOf(trigger Trigger, spec *NativeSpec) NativeCatch {
	switch trigger {
	case TriggerSpam:
		return CatchSpam
	case TriggerMentionSpam:
		return CatchMentions
	case TriggerMemberProfile:
		return CatchProfile
	case TriggerKeywordPreset:
		mildest := PresetSlurs
		if spec == nil || len(spec.Presets) == 0 {
			return CatchProfanity
		}
		for _, preset := range spec.Presets {
			mildest = min(mildest, preset)
		}
		switch mildest {
		case PresetSexual:
			return CatchSexual
		case PresetSlurs:
			return CatchSlurs
		}
		return CatchProfanity
	}
	return CatchKeyword
}
