package event

import (
	"strconv"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/views/ui"
)

// appealed tells of an appeal, leading to its page.
func (i Item) appealed() []part {
	l := i.Line
	appeal := words("an appeal")
	if l.Target.ID != 0 && l.Ref != 0 {
		appeal = part{text: "appeal #" + ui.Count(l.Ref), as: asLabel,
			url: "/g/" + snowflake.String(l.Guild) + "/appeals/" + strconv.FormatInt(l.Ref, 10)}
	}
	switch moderation.AppealState(l.Label) {
	case moderation.AppealOpen:
		return []part{i.member(l.Target, "A member"), words("made"), appeal}
	case moderation.AppealWithdrawn:
		return []part{i.member(l.Target, "A member"), words("withdrew"), appeal}
	case moderation.AppealApproved:
		return []part{name(l.By, "Somebody"), words("approved"), appeal, words("of"), i.member(l.Target, "a member")}
	}
	return []part{name(l.By, "Somebody"), words("denied"), appeal, words("of"), i.member(l.Target, "a member")}
}
