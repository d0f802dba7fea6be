package viewtest

import (
	"guildwatch/views/layout"
	"guildwatch/views/settings"
	"guildwatch/views/ui"
)

// GuildPart is the frame of one of the busy server's pages: "/team".
func GuildPart(title, part string) layout.Page { return GuildPage(HarborID, title, part) }

// Settings is the page of settings as an admin sees it.
func Settings() settings.View {
	return settings.View{
		Page: GuildPart("Pixel Harbor", "/settings"),
		Now: settings.Now{Guild: HarborID, At: Now, Seq: 4711, TimeZone: "America/Argentina/Buenos_Aires",
			Log: settings.Channel{Set: true, Name: "mod-log\u202e<b>"}, Tell: true, Appeals: true,
			Kept: settings.Kept{Text: 7, Rows: 365, From: Now.AddDate(-1, 0, 0)}},
		Keep: &settings.KeepForm{Text: "7", Rows: "30", Problem: "Rows are kept for 90 to 3650 days, or for ever with 0."},
		Form: &settings.Form{TimeZone: "America/Argentina/Buenos_Aires", Channel: "12", Was: "x",
			Channels: []ui.Option{{Value: "11", Label: "#general"}, {Value: "12", Label: "#mod-log", Group: "Staff"},
				{Value: "13", Label: "#news", Group: "Staff"}}},
	}
}
