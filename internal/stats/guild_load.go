package stats

import (
	"context"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// shownTargets is how many of the members most acted on a dashboard names.
const shownTargets = 10

// loadGuild computes a guild's dashboard from one snapshot.
func (s *Stats) loadGuild(ctx context.Context, key Key) (*board[Guild], error) {
	now, gateway := s.clock().UTC(), s.gateway()
	b := newBoard[Guild](s, now, gateway)
	g := &b.value
	var there bool
	var changes []moderation.Change
	var targets []store.Target
	err := s.store.Read(ctx, func(snapshot *store.Snapshot) {
		var profile store.Profile
		if profile, there = snapshot.Profile(key.Guild); !there {
			return
		}
		g.Profile, g.TimeZone, g.Outage = profile.Guild, profile.TimeZone, profile.Outage
		g.fill(snapshot, key, now)
		changes = snapshot.Newest(key.Guild, recentLines)
		targets = targetsIn(snapshot, key, g.Since)
	})
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, fault.New(fault.NotFound, "There is no such server here, or you have no access to it.")
	}
	g.Checklist = checklist(g.Profile.Permissions, gateway)
	if g.Recent, err = s.lines(ctx, changes); err != nil {
		return nil, err
	}
	if g.Targets, err = s.targets(ctx, targets); err != nil {
		return nil, err
	}
	b.people = peopleIn(g.Recent)
	for _, target := range g.Targets {
		b.people = append(b.people, target.Person)
	}
	return b, nil
}

func (g *Guild) fill(snapshot *store.Snapshot, key Key, now time.Time) {
	guild := key.Guild
	g.At, g.Seq, g.Period = now, snapshot.Seq(), key.Period
	current, previous := windows(now, key.Period.Length())
	g.Since = current.From
	watched, why := watchedSince(snapshot, g.Profile), key.Period.needs()

	figure := func(current, before int64) Figure {
		value := float64(current)
		return Figure{Value: value, Known: true, Change: watched.compare(value, float64(before), previous, why)}
	}
	counted, before := snapshot.Activity(guild, current), snapshot.Activity(guild, previous)
	g.Messages = figure(counted.Messages, before.Messages)
	g.Commands = figure(counted.Commands, before.Commands)
	g.Joins = figure(counted.Joins, before.Joins)
	g.Leaves = figure(counted.Leaves, before.Leaves)

	actions := snapshot.Actions(guild, current)
	g.Actions = figure(actions.Total(), snapshot.ActionTotal(guild, previous))
	g.ByKind = shares(moderation.ActionKinds(), actions.ByKind)
	g.BySource = shares(moderation.Sources(), actions.BySource)

	violations := snapshot.Violations(guild, current)
	g.Violations = figure(sum(violations), sum(snapshot.Violations(guild, previous)))
	g.Severity = shares(moderation.Severities(), violations)

	month := monthOf(now, 1)
	g.Active = Figure{Value: float64(snapshot.ActiveInMonth(guild, now)), Known: true}
	activeBefore := float64(snapshot.ActiveInMonth(guild, month.From))
	g.Active.Change = watched.compare(g.Active.Value, activeBefore, month, needsMonth)
	g.Latency = latency(snapshot, current, previous, "no heartbeat in this time", "no heartbeat in the time before")

	gaps := snapshot.Gaps(guild, earlier(g.Since, dayOf(now).From), readGaps)
	g.Activity = hours(snapshot, guild, now, gaps)
	g.Gaps = gaps[:min(shownGaps, len(gaps))]
}

// watchedSince is from when on a guild's figures are whole: since it was first counted, or the bot came, if that was
// later than the instance's own beginning but nothing had happened yet.
func watchedSince(snapshot *store.Snapshot, profile moderation.Guild) history {
	began, first := snapshot.Began(store.Everywhere), snapshot.Began(profile.ID)
	since := profile.JoinedAt
	if since.Before(began) {
		since = began
	}
	if !first.IsZero() {
		since = earlier(since, first)
	}
	if began.IsZero() {
		return history{}
	}
	return history(since)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// targetsIn reads the members most acted on: from the index for a short period, from the running windows for a long
// one.
func targetsIn(snapshot *store.Snapshot, key Key, since time.Time) []store.Target {
	switch key.Period {
	case PeriodWeek:
		return snapshot.WeekTargets(key.Guild, shownTargets)
	case PeriodMonth:
		return snapshot.MonthTargets(key.Guild, shownTargets)
	}
	return snapshot.TargetsSince(key.Guild, since, shownTargets)
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
