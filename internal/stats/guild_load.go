package stats

import (
	"context"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// loadGuild puts a guild's dashboard together from its parts.
func (s *Stats) loadGuild(ctx context.Context, key Key) (*board[Guild], error) {
	now, gateway := s.clock().UTC(), s.gateway()
	b := newBoard[Guild](s, now, gateway)
	parts, seq, err := gather(ctx, s, now, func(g *gathering, p *guildParts) error {
		return s.guildShelves.take(g, key, p)
	})
	if err != nil {
		return nil, err
	}
	g := &b.value
	g.At, g.Seq, g.Period = now, seq, key.Period
	profile := &parts.profile.value
	g.Profile, g.TimeZone, g.Outage = profile.Guild, profile.TimeZone, profile.Outage
	g.fill(&parts, now)
	g.Checklist = checklist(parts.profile.value.Profile, parts.setup.value, gateway)
	if g.Recent, err = s.lines(ctx, parts.lines.value); err != nil {
		return nil, err
	}
	if g.Targets, err = s.targets(ctx, parts.targets.value); err != nil {
		return nil, err
	}
	if g.Offenders, err = s.offenders(ctx, parts.offenders.value.Top); err != nil {
		return nil, err
	}
	b.people = peopleIn(g.Recent)
	for _, offender := range g.Offenders {
		b.people = append(b.people, offender.Person)
	}
	for _, target := range g.Targets {
		b.people = append(b.people, target.Person)
	}
	return b, nil
}

// fill adds the running bucket to what was counted before.
func (g *Guild) fill(p *guildParts, now time.Time) {
	current, previous := windows(now, g.Period.Length())
	g.Since = current.From
	past := &p.past.value
	watched, why := watchedSince(p.beats.value.began, past.began, g.Profile.JoinedAt), g.Period.needs()

	figure := func(current, before int64) Figure {
		value := float64(current)
		return Figure{Value: value, Known: true, Change: watched.compare(value, float64(before), previous, why)}
	}
	activity := activityPlus(past.activity, p.counters.value)
	g.Messages = figure(activity.Messages, past.before.Messages)
	g.Commands = figure(activity.Commands, past.before.Commands)
	g.Joins = figure(activity.Joins, past.before.Joins)
	g.Leaves = figure(activity.Leaves, past.before.Leaves)

	byKind := plus(past.actions.ByKind, p.actions.value.ByKind)
	g.Actions = figure(sum(byKind), past.actionsBefore.Total)
	g.ByKind = shares(moderation.ActionKinds(), byKind)
	g.BySource = shares(moderation.Sources(), plus(past.actions.BySource, p.actions.value.BySource))

	running := &p.found.value
	violations := plus(past.found.counts.BySeverity, running.counts.BySeverity)
	g.Violations = figure(sum(violations), past.violationsBefore)
	g.Severity = shares(moderation.Severities(), violations)
	g.FoundBySource = shares(moderation.Sources(), plus(past.found.counts.BySource, running.counts.BySource))
	g.FoundByKind = p.kinds.value
	compared := comparison{watched, previous, why}
	g.Rate = compared.rate(ratio{sum(violations), activity.Messages},
		ratio{past.violationsBefore, past.before.Messages})
	g.ResponseMedian, g.ResponseP95 = compared.responses(past.found.responses.Plus(running.responses), past.responsesBefore)
	g.Endings = compared.endings(byKind, past.actionsBefore)
	g.Repeat = Repeat{One: p.offenders.value.One, Two: p.offenders.value.Two, More: p.offenders.value.More}
	g.Health = healthOf(p, now, watched)

	g.Active = Figure{Value: float64(p.active.value.current), Known: true}
	g.Active.Change = watched.compare(g.Active.Value, float64(p.active.value.previous), monthOf(now, 1), needsMonth)
	g.Latency = latency(p.latency.value, p.beats.value.running,
		"no heartbeat in this time", "no heartbeat in the time before")

	gaps := p.gaps.value
	g.Activity = hours(now, gaps, p.hours.value, store.BucketCounts{Start: runningOf(now).From,
		Activity: p.counters.value, Actions: p.actions.value.Total(), Violations: sum(running.counts.BySeverity)})
	g.Gaps = gaps[:min(shownGaps, len(gaps))]
}

// watchedSince is from when on a guild's figures are whole: since it was first counted, or the bot came, if that was
// later than the instance's own beginning but nothing had happened yet.
func watchedSince(instance, guild, joined time.Time) history {
	if instance.IsZero() {
		return history{}
	}
	since := joined
	if since.Before(instance) {
		since = instance
	}
	if !guild.IsZero() {
		since = earlier(since, guild)
	}
	return history(since)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (s *Stats) targets(ctx context.Context, list []store.Target) ([]Target, error) {
	ids := make([]snowflake.UserID, len(list))
	for i, target := range list {
		ids[i] = target.User
	}
	names, err := s.store.Names().Look(ctx, ids)
	if err != nil {
		return nil, err
	}
	targets := make([]Target, len(list))
	for i, target := range list {
		targets[i] = Target{Person: personOf(names[target.User]), Actions: target.Actions, Last: target.Last}
	}
	return targets, nil
}
