package analytics

import (
	"fmt"

	"guildwatch/internal/stats"
	"guildwatch/views/ui"
)

var momentIcons = map[stats.MomentKind]string{
	stats.MomentBurst: "shield-alert", stats.MomentRaid: "users", stats.MomentChange: "settings-2",
	stats.MomentGap: "history", stats.MomentOutage: "unplug",
}

// deeds are what somebody did to rules and settings.
var deeds = map[string]string{
	"rule.saved": "saved the rule", "rule.mode": "switched the rule", "rule.rolled_back": "rolled back the rule",
	"rule.deleted": "deleted the rule", "rule.switched_off": "switched off the rule", "ladder.changed": "changed the ladder",
	"settings.changed": "changed the settings", "retention.changed": "changed how long texts are kept",
	"native_rule.made": "made an AutoMod rule", "native_rule.changed": "changed an AutoMod rule",
	"native_rule.deleted": "deleted an AutoMod rule", "native_severities.changed": "changed how severe AutoMod hits are",
	"raid.preset": "changed what counts as a raid", "raid.expected": "said that many would join", "role.assigned": "gave somebody a role here",
	"schedule.changed": "changed the reports", "destination.added": "added a place for reports",
	"destination.changed": "changed a place for reports", "destination.removed": "removed a place for reports",
}

func deed(m stats.Moment) string {
	if text, ok := deeds[m.Action]; ok {
		return text
	}
	return "changed something"
}

// whom says who changed something.
func whom(m stats.Moment) string {
	if m.By.ID == 0 {
		return "guildwatch"
	}
	return m.By.Name
}

// lasted is how long something was, in words.
func lasted(m stats.Moment) string {
	if m.Until.IsZero() {
		return "not over yet"
	}
	return "for " + ui.Span(m.Until.Sub(m.From))
}

// happened is a moment in a sentence, without who and when.
func happened(m stats.Moment) string {
	switch m.Kind {
	case stats.MomentBurst:
		return plural(m.Violations, "violation") + ", ten or more of them within five minutes"
	case stats.MomentRaid:
		return fmt.Sprintf("Raid mode, raid %d", m.Number)
	case stats.MomentGap:
		return "Events may have been missed: " + m.Target
	}
	return "Discord cannot reach this server"
}

// cut says that not all is listed.
var cut = fmt.Sprintf("Of each kind the newest %d are listed. Choose a shorter time to see the others.",
	stats.TimelineLength)

var nothingHappened = ui.Nothing{
	Icon: "circle-check", Title: "Nothing of note", Tone: ui.Good,
	Text: "Ten violations or more within five minutes, raids, changed rules and settings, and times in which events may have been missed are listed here.",
}
