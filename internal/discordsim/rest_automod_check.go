package discordsim

import (
	"encoding/json"
	"regexp"
	"strconv"
	"unicode/utf8"
)

// Discord's limits of AutoMod rules, in characters and entries.
const (
	keywordRules      = 6 // of each other trigger there may be one
	keywordsMost      = 1000
	keywordLength     = 60
	patternsMost      = 10
	patternLength     = 260
	allowedMost       = 100
	allowedPresetMost = 1000
	mentionsMost      = 50
	customMessageMost = 150
	ruleTimeoutMost   = 28 * 24 * 3600 // seconds
	exemptRolesMost   = 20
	exemptPlacesMost  = 50
)

// ruleMetadata is what a rule looks for, by its trigger.
type ruleMetadata struct {
	Keywords []string `json:"keyword_filter"`
	Patterns []string `json:"regex_patterns"`
	Presets  []int    `json:"presets"`
	Allow    []string `json:"allow_list"`
	Mentions *int     `json:"mention_total_limit"`
}

// wrongRule checks what Discord checks of a rule.
func (c *call) wrongRule(g *guild, rule *AutoModRule) *answer {
	var wrong answer
	same := 0
	for _, other := range g.rules {
		if other.Trigger == rule.Trigger && other.ID != rule.ID {
			same++
		}
	}
	switch {
	case rule.Name == "" || utf8.RuneCountInString(rule.Name) > 100:
		wrong = invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	case len(rule.Actions) == 0:
		wrong = invalid("actions", "BASE_TYPE_REQUIRED", "This field is required")
	case rule.Trigger == TriggerKeyword && same >= keywordRules, rule.Trigger != TriggerKeyword && same >= 1:
		wrong = invalid("trigger_type", "AUTO_MODERATION_MAX_RULES_OF_TYPE_EXCEEDED", "Max rules of this type exceeded.")
	case len(rule.ExemptRoles) > exemptRolesMost:
		wrong = crowded(exemptRolesMost, "exempt_roles")
	case len(rule.ExemptChannels) > exemptPlacesMost:
		wrong = crowded(exemptPlacesMost, "exempt_channels")
	default:
		if refused := c.wrongActions(g, rule); refused != nil {
			return refused
		}
		return rule.wrongMetadata()
	}
	return &wrong
}

func (c *call) wrongActions(g *guild, rule *AutoModRule) *answer {
	var wrong answer
	for i, a := range rule.Actions {
		at := []string{"actions", strconv.Itoa(i), "metadata"}
		switch {
		case a.Type == AutoModTimeout && rule.Trigger != TriggerKeyword && rule.Trigger != TriggerMentionSpam,
			a.Type == AutoModMute && rule.Trigger != TriggerMemberProfile,
			a.Type == AutoModBlock && rule.Trigger == TriggerMemberProfile, a.Type < AutoModBlock, a.Type > AutoModMute:
			wrong = invalid("actions", "AUTO_MODERATION_INVALID_ACTION_TYPE", "This action is not allowed for this trigger.")
		case a.Type == AutoModTimeout && g.permissions(c.sim.BotID())&PermissionModerateMembers == 0:
			wrong = missingPermissions()
		case a.Type == AutoModTimeout && a.Metadata.Seconds > ruleTimeoutMost:
			wrong = invalidAt(append(at, "duration_seconds"), "NUMBER_TYPE_MAX", "int value should be less than or equal to 2419200.")
		case a.Type == AutoModBlock && utf8.RuneCountInString(a.Metadata.Message) > customMessageMost:
			wrong = invalidAt(append(at, "custom_message"), "BASE_TYPE_MAX_LENGTH", "Must be 150 or fewer in length.")
		case a.Type == AutoModAlert && g.channels[a.Metadata.ChannelID] == nil:
			wrong = invalidAt(append(at, "channel_id"), "AUTO_MODERATION_INVALID_CHANNEL", "Channel does not exist.")
		default:
			continue
		}
		return &wrong
	}
	return nil
}

func (r *AutoModRule) wrongMetadata() *answer {
	var m ruleMetadata
	if json.Unmarshal(r.Metadata, &m) != nil {
		wrong := invalid("trigger_metadata", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		return &wrong
	}
	allowed := allowedMost
	if r.Trigger == TriggerPreset {
		allowed = allowedPresetMost
	}
	for _, list := range []struct {
		name         string
		entries      []string
		most, length int
	}{{"keyword_filter", m.Keywords, keywordsMost, keywordLength}, {"regex_patterns", m.Patterns, patternsMost, patternLength},
		{"allow_list", m.Allow, allowed, keywordLength}} {
		at := []string{"trigger_metadata", list.name}
		if len(list.entries) > list.most {
			wrong := crowded(list.most, at...)
			return &wrong
		}
		for i, entry := range list.entries {
			if n := utf8.RuneCountInString(entry); n == 0 || n > list.length {
				wrong := invalidAt(append(at, strconv.Itoa(i)), "BASE_TYPE_BAD_LENGTH",
					"Must be between 1 and "+strconv.Itoa(list.length)+" in length.")
				return &wrong
			}
			if _, err := regexp.Compile(entry); list.name == "regex_patterns" && err != nil {
				wrong := invalidAt(append(at, strconv.Itoa(i)), "REGEX_VALIDATION_ERROR", "Invalid regex pattern.")
				return &wrong
			}
		}
	}
	if m.Mentions != nil && r.Trigger == TriggerMentionSpam && (*m.Mentions < 0 || *m.Mentions > mentionsMost) {
		wrong := invalidAt([]string{"trigger_metadata", "mention_total_limit"}, "NUMBER_TYPE_MAX",
			"int value should be less than or equal to 50.")
		return &wrong
	}
	return nil
}
