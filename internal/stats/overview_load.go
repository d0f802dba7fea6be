package stats

import (
	"cmp"
	"context"
	"slices"
	"time"

	"guildwatch/store"
)

const recentLines = 50

// loadOverview puts the overview together from its parts.
func (s *Stats) loadOverview(ctx context.Context, _ onlyKey) (*board[Overview], error) {
	now, gateway := s.clock().UTC(), s.gateway()
	b := newBoard[Overview](s, now, gateway)
	parts, seq, err := gather(ctx, s, now, func(g *gathering, p *overviewParts) error {
		s.overviewShelves.take(g, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	o := &b.value
	o.At, o.Seq = now, seq
	o.fill(&parts, now)
	o.Registered, o.Gateway = s.registered(), gateway
	if o.Recent, err = s.lines(ctx, parts.lines.value); err != nil {
		return nil, err
	}
	for i, line := range o.Recent {
		o.Recent[i] = line.Anonymous()
	}
	return b, nil
}

// fill adds the running bucket to what was counted before.
func (o *Overview) fill(p *overviewParts, now time.Time) {
	began := historyOf(now, p.month.value.began)
	month, thisMonth := monthOf(now, 1), monthOf(now, 0)

	profiles := p.roster.value.profiles
	o.Guilds = Figure{Value: float64(len(profiles)), Known: true, Change: Unknown(needsMonth)}
	if began.covers(thisMonth) {
		o.Guilds.Change = Compare(o.Guilds.Value, float64(p.roster.value.before))
	}

	o.Users = Figure{Value: float64(p.users.value), Known: true}
	o.Users.Change = began.compare(o.Users.Value, float64(p.month.value.active), month, needsMonth)

	day, _ := windows(now, 24*time.Hour)
	o.Since = day.From
	running, before := &p.running.value, &p.day.value
	daily := float64(p.month.value.commands) / (month.Length().Hours() / 24)
	o.Commands = Figure{Value: float64(before.sum.Commands + running.sum.Commands), Known: true}
	o.Commands.Change = began.compare(o.Commands.Value, daily, month, needsMonth)
	o.LastCommand = p.command.value

	o.Latency = latency(p.latency.value, p.beats.value, "no heartbeat in the last hour", "no heartbeat in the hour before")

	o.Activity = hours(now, p.gaps.value, p.hours.value, store.BucketCounts{Start: runningOf(now).From,
		Activity: running.sum, Actions: p.deeds.value.actions, Violations: p.deeds.value.violations})

	o.Servers = make([]GuildSummary, 0, len(profiles))
	for _, profile := range profiles {
		old, fresh := before.guilds[profile.ID], running.guilds[profile.ID]
		o.Servers = append(o.Servers, GuildSummary{ID: profile.ID, Name: profile.Name, Icon: profile.Icon,
			Members: profile.Members, Messages24h: old.Messages + fresh.Messages, Actions24h: old.Actions + fresh.Actions,
			Outage: !profile.Outage.IsZero()})
	}
	slices.SortFunc(o.Servers, func(a, b GuildSummary) int {
		return cmp.Or(cmp.Compare(b.Messages24h, a.Messages24h), cmp.Compare(b.Members, a.Members),
			cmp.Compare(a.ID, b.ID))
	})
}
