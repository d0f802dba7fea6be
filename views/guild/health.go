package guild

import (
	"fmt"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/health"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/chart"
	"guildwatch/views/period"
	"guildwatch/views/ui"
)

func healthTone(l health.Level) ui.Tone {
	switch l {
	case health.LevelAlert:
		return ui.Bad
	case health.LevelWarning:
		return ui.Warn
	}
	return ui.Good
}

func healthIcon(l health.Level) string {
	switch l {
	case health.LevelAlert:
		return "circle-alert"
	case health.LevelWarning:
		return "triangle-alert"
	}
	return "circle-check"
}

func healthWord(l health.Level) string {
	switch l {
	case health.LevelAlert:
		return "Alert: below 50"
	case health.LevelWarning:
		return "Warning: below 70"
	}
	return "Well"
}

// healthTrend is the change from the day before in words.
func healthTrend(h stats.Health) string {
	switch c := h.Change; {
	case !c.Known:
		return c.Why
	case c.Delta == 0:
		return "no change from the day before"
	case c.Delta > 0:
		return "+" + ui.Number(c.Delta) + " points from the day before"
	default:
		return ui.Number(c.Delta) + " points from the day before"
	}
}

// healthNote says what is special about a score; empty: nothing.
func healthNote(h stats.Health) string {
	var text string
	if h.Input.Violations == 0 {
		text = "No rule was broken, so nothing is taken off. "
	}
	if h.Limited {
		text += "Fewer than 10 messages were written: little to judge by."
	}
	return text
}

var penaltyNames = map[health.Cause]string{
	health.CauseRate: "Broken rules", health.CauseResponse: "Time to act", health.CauseRemovals: "Kicks and bans",
}

func penaltyTone(p health.Penalty) ui.Tone {
	switch {
	case p.Points == 0:
		return ui.Good
	case p.Points < p.Most:
		return ui.Warn
	}
	return ui.Bad
}

func penaltyPoints(p health.Penalty) string {
	if p.Points == 0 {
		return "costs nothing"
	}
	return ui.Number(-p.Points) + " of " + ui.Number(p.Most) + " points"
}

// penaltyInput is what a penalty was computed from, and where it begins and ends.
func penaltyInput(p health.Penalty) string {
	switch p.Cause {
	case health.CauseRate:
		if !p.Known {
			return "No message was counted to compare with. More than 5 violations per 1000 messages cost points."
		}
		return ui.Number(p.Input) + " violations per 1000 messages. More than 5 cost points, 20 cost all 30."
	case health.CauseResponse:
		if !p.Known {
			return "None of guildwatch's own rules has acted. A median above 100 ms costs points."
		}
		return "Half of guildwatch's own rules acted within " + ui.Number(p.Input) +
			" ms. More than 100 ms cost points, 1000 ms cost all 20."
	}
	if !p.Known {
		return "Nothing was done about anybody. Kicks and bans above 10 % of all actions cost points."
	}
	return ui.Percent(p.Input) + " of all actions were kicks or bans. More than 10 % cost points, 50 % cost all 50."
}

func foundBySource(d stats.Guild) []chart.Bar {
	var out []chart.Bar
	for _, s := range d.FoundBySource {
		source := moderation.Source(s.Key)
		if s.Count == 0 && source != moderation.SourceRule && source != moderation.SourceAutoMod {
			continue // nothing finds violations there today
		}
		out = append(out, chart.Bar{Label: ui.SourceName(source), Icon: ui.SourceIcon(source), Count: s.Count,
			Part: s.Part, Class: "tone-accent"})
	}
	return out
}

func severities(d stats.Guild) []chart.Bar {
	tones := map[moderation.Severity]ui.Tone{moderation.SeverityLow: ui.Neutral, moderation.SeverityMedium: ui.Info,
		moderation.SeverityHigh: ui.Warn, moderation.SeverityCritical: ui.Bad}
	var out []chart.Bar
	for _, s := range d.Severity {
		severity := moderation.Severity(s.Key)
		out = append(out, chart.Bar{Label: ui.SeverityName(severity), Icon: "shield-alert", Count: s.Count, Part: s.Part,
			Class: "tone-" + string(tones[severity])})
	}
	return out
}

func rate(d stats.Guild) ui.Card {
	return ui.Card{Label: "Violations per 1000", Icon: "shield-alert", Figure: d.Rate, Against: period.Before(d.Window),
		Rising: ui.Unwelcome, Note: "messages"}
}

func response(d stats.Guild, label string, figure stats.Figure) ui.Card {
	return ui.Card{Label: label, Icon: "timer", Figure: figure, Unit: "ms", Against: period.Before(d.Window), Delta: true,
		Rising: ui.Unwelcome, Note: ui.ResponseNote(figure)}
}

// repeat is how many members broke rules more than once.
func repeat(d stats.Guild) ui.Card {
	often := float64(d.Repeat.Two + d.Repeat.More)
	figure := stats.Figure{Value: often, Known: true, Change: stats.Unknown(repeated(d.Repeat))}
	if d.NoRows != "" {
		figure = stats.Figure{Why: d.NoRows, Change: stats.Unknown(d.NoRows)}
	}
	return ui.Card{Label: "Repeat offenders", Icon: "user-x", Figure: figure}
}

func repeated(r stats.Repeat) string {
	return fmt.Sprintf("%s with one violation, %s with two, %s with three or more", plural(r.One, "member"),
		ui.Count(r.Two), ui.Count(r.More))
}

// endings are the shares of the actions that punish.
func endings(d stats.Guild) []ui.Card {
	var out []ui.Card
	for _, e := range d.Endings {
		out = append(out, ui.Card{Label: ui.KindName(e.Kind), Icon: ui.KindIcon(e.Kind), Figure: e.Share, Unit: "%",
			Against: period.Before(d.Window), Delta: true, Note: "of all actions"})
	}
	return out
}

func plural(n int64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return ui.Count(n) + " " + one + "s"
}

func memberURL(d stats.Guild, o stats.Offender) string {
	return "/g/" + snowflake.String(d.Profile.ID) + "/members/" + snowflake.String(o.ID)
}
