package stats

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// Figures are what was counted in a guild in some time, each with its change from the time before. Dashboards and reports
// have the same.
type Figures struct {
	Messages, Commands, Joins, Leaves Figure

	Violations    Figure
	Rate          Figure  // violations per 1000 messages
	Severity      []Share // violations
	FoundBySource []Share // violations by where they came from

	Actions          Figure
	ByKind, BySource []Share  // actions
	Endings          []Ending // warn, timeout, kick and ban, in this order

	ResponseMedian Figure // milliseconds from detection to the first action done, of guildwatch's own rules
	ResponseP95    Figure // milliseconds

	Repeat Repeat
}

// totals are the sums of a time that figures are made of.
type totals struct {
	activity store.Activity
	actions  store.ActionCounts
	found    found
}

// found is what broke rules in a time, and how long guildwatch took to answer.
type found struct {
	counts    store.FoundCounts
	responses moderation.Latency
}

// earlierTotals are those of the time before: fewer are compared than are shown.
type earlierTotals struct {
	activity   store.Activity
	actions    store.Endings
	violations int64
	responses  moderation.Latency
}

func totalsIn(snapshot *store.Snapshot, guild snowflake.GuildID, span store.Span) totals {
	return totals{snapshot.Activity(guild, span), snapshot.Actions(guild, span), foundIn(snapshot, guild, span)}
}

func foundIn(snapshot *store.Snapshot, guild snowflake.GuildID, span store.Span) found {
	return found{snapshot.Found(guild, span), snapshot.ResponseTimes(guild, span)}
}

func earlierIn(snapshot *store.Snapshot, guild snowflake.GuildID, span store.Span) earlierTotals {
	return earlierTotals{snapshot.Activity(guild, span), snapshot.Endings(guild, span),
		sum(snapshot.Severities(guild, span)), snapshot.ResponseTimes(guild, span)}
}

// plus adds what was counted in another time.
func (t totals) plus(other totals) totals {
	a, b := t.activity, other.activity
	return totals{
		activity: store.Activity{Messages: a.Messages + b.Messages, Commands: a.Commands + b.Commands,
			Joins: a.Joins + b.Joins, Leaves: a.Leaves + b.Leaves},
		actions: store.ActionCounts{ByKind: plus(t.actions.ByKind, other.actions.ByKind),
			BySource: plus(t.actions.BySource, other.actions.BySource)},
		found: found{responses: t.found.responses.Plus(other.found.responses),
			counts: store.FoundCounts{BySeverity: plus(t.found.counts.BySeverity, other.found.counts.BySeverity),
				BySource: plus(t.found.counts.BySource, other.found.counts.BySource)}},
	}
}

// figures puts sums and those of the time before side by side. Who broke rules is told by others.
func (c comparison) figures(now totals, before earlierTotals) Figures {
	figure := func(current, previous int64) Figure {
		value := float64(current)
		return Figure{Value: value, Known: true, Change: c.with(value, float64(previous))}
	}
	activity, counts, byKind := now.activity, now.found.counts, now.actions.ByKind
	violations := sum(counts.BySeverity)
	f := Figures{
		Messages: figure(activity.Messages, before.activity.Messages),
		Commands: figure(activity.Commands, before.activity.Commands),
		Joins:    figure(activity.Joins, before.activity.Joins),
		Leaves:   figure(activity.Leaves, before.activity.Leaves),

		Violations:    figure(violations, before.violations),
		Rate:          c.rate(ratio{violations, activity.Messages}, ratio{before.violations, before.activity.Messages}),
		Severity:      shares(moderation.Severities(), counts.BySeverity),
		FoundBySource: shares(moderation.Sources(), counts.BySource),

		Actions:  figure(sum(byKind), before.actions.Total),
		ByKind:   shares(moderation.ActionKinds(), byKind),
		BySource: shares(moderation.Sources(), now.actions.BySource),
		Endings:  c.endings(byKind, before.actions),
	}
	f.ResponseMedian, f.ResponseP95 = c.responses(now.found.responses, before.responses)
	return f
}
