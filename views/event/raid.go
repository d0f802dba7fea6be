package event

import (
	"guildwatch/internal/moderation"
	"guildwatch/views/raid"
	"guildwatch/views/ui"
)

// raided tells of raid mode. The operator's lines, which lead nowhere, say what happened alone.
func (i Item) raided() []part {
	l := i.Line
	mode := part{text: "Raid mode", as: asLabel}
	if l.Detail != "" && l.Ref != 0 {
		mode.url = raid.ReportURL(l.Guild, l.Ref)
	}
	switch l.Label {
	case moderation.RaidOn:
		if l.Actor != 0 {
			return []part{name(l.By, "Somebody"), words("switched on"), mode}
		}
		return []part{mode, words("is on")}
	case moderation.RaidOff:
		if l.Actor != 0 {
			return []part{name(l.By, "Somebody"), words("switched off"), mode}
		}
		return []part{mode, words("is off: nothing was seen for 10 minutes")}
	case moderation.RaidOver:
		return []part{mode, words("has put back what it changed")}
	case moderation.RaidExpected:
		return []part{words("There were signs of a raid while a wave is expected: nothing was done")}
	}
	return []part{mode}
}

func raidTone(label string) ui.Tone {
	switch label {
	case moderation.RaidOn:
		return ui.Bad
	case moderation.RaidOver:
		return ui.Good
	}
	return ui.Neutral
}
