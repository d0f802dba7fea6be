package guild

import (
	"guildwatch/internal/stats"
	"guildwatch/views/period"
	"guildwatch/views/ui"
)

// What the panels say while they have nothing to show.

// noTargetsOf is why nobody is listed as acted on.
func noTargetsOf(d stats.Guild) ui.Nothing {
	if d.TooMany != "" {
		return ui.Nothing{Icon: "users", Title: "Not counted", Tone: ui.Neutral,
			Text: "Whom most was done to is not counted in this time: " + d.TooMany + "."}
	}
	return period.Nothing(d.NoRows, noTargets)
}

var noActivity = ui.Nothing{
	Icon: "activity", Title: "Nothing yet", Tone: ui.Neutral,
	Text: "Messages, actions, violations and commands of the last 24 hours will appear here, hour by hour, as they happen.",
}

var noSources = ui.Nothing{
	Icon: "radio", Title: "No actions in this time", Tone: ui.Neutral,
	Text: "What rules, AutoMod, moderators and slash commands do will be counted here by where it came from.",
}

var noKinds = ui.Nothing{
	Icon: "gavel", Title: "No actions in this time", Tone: ui.Neutral,
	Text: "Warnings, timeouts, kicks, bans and deleted messages will be counted here.",
}

var noFound = ui.Nothing{
	Icon: "shield-check", Title: "No violations in this time", Tone: ui.Good,
	Text: "Messages, names and joins that break a rule will be counted here, whether guildwatch or Discord found them.",
}

var noOffenders = ui.Nothing{
	Icon: "users", Title: "Nobody in this time", Tone: ui.Good,
	Text: "Members who broke a rule will be listed here, the most frequent first.",
}

var noTargets = ui.Nothing{
	Icon: "users", Title: "Nobody in this time", Tone: ui.Neutral,
	Text: "Members who were warned, timed out, kicked or banned will be listed here, the most frequent first.",
}

var noGaps = ui.Nothing{
	Icon: "circle-check", Title: "Nothing was missed", Tone: ui.Good,
	Text: "Times in which the bot could not listen would be listed here, with the reason.",
}
