package guild

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/stats"
	"guildwatch/views/chart"
	"guildwatch/views/period"
	"guildwatch/views/ui"
)

// over is the window in words: "last 24 hours".
func over(d stats.Guild) string { return period.Over(d.Window, d.At, ui.Zone(d.TimeZone)) }

func cards(d stats.Guild) []ui.Card {
	against := period.Before(d.Window)
	// counted is a figure of the period with its shape over the day.
	counted := func(label, icon string, figure stats.Figure, lane chart.Lane) ui.Card {
		return ui.Card{Label: label, Icon: icon, Figure: figure, Against: against, Series: lane.Series, Spark: spark(d, lane)}
	}
	active := ui.Card{Label: "Active members", Icon: "users", Figure: d.Active, Against: "the whole last month"}
	active.Note = "this calendar month"
	violations := counted("Violations", "shield-alert", d.Violations, chart.Violations)
	violations.Rising = ui.Unwelcome
	latency := ui.Card{Label: "Gateway latency", Icon: "timer", Figure: d.Latency, Unit: "ms", Against: against}
	latency.Delta, latency.Rising = true, ui.Unwelcome
	list := []ui.Card{counted("Messages", "message-square", d.Messages, chart.Messages)}
	if d.Window.Period != stats.PeriodCustom { // beside figures of then, this month's would be taken for one of them
		list = append(list, active)
	}
	return append(list,
		violations,
		rate(d),
		response(d, "Median response", d.ResponseMedian),
		response(d, "95 % answered within", d.ResponseP95),
		repeat(d),
		counted("Actions", "gavel", d.Actions, chart.Actions),
		counted("Joined", "user-plus", d.Joins, joins),
		counted("Left", "user-minus", d.Leaves, leaves),
		counted("Commands", "terminal", d.Commands, chart.Commands),
		latency,
	)
}

var (
	joins  = chart.Lane{Name: "Joins", Series: "members", Of: func(h stats.Hour) int64 { return h.Joins }}
	leaves = chart.Lane{Name: "Leaves", Series: "other", Of: func(h stats.Hour) int64 { return h.Leaves }}
)

// spark is the shape beside a figure: only where the figure is of the same 24 hours.
func spark(d stats.Guild, lane chart.Lane) []int64 {
	if d.Window.Period != stats.PeriodDay {
		return nil
	}
	out := make([]int64, len(d.Activity))
	for i, h := range d.Activity {
		out[i] = lane.Of(h)
	}
	return out
}

func day(d stats.Guild) chart.Day {
	return chart.Day{
		ID: "day", Title: "Messages, actions, violations and commands of the last 24 hours, by hour", Hours: d.Activity,
		Lanes: []chart.Lane{chart.Messages, chart.Actions, chart.Violations, chart.Commands}, Zone: ui.Zone(d.TimeZone),
	}
}

func sources(d stats.Guild) []chart.Bar {
	var out []chart.Bar
	for _, s := range d.BySource {
		source := moderation.Source(s.Key)
		out = append(out, chart.Bar{Label: ui.SourceName(source), Icon: ui.SourceIcon(source), Count: s.Count,
			Part: s.Part, Class: "tone-accent"})
	}
	return out
}

func kinds(d stats.Guild) []chart.Bar {
	var out []chart.Bar
	for _, s := range d.ByKind {
		kind := moderation.ActionKind(s.Key)
		out = append(out, chart.Bar{Label: ui.KindName(kind), Icon: ui.KindIcon(kind), Count: s.Count, Part: s.Part,
			Class: "tone-" + string(ui.KindTone(kind))})
	}
	return out
}

// some says whether there is one at all: a list of zeros is shown as nothing yet.
func some(shares []stats.Share) bool {
	for _, s := range shares {
		if s.Count > 0 {
			return true
		}
	}
	return false
}
