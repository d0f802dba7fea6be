package start

import "guildwatch/views/ui"

// What the panels say while they have nothing to show.

var noServers = ui.Nothing{
	Icon: "server", Title: "No server yet", Tone: ui.Neutral,
	Text: "Once the bot is in a server where you are owner, administrator, or have been given a role here, that server appears in this list.",
}
