package analytics

import (
	"fmt"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/ui"
)

// spread is how many members broke rules how often.
func spread(a *stats.Analytics) []ui.Card {
	labels, why := [3]string{"With one violation", "With two", "With three or more"}, a.Members.Unknown
	counts := [3]int64{a.Members.Repeat.One, a.Members.Repeat.Two, a.Members.Repeat.More}
	var cards []ui.Card
	for i, label := range labels {
		cards = append(cards, ui.Card{Label: label, Icon: "user-x", Against: "the time before", Rising: ui.Unwelcome,
			Figure: stats.Figure{Value: float64(counts[i]), Known: why == "", Why: why, Change: a.Members.Change[i]}, Note: "members"})
	}
	return append(cards, ui.Card{Label: "Ever moderated", Icon: "users", Figure: a.Members.Moderated, Unit: "%", Delta: true,
		Against: "last month", Note: "of " + plural(a.Members.Active, "member") + " active this month"})
}

func responses(a *stats.Analytics) []ui.Card {
	card := func(label string, f stats.Figure) ui.Card {
		return ui.Card{Label: label, Icon: "timer", Figure: f, Unit: "ms", Delta: true, Rising: ui.Unwelcome,
			Against: "the time before", Note: ui.ResponseNote(f)}
	}
	r := a.Workload.Responses
	return []ui.Card{card("Median response", r.Median), card("95 % answered within", r.P95)}
}

func memberURL(a *stats.Analytics, id snowflake.UserID) string {
	return "/g/" + snowflake.String(a.Profile.ID) + "/members/" + snowflake.String(id)
}

// columns are the kinds of actions that any moderator used.
func columns(w *stats.Workload) (used []int) {
	for i := range moderation.ActionKinds() {
		for _, m := range w.Moderators {
			if m.ByKind[i] > 0 {
				used = append(used, i)
				break
			}
		}
	}
	return used
}

func kindName(i int) string { return ui.KindName(moderation.ActionKinds()[i]) }

// alike is how one rule was answered in words: "Timeouts in 4 of 5, Warnings 1".
func alike(x *stats.Answer) string {
	text := fmt.Sprintf("%s in %s of %s", ui.KindName(x.Usual), ui.Count(int64(x.Share*float64(x.Total)+0.5)), ui.Count(x.Total))
	for i, kind := range moderation.ActionKinds() {
		if kind != x.Usual && x.ByKind[i] > 0 {
			text += fmt.Sprintf(", %s %s", ui.KindName(kind), ui.Count(x.ByKind[i]))
		}
	}
	return text
}

var (
	nobody = ui.Nothing{Icon: "users", Title: "Nobody in this time", Tone: ui.Good,
		Text: "Members who broke a rule will be listed here, the most frequent first."}
	noWork = ui.Nothing{Icon: "gavel", Title: "No moderator did anything in this time", Tone: ui.Neutral,
		Text: "What moderators do in Discord and here will be counted here, for each of them."}
	noAnswers = ui.Nothing{Icon: "gavel", Title: "No violation was answered by a moderator", Tone: ui.Neutral,
		Text: "When moderators act on violations, by their buttons here or in Discord, it is compared here how alike they do it."}
)
