package rules

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// triggers has every trigger of Discord's; the one place where they are put into words.
var triggers = map[moderation.Trigger]struct{ icon, about string }{
	moderation.TriggerKeyword:       {"message-square", "Words and expressions of your own, in messages."},
	moderation.TriggerSpam:          {"refresh-cw", "What Discord takes for spam."},
	moderation.TriggerKeywordPreset: {"list-checks", "Word lists that Discord keeps: swearing, sexual content, slurs."},
	moderation.TriggerMentionSpam:   {"users", "Too many people and roles mentioned in one message."},
	moderation.TriggerMemberProfile: {"user-x", "Words and expressions of your own, in names and profiles."},
}

func triggerIcon(t moderation.Trigger) string {
	if w, ok := triggers[t]; ok {
		return w.icon
	}
	return "bot"
}

func triggerAbout(t moderation.Trigger) string { return triggers[t].about }

// catchName is what a native rule catches, in words.
func catchName(c moderation.NativeCatch) string {
	switch c {
	case moderation.CatchKeyword:
		return "Keywords"
	case moderation.CatchSpam:
		return "Spam"
	case moderation.CatchMentions:
		return "Mention spam"
	case moderation.CatchProfanity:
		return "Discord's list: swearing"
	case moderation.CatchSexual:
		return "Discord's list: sexual content"
	case moderation.CatchSlurs:
		return "Discord's list: slurs and insults"
	case moderation.CatchProfile:
		return "Member profiles"
	}
	return string(c)
}

// nativeViolations is the list of what one of Discord's rules found.
func (p Place) nativeViolations(id snowflake.RuleID) string {
	return "/g/" + snowflake.String(p.Guild) + "/violations?rule=automod%3A" + snowflake.String(id)
}

func onWord(on bool) string {
	if on {
		return "yes"
	}
	return "no"
}
