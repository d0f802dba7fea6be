package analytics

import (
	"fmt"

	"guildwatch/internal/stats"
	"guildwatch/views/chart"
	"guildwatch/views/ui"
)

func series(a *stats.Analytics) chart.Series {
	return chart.Series{ID: "violations", Title: perStep[a.Temporal.Series.Step], Series: a.Temporal.Series, Zone: zone(a)}
}

var perStep = map[stats.Step]string{
	stats.StepQuarter: "Violations per quarter of an hour", stats.StepHour: "Violations per hour",
	stats.StepDay: "Violations per day", stats.StepWeek: "Violations per week",
}

func total(a *stats.Analytics) ui.Card {
	return ui.Card{Label: "Violations", Icon: "shield-alert", Figure: a.Temporal.Violations, Against: "the time before",
		Rising: ui.Unwelcome}
}

// peak is one of the peaks in words: "Sat 21:00 to 22:00: 34 violations".
func peak(p stats.Peak) string {
	at := (int(p.Weekday)+6)%7*24 + p.Hour
	return chart.Between(at, at+1) + ": " + plural(p.Violations, "violation")
}

// alone is a part of the week without a moderator in words.
func alone(u stats.Unattended) string {
	return chart.Between(u.From, u.Until) + ": " + plural(u.Violations, "violation") + ", no moderator active"
}

// covered says that no part of the week is known to have been without a moderator.
func covered(a *stats.Analytics) string {
	const text = "In every hour of the week in which rules were broken, a moderator was active at least once"
	for _, day := range a.Temporal.Heatmap.Slots {
		for _, slot := range day {
			if slot.Violations > 0 && slot.Attended == 0 {
				return text + ", but for those in which events may have been missed."
			}
		}
	}
	return text + "."
}

// presence says what counts as being active, and since when.
func presence(a *stats.Analytics) string {
	text := "A moderator is active in an hour in which they act, or write while they have the role. "
	if since := a.Temporal.WroteSince; since.After(a.Window.Span.From) {
		text += "Writing is known since " + since.In(zone(a)).Format("2 Jan 2006, 15:04") + "; before, only acting is."
	}
	return text
}

func plural(n int64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%s %ss", ui.Count(n), one)
}

var noViolations = ui.Nothing{
	Icon: "shield-check", Title: "No violations in this time", Tone: ui.Good,
	Text: "When a rule of yours or one of Discord AutoMod's is broken, it is counted here by the time at which it happened.",
}

var noModerators = ui.Nothing{
	Icon: "users", Title: "No moderator was active", Tone: ui.Neutral,
	Text: "The hours in which somebody acts, or in which members with the role of a moderator write, will be shown here.",
}
