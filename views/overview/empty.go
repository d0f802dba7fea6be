package overview

import "guildwatch/views/ui"

// What the panels say while they have nothing to show.

var noActivity = ui.Nothing{
	Icon: "activity", Title: "Nothing yet", Tone: ui.Neutral,
	Text: "Messages, commands and violations of the last 24 hours will appear here, hour by hour, as they happen.",
}

var noServers = ui.Nothing{
	Icon: "server", Title: "No server yet", Tone: ui.Neutral,
	Text: "Invite the bot to a server in Discord. The server appears here within seconds.",
}
