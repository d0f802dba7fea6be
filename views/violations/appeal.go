package violations

import (
	"strconv"
	"strings"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/ui"
)

// Appeal is a member's word against what was done about them, as lists show it.
type Appeal struct {
	moderation.Appeal
	Who     stats.Person
	Decider stats.Person // zero: nobody has decided
	Against Action
}

// AppealsURL is the list of a guild's appeals.
func AppealsURL(guild snowflake.GuildID) string { return "/g/" + snowflake.String(guild) + "/appeals" }

// AppealURL is the page of one appeal.
func AppealURL(guild snowflake.GuildID, number int64) string {
	return AppealsURL(guild) + "/" + strconv.FormatInt(number, 10)
}

// StateBadge is what became of the appeal.
func (a Appeal) StateBadge() ui.Badge {
	switch a.State {
	case moderation.AppealApproved:
		return ui.Badge{Label: "Approved", Icon: "circle-check", Tone: ui.Good}
	case moderation.AppealDenied:
		return ui.Badge{Label: "Denied", Icon: "circle-x", Tone: ui.Bad}
	case moderation.AppealWithdrawn:
		return ui.Badge{Label: "Withdrawn", Icon: "undo-2", Tone: ui.Neutral}
	}
	return ui.Badge{Label: "Open", Icon: "clock", Tone: ui.Warn}
}

func (a Appeal) tone() ui.Tone {
	if a.State == moderation.AppealOpen {
		return ui.Warn
	}
	return ui.Neutral
}

func (a Appeal) anchor() string { return "appeal-" + strconv.FormatInt(a.Number, 10) }

// Matter names what the appeal is against: "a timeout".
func (a Appeal) Matter() string {
	switch a.Against.Kind {
	case moderation.ActionWarn:
		return "a warning"
	case moderation.ActionTimeout:
		return "a timeout"
	case moderation.ActionKick:
		return "a kick"
	case moderation.ActionBan:
		return "a ban"
	}
	return strings.ToLower(deed(a.Against.Kind))
}

// told is what a member was told of an action, in a badge; ok is false where nothing is to be said.
func (a Action) told() (badge ui.Badge, ok bool) {
	switch a.Told.State {
	case moderation.NoticeSaid:
		return ui.Badge{Label: "Member told", Icon: "message-square", Tone: ui.Neutral}, true
	case moderation.NoticeDue:
		return ui.Badge{Label: "Telling the member", Icon: "clock", Tone: ui.Info}, true
	case moderation.NoticeRefused, moderation.NoticeLate:
		return ui.Badge{Label: "Member not told", Icon: "circle-alert", Tone: ui.Warn}, true
	}
	return ui.Badge{}, false
}
