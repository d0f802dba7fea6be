package stats

import (
	"context"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// loadGuild puts a guild's dashboard of a period together.
func (s *Stats) loadGuild(ctx context.Context, key Key) (*board[Guild], error) {
	now := s.clock().UTC()
	w, err := WindowOf(now, key.Period)
	if err != nil {
		return nil, err
	}
	return s.guild(ctx, key.Guild, w, now)
}

// guild puts a guild's dashboard together from its parts.
func (s *Stats) guild(ctx context.Context, id snowflake.GuildID, w Window, now time.Time) (*board[Guild], error) {
	gateway := s.gateway()
	b := newBoard[Guild](s, now, gateway)
	parts, seq, err := gather(ctx, s, now, func(g *gathering, p *guildParts) error {
		return s.guildShelves.take(g, id, w, p)
	})
	if err != nil {
		return nil, err
	}
	g := &b.value
	g.At, g.Seq, g.Window = now, seq, w
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

// fill computes the figures.
func (g *Guild) fill(p *guildParts, now time.Time) {
	past := &p.past.value
	watched := watchedSince(now, p.beats.value.began, past.began, g.Profile.JoinedAt)
	compared := comparison{watched, g.Window.Previous, g.Window.needs()}
	running := totals{p.counters.value, p.actions.value, p.found.value}
	counted, beat := past.totals, moderation.Latency{}
	if p.chosen == nil { // a period is kept without the bucket that is running
		counted, beat = counted.plus(running), p.beats.value.running
	}
	g.Figures = compared.figures(counted, past.before)
	g.FoundByKind = p.kinds.value
	g.Repeat = Repeat{One: p.offenders.value.One, Two: p.offenders.value.Two, More: p.offenders.value.More}
	g.Health = healthOf(p, now, watched)
	g.Active = Figure{Value: float64(p.active.value.current), Known: true}
	g.Active.Change = watched.compare(g.Active.Value, float64(p.active.value.previous), monthOf(now, 1), needsMonth)
	g.Latency = latency(p.latency.value, beat,
		"no heartbeat in this time", "no heartbeat in the time before")

	gaps := p.gaps.value
	g.Activity = hours(now, gaps, p.hours.value, store.BucketCounts{Start: runningOf(now).From,
		Activity: running.activity, Actions: running.actions.Total(), Violations: sum(running.found.counts.BySeverity)})
	g.Gaps = gaps[:min(shownGaps, len(gaps))]
	if p.chosen != nil {
		g.choose(&p.chosen.value)
	}
}

// watchedSince is from when on a guild's figures are whole: since it was first counted, or the bot came, if that was
// later than the instance's own beginning but nothing had happened yet.
func watchedSince(now, instance, guild, joined time.Time) history {
	instance = time.Time(historyOf(now, instance))
	if instance.IsZero() {
		return history{}
	}
	since := joined
	if since.Before(instance) {
		since = instance
	}
	if !guild.IsZero() {
		since = minTime(since, guild)
	}
	return history(since)
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
